#pragma once
// Quantities of a study file outside the parameters: dimension, usual unit and limits (SI), for the file and for what overrides it.

#include "config/table.hpp"

#include <cstdint>

namespace platen::fields {

inline constexpr config::Field temperature{
    .key = "temperature", .dimension = dim::temperature, .unit = "degC", .low = 200.0, .high = 453.0, .fallback = "25 degC"};
inline constexpr config::Field area{.key = "area", .dimension = dim::area, .unit = "cm2", .high = 1.0, .above = 0.0};
inline constexpr config::Field thickness{.key = "thickness", .dimension = dim::length, .unit = "um", .high = 0.1, .above = 0.0};
inline constexpr config::Field mass{.key = "mass", .dimension = dim::mass, .unit = "mg", .high = 1.0, .above = 0.0};
inline constexpr config::Field loading{.key = "loading", .dimension = dim::areal_mass, .unit = "mg/cm2", .high = 10.0, .above = 0.0};
inline constexpr config::Field densification_pressure{
    .key = "densification_pressure", .dimension = dim::pressure, .unit = "MPa", .high = 2e9, .above = 0.0};
inline constexpr config::Field foil_thickness{
    .key = "foil_thickness", .dimension = dim::length, .unit = "um", .high = 0.01, .above = 0.0};
inline constexpr std::int64_t most_springs = 100;
inline constexpr config::Field spring_rate{.key = "rate", .dimension = dim::stiffness, .unit = "lbf/mm", .high = 1e10, .above = 0.0};
inline constexpr config::Field spring_load_limit{.key = "load_limit", .dimension = dim::force, .unit = "lbf", .high = 1e8, .above = 0.0};
inline constexpr config::Field spring_travel{.key = "travel", .dimension = dim::length, .unit = "mm", .high = 1.0, .above = 0.0};
inline constexpr config::Field tolerance{.key = "tolerance", .low = 1e-12, .high = 1e-2, .fallback = "1e-6"};

} // namespace platen::fields

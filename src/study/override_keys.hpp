#pragma once
// What a variant of a study may override, by name: parameters, switches, and the stated values of cell, fixture and test.

#include "config/table.hpp"
#include "physics/parameters.hpp"
#include "study/cell.hpp"
#include "study/study.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen {

/// One name that can be overridden. Which of the members is set follows from `kind`.
struct OverrideKey {
  enum class Kind {
    parameter,      ///< "contact.initial": as in [override]
    mechanism,      ///< "mechanisms.fatigue": true or false
    seed, temperature, area, densification_pressure, foil_thickness, tolerance,
    layer,          ///< "cell.cathode.loading": of all layers of a kind
    fixture_kind,   ///< "fixture.kind": a word
    springs,        ///< "fixture.springs.rate"
    spring_count,
    value,          ///< "values.hold": what a sentence holds in braces
  };
  Kind kind = Kind::parameter;
  std::string name;
  config::Field field = {};   ///< dimension, usual unit and limits of a number (SI)
  double physics::Parameters::*parameter = nullptr;
  bool Mechanisms::*mechanism = nullptr;
  std::string layer_kind = {}; ///< "lithium", "electrolyte", "cathode"
  std::optional<double> Layer::*layer = nullptr;
  double Springs::*spring = nullptr;

  bool whole() const noexcept { return kind == Kind::seed || kind == Kind::spring_count; }
  bool is_switch() const noexcept { return kind == Kind::mechanism; }
  /// Words it may be, empty where it is a number (a value of [values] is either).
  std::vector<std::string> words() const;
};

/// Empty: there is no such key. Any "values.NAME" is one.
std::optional<OverrideKey> find_override_key(std::string_view name);

/// Every key but those of [values], for hints and documentation.
std::vector<std::string> override_key_names();

/// The nearest key, or where they are listed: for a key that is not known.
std::vector<std::string> override_key_hints(std::string_view name);

} // namespace platen

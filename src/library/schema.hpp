#pragma once
// Tables of a library, their versions, and how an older one becomes a newer one. docs/formats/library.md.

#include "library/database.hpp"

#include <span>
#include <string_view>

namespace platen::library {

inline constexpr std::int64_t application_id = 0x506C746E; ///< "Pltn": where SQLite keeps whose file it is

/// SQL that leads from version k to k + 1, for k = 0 ...
std::span<const std::string_view> migrations();

/// Leads a library to the version `steps.size()`, each step whole or not at all; data stay. @throws Error D501 when it is newer.
void migrate(Connection& connection, std::span<const std::string_view> steps);

/// Puts the published CCDs that this program carries into the table `published`, where they are not yet. Only to write.
void refresh_published(Connection& connection);

/// Checks that the file is a library, and of a version that this program knows; an older one is led up to it where `access`
/// allows, and views and published CCDs are brought to what this program knows.
/// @throws Error D500 some other database, D501 newer, D508 older and opened for reading.
void accept(Connection& connection, Access access);

/// The tables that hold what a lab would not want to lose, in an order in which each only points to earlier ones.
std::span<const std::string_view> data_tables();

/// SQL of the view `overview`: one row per cell, every number in the unit people read, the unit in the name.
std::string overview_sql();
/// The name of a column of `overview`: "stack_pressure_MPa".
std::string with_unit(std::string_view key, std::string_view unit);

} // namespace platen::library

#pragma once
// The sections that need nothing but themselves: [fixture], [mechanisms], [output].

#include "config/table.hpp"
#include "study/study.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen {

/// A switch of [mechanisms].
struct MechanismInfo {
  std::string_view name;
  bool Mechanisms::*member;
  std::string_view description;
};
std::span<const MechanismInfo> mechanism_registry();

/// Words of `kind` in [fixture], in the order of FixtureKind.
const std::vector<std::string>& fixture_kinds();

void read_fixture(Study& study, const config::Table& fixture);
void read_mechanisms(Study& study, const config::Table& mechanisms);
void read_output(Study& study, const config::Table& output);

} // namespace platen

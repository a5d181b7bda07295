#pragma once
// What the modules beside the data say: settings, log, loops, external devices.

#include "import/biologic/modules.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace platen::biologic {

/// A technique of EC-Lab.
struct Technique {
  std::string code; ///< "GCPL"
  std::string name; ///< "Galvanostatic Cycling with Potential Limitation"
};

/// The name of a technique by its code, "GCPL"; empty: not known.
std::optional<std::string> name_of_technique(std::string_view code);

struct Settings {
  std::optional<Technique> technique;          ///< empty: of a number that is not known
  std::map<std::string, std::string> metadata; ///< by the words of EC-Lab's text export, "Electrolyte"
};
/// Reads as much of the settings as there is.
Settings read_settings(const Module& module);

struct Log {
  std::optional<double> start;                 ///< of the acquisition by the computer's clock, s since 1970
  std::map<std::string, std::string> metadata; ///< "Acquisition started on", "Run on channel", "EC-Lab version" ...
};
Log read_log(const Module& module);

/// The first row of each loop, ascending from 0 and below `rows`; empty when there is but one, or the module is none.
std::vector<std::int64_t> read_loops(const Module& module, std::size_t rows);

/// Names of what is connected to Analog IN 1, 2 and 3, "Force/N"; empty: nothing. The data are in that unit already.
std::array<std::string, 3> read_external(const Module& module);

} // namespace platen::biologic

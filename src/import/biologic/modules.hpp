#pragma once
// The modules that an EC-Lab binary file (.mpr) is made of. docs/formats/mpr.md is the specification.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace platen::biologic {

/// One module: a header that names it, and its bytes.
struct Module {
  std::string name;         ///< "VMP data"
  std::uint32_t version = 0;
  bool wide = false;        ///< header of EC-Lab 11.50 and later
  std::string date;         ///< "08/11/23", the month first
  std::string_view bytes;   ///< what of it is in the file
  std::size_t declared = 0; ///< how many bytes its header promises
  std::size_t offset = 0;   ///< of its first byte in the file
};

struct Modules {
  std::vector<Module> all;
  std::size_t stray = 0;  ///< where bytes begin that are no module; 0: nowhere
  bool cut = false;       ///< the file ends within a module or its header

  /// The first module of this name, nullptr when there is none.
  const Module* find(std::string_view name) const;
};

/// Walks through the modules of a file; never throws. Views point into `bytes`.
Modules split_modules(std::string_view bytes);

} // namespace platen::biologic

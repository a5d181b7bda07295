#pragma once
// The kinds of file that Platen reads, one row each. A new reader is a folder of its own and one row in formats.cpp.

#include "import/import.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace platen {

/// A file in memory.
struct SourceFile {
  std::string bytes;
  std::filesystem::path path;

  std::string name() const { return path.string(); }
  Place place() const { return {path.string(), 0, 0, 1, {}}; }
};

/// One kind of file.
struct Format {
  bool (*is)(std::string_view bytes);           ///< by content, from the first bytes where that is enough; never throws
  std::string (*describe)(const SourceFile& file); ///< "Neware ndax, ndc 17"
  /// The record with its columns, spectra, warnings and rejects. Provenance gets its format here; `read_measurement`
  /// adds the file itself. @throws Error D0xx; Cancelled.
  Record (*read)(SourceFile&& file, const ImportOptions& options, const work::Task& task);
  bool keeps_sources = false; ///< the file is a record that says itself where it came from
  bool keeps_bytes = false;   ///< `read` neither changes nor takes the bytes: others may look at them meanwhile
};

/// In the order in which they are asked; the first that says yes reads the file.
std::span<const Format> formats();

} // namespace platen

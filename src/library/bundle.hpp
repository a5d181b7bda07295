#pragma once
// A folder with a library and the files of its cells, for another lab or for keeping.

#include "library/library.hpp"

#include <functional>

namespace platen::library {

inline constexpr std::string_view bundle_library = "library.sqlite"; ///< its name within the folder

struct Bundled {
  std::size_t cells = 0, files = 0;
  std::vector<Diagnostic> missing; ///< D506, D507: files that are not in it, because they are gone or changed
};

/// Writes the library and every file that is still what it was into the new folder `to`, beside under another name and renamed when
/// it is whole. The files of one cell keep their places relative to one another. `progress` gets 0 ... 1.
/// @throws Error U020 when there is something at `to`, D001, D002, D505; whatever `progress` throws.
Bundled write_bundle(Library& library, const std::filesystem::path& to, const std::function<void(double)>& progress);

/// The library in a bundle, or `path` itself when it is a file. @throws Error D511 for a folder without one.
std::filesystem::path library_in(const std::filesystem::path& path);

/// What is wrong with a remembered file: D506 gone, D507 changed; empty: it is what it was.
std::optional<Diagnostic> fault_of(const Whereabouts& file, const std::string& cell);

} // namespace platen::library

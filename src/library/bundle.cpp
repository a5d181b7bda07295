#include "library/bundle.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::library {
namespace {

namespace fs = std::filesystem;

/// The deepest folder that holds all of `paths`.
fs::path common_folder(const std::vector<fs::path>& paths) {
  fs::path out = paths.empty() ? fs::path() : paths.front().parent_path();
  for (const fs::path& path : paths)
    while (!out.empty() && out != out.root_path() && *path.lexically_relative(out).begin() == "..") out = out.parent_path();
  return out;
}

std::string folder_of(const Remembered& cell) {
  std::string out = cell.cell.name;
  for (char& c : out)
    if (static_cast<unsigned char>(c) <= 0x20 || std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos) c = '-';
  return fmt::format("{}-{}", out, cell.fingerprint.substr(0, 8));
}

/// Copies what is there of one cell. @returns where its files are from now on.
std::vector<Move> copy_cell(const Remembered& cell, const fs::path& aside, const fs::path& final, Bundled& out) {
  std::vector<Whereabouts> whole;
  for (const Whereabouts& file : cell.files) {
    if (file.role == "origin") continue; // of a simulated record, or of one that was converted elsewhere: only its checksum is known
    if (auto fault = fault_of(file, cell.cell.name)) out.missing.push_back(std::move(*fault));
    else whole.push_back(file);
  }
  std::vector<fs::path> paths;
  for (const Whereabouts& file : whole) paths.push_back(file.path);
  std::error_code fault;
  for (const Whereabouts& input : cell.inputs) // a folder stays a folder of its own
    paths.push_back(fs::is_directory(input.path, fault) ? input.path / "" : input.path);
  const fs::path root = common_folder(paths);
  const fs::path home = fs::path("files") / folder_of(cell);
  std::vector<Move> moves;
  const auto move = [&](const Whereabouts& what) {
    const fs::path below = home / what.path.lexically_relative(root);
    moves.push_back({what.stored, (final / below).string(), below.string()});
    return aside / below;
  };
  for (const Whereabouts& file : whole) {
    const fs::path to = move(file);
    fs::create_directories(to.parent_path());
    fs::copy_file(file.path, to, fs::copy_options::overwrite_existing);
    ++out.files;
  }
  for (const Whereabouts& input : cell.inputs)
    if (std::none_of(moves.begin(), moves.end(), [&](const Move& m) { return m.from == input.stored; })) move(input);
  return moves;
}

} // namespace

std::optional<Diagnostic> fault_of(const Whereabouts& file, const std::string& cell) {
  const Place place{.file = file.path.string(), .text = {}};
  std::error_code fault;
  if (!fs::is_regular_file(file.path, fault))
    return Diagnostic{Severity::error, "D506", fmt::format("a file of the cell `{}` is no longer there", cell), place,
                      {"put it back where it was, or remove the cell and add it from where it is"}};
  if (const std::string sum = sha256(read_file(file.path)); sum != file.sha256)
    return Diagnostic{Severity::error, "D507", fmt::format("a file of the cell `{}` is no longer what it was when it was added", cell), place,
                      {fmt::format("its SHA-256 was {}..., now it is {}...", file.sha256.substr(0, 12), sum.substr(0, 12))}};
  return std::nullopt;
}

fs::path library_in(const fs::path& path) {
  std::error_code fault;
  if (!fs::is_directory(path, fault)) return path;
  const fs::path inside = path / bundle_library;
  if (fs::is_regular_file(inside, fault)) return inside;
  throw Error("D511", fmt::format("the folder holds no `{}`", bundle_library), Place{.file = path.string(), .text = {}},
              {"`platen library export --to folder` writes such a folder; a library itself is given as a file"});
}

Bundled write_bundle(Library& library, const fs::path& to, const std::function<void(double)>& progress) {
  const fs::path final = fs::absolute(to).lexically_normal();
  std::error_code fault;
  if (fs::exists(fs::symlink_status(final, fault)))
    throw Error("U020", fmt::format("`{}` is there already", to.string()), std::nullopt, {"choose another name; nothing is overwritten"});
  Bundled out;
  write_aside(final.has_filename() ? final : final.parent_path(), [&](const fs::path& aside) {
    try {
      fs::create_directory(aside);
      library.copy_to(aside / bundle_library);
      Library copy(aside / bundle_library, Access::write);
      const std::vector<Known> cells = library.cells(true);
      for (const Known& cell : cells) {
        copy.move_files(cell.id, copy_cell(library.remember(cell), aside, final, out));
        progress(static_cast<double>(++out.cells) / static_cast<double>(cells.size()));
      }
    } catch (...) {
      fs::remove_all(aside, fault);
      throw;
    }
  });
  return out;
}

} // namespace platen::library

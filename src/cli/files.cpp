#include "cli/files.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/terminal.hpp"
#include "import/read_test.hpp"
#include "platen_version.hpp"
#include "record/io.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <unistd.h>

namespace platen::cli {
namespace fs = std::filesystem;
namespace {

/// The only cell file in a folder.
std::optional<fs::path> cell_within(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code fault;
  for (fs::directory_iterator it(folder, fault), end; !fault && it != end; it.increment(fault))
    if (it->path().filename().string().ends_with(".cell.toml")) found.push_back(it->path());
  return found.size() == 1 ? std::optional(found.front()) : std::nullopt;
}

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code fault;
  if (fs::equivalent(a, b, fault)) return true;
  return fs::absolute(a).lexically_normal() == fs::absolute(b).lexically_normal();
}

} // namespace

std::optional<fs::path> cell_beside(const fs::path& data) {
  std::error_code fault;
  if (is_pattern(data)) return cell_within(data.has_parent_path() ? data.parent_path() : fs::path("."));
  if (fs::is_directory(data, fault))
    if (auto found = cell_within(data)) return found;
  const fs::path plain = data.has_filename() ? data : data.parent_path();
  for (const fs::path& stem : {plain, fs::path(plain).replace_extension()}) {
    fs::path candidate = stem;
    candidate += ".cell.toml";
    if (fs::is_regular_file(candidate, fault)) return candidate;
  }
  return std::nullopt;
}

std::string program_name() { return fmt::format("platen {} ({})", PLATEN_VERSION, PLATEN_COMMIT); }

Paths to_paths(const std::vector<std::string>& words) { return {words.begin(), words.end()}; }

std::optional<CellFile> cell_given(const Arguments& arguments) {
  const auto path = arguments.value("--cell");
  return path ? std::optional(read_cell_file(*path)) : std::nullopt;
}

std::vector<Paths> group_inputs(const Paths& inputs, bool join) {
  if (join) return {inputs};
  std::vector<Paths> out;
  for (const fs::path& path : inputs) out.push_back({path});
  return out;
}

fs::path name_of(const fs::path& path) {
  const fs::path normal = fs::absolute(path).lexically_normal();
  if (is_pattern(path)) {
    std::string name = normal.filename().string();
    std::erase_if(name, [](char c) { return std::string_view("*?[]").find(c) != std::string_view::npos; });
    return name;
  }
  return normal.has_filename() ? normal.filename() : normal.parent_path().filename();
}

Input read_input(const Paths& paths, const std::optional<CellFile>& cell, const work::Task& task) {
  const fs::path& path = paths.front();
  Input input;
  ImportOptions options{.cell = cell};
  if (!cell) {
    if (const auto found = cell_beside(path)) {
      options.cell = read_cell_file(*found);
      input.notes.push_back(fmt::format("{}: what is known of the cell comes from {}", path.string(), found->string()));
    }
  }
  std::error_code fault;
  const bool test = paths.size() > 1 || fs::is_directory(path, fault) || is_pattern(path);
  input.record = test ? read_test(paths, options, task) : read_measurement(path, options, task);
  if (input.record.provenance.program.empty()) input.record.provenance.program = program_name();
  return input;
}

Input read_input(const fs::path& path, const std::optional<CellFile>& cell, const work::Task& task) {
  return read_input(Paths{path}, cell, task);
}

Study read_study_named(const fs::path& path) {
  std::error_code fault;
  if (fs::exists(path, fault)) return read_study(path);
  std::vector<std::string> neighbours;
  for (const auto& entry : fs::directory_iterator(path.has_parent_path() ? path.parent_path() : fs::path("."), fault))
    if (entry.path().extension() == ".toml") neighbours.push_back(entry.path().filename().string());
  const auto meant = did_you_mean(path.filename().string(), neighbours);
  throw Error("U011", fmt::format("there is no study file `{}`", path.string()), std::nullopt,
              meant ? std::vector{fmt::format("did you mean `{}`?", (path.parent_path() / *meant).string())}
                    : std::vector<std::string>{});
}

void tell(const Input& input) {
  for (const std::string& line : input.notes) note(line + "\n");
  tell(input.record.warnings);
}

void make_folder_of(const fs::path& file) {
  if (!file.has_parent_path()) return;
  std::error_code fault;
  fs::create_directories(file.parent_path(), fault);
  if (fault)
    throw Error("D002", fmt::format("cannot create the folder `{}`: {}", file.parent_path().string(), fault.message()));
}

namespace {

/// Why nothing can be written there, as far as that is known before it is tried; empty when nothing is against it.
std::string not_writable(const fs::path& file) {
  std::error_code fault;
  fs::path folder = fs::absolute(file, fault).parent_path();
  while (!folder.empty() && folder != folder.root_path() && !fs::exists(folder, fault)) folder = folder.parent_path();
  if (!fs::is_directory(folder, fault)) return fmt::format("`{}` is no folder", folder.string());
  if (::access(folder.c_str(), W_OK | X_OK) != 0) return fmt::format("`{}` may not be written to", folder.string());
  return {};
}

} // namespace

void refuse_clashes(const Paths& inputs, const Paths& outputs) {
  Diagnostics faults;
  for (auto output = outputs.begin(); output != outputs.end(); ++output) {
    if (const std::string why = not_writable(*output); !why.empty())
      faults.error("D002", fmt::format("cannot write `{}`: {}", output->string(), why), std::nullopt, {"it was tried before anything else was done: nothing is lost"});
    const auto is_output = [&](const fs::path& other) { return same_file(other, *output); };
    if (std::any_of(inputs.begin(), inputs.end(), is_output))
      faults.error("U008", fmt::format("`{}` is an input and would be overwritten", output->string()), std::nullopt,
                   {"choose another place for the output"});
    if (std::any_of(outputs.begin(), output, is_output))
      faults.error("U008", fmt::format("two results would go to `{}`", output->string()), std::nullopt,
                   {"give the inputs different names, or convert them one at a time"});
  }
  faults.throw_if_errors();
}

std::string_view extension(std::string_view format) { return format == "hdf5" ? ".h5" : format == "xlsx" ? ".xlsx" : ".csv"; }

Paths write_record(const Record& record, std::string_view format, const fs::path& path,
                   const std::vector<std::string>& comments) {
  if (format == "hdf5") return write_hdf5(record, path), Paths{path};
  if (format == "xlsx") return write_xlsx(record, path), Paths{path};
  const bool spectra_alone = record.rows() == 0 && !record.spectra.empty();
  Paths written;
  if (!spectra_alone) {
    if (format == "plain")
      write_file(path, to_plain_csv(record));
    else
      write_csv(record, path, comments);
    written.push_back(path);
  }
  if (!record.spectra.empty()) {
    written.push_back(spectra_alone ? path : fs::path(path).replace_extension(".spectra.csv"));
    write_file(written.back(), to_spectra_csv(record.spectra));
  }
  if (!record.analyses.empty()) {
    for (const auto& [end, table] : {std::pair(".analyses.csv", to_analyses_csv(record.analyses)), std::pair(".curves.csv", to_curves_csv(record.analyses))}) {
      written.push_back(fs::path(path).replace_extension(end));
      write_file(written.back(), table);
    }
  }
  return written;
}

std::string file_stem(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && std::isalnum(byte) == 0 && c != '.' && c != '_' && c != '-') c = '-';
  }
  if (out.empty() || out.front() == '.') out.insert(0, "record");
  return out;
}

} // namespace platen::cli

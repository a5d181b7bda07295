#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/arguments.hpp"
#include "cli/batch.hpp"
#include "cli/files.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"
#include "record/io.hpp"
#include "report/report.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace platen::cli {
namespace {

/// One input goes to the path itself unless that is a folder; several go into a folder.
Paths destinations(const Paths& inputs, const std::filesystem::path& output, std::string_view format) {
  std::error_code fault;
  const bool folder = inputs.size() > 1 || std::filesystem::is_directory(output, fault) || !output.has_filename();
  if (!folder) return {output};
  if (std::filesystem::is_regular_file(output, fault))
    throw Error("U007", fmt::format("`{}` is a file; several inputs need a folder", output.string()), std::nullopt,
                {"give a folder to `--output`"});
  Paths out;
  for (const auto& input : inputs) {
    const std::filesystem::path name = name_of(input);
    out.push_back(output / (std::filesystem::is_directory(input, fault) ? name : name.stem()));
    out.back() += extension(format);
  }
  return out;
}

struct Converted {
  Input input; ///< without its columns and spectra, once they are written
  std::size_t rows = 0, spectra = 0;
  Paths written;
  std::vector<Diagnostic> faults; ///< why nothing was written
};

Converted convert(const Paths& from, const std::filesystem::path& to, std::string_view format,
                  const std::optional<CellFile>& cell, const work::Task& task) {
  Converted out;
  try {
    out.input = read_input(from, cell, task);
    make_folder_of(to);
    out.written = write_record(out.input.record, format, to);
  } catch (const Error& error) {
    out.faults = error.diagnostics();
    for (Diagnostic& d : out.faults)
      if (!d.place) d.place = Place{.file = from.front().string(), .text = {}};
  }
  Record& record = out.input.record;
  out.rows = record.rows();
  out.spectra = record.spectra.size();
  Record kept; // a thousand files must not stay in memory until the last one is done
  kept.warnings = std::move(record.warnings);
  kept.rejects = std::move(record.rejects);
  record = std::move(kept);
  return out;
}

std::string json_of(const Converted& c, const std::filesystem::path& input, const std::string& format) {
  if (!c.faults.empty()) return report::json(c.faults);
  std::vector<std::string> outputs;
  for (const auto& path : c.written) outputs.push_back(path.string());
  return report::json("platen.convert/1", {{"input", input.string()},
                                           {"output", outputs.front()},
                                           {"outputs", outputs},
                                           {"format", format},
                                           {"rows", static_cast<std::int64_t>(c.rows)},
                                           {"spectra", static_cast<std::int64_t>(c.spectra)},
                                           {"rejects", static_cast<std::int64_t>(c.input.record.rejects.size())}});
}

std::string line_of(const Converted& c, const std::filesystem::path& input) {
  std::vector<std::string> outputs;
  for (const auto& path : c.written) outputs.push_back(path.string());
  std::string out = fmt::format("{} -> {} ({} rows", input.string(), fmt::join(outputs, ", "), c.rows);
  if (c.spectra > 0) out += fmt::format(", {} spectr{}", c.spectra, c.spectra == 1 ? "um" : "a");
  return out + ")\n";
}

void write_rejects(const std::filesystem::path& path, const std::vector<Converted>& all) {
  std::vector<Reject> rejects;
  for (const Converted& c : all) rejects.insert(rejects.end(), c.input.record.rejects.begin(), c.input.record.rejects.end());
  make_folder_of(path);
  write_file(path, to_rejects_csv(rejects));
  note(fmt::format("{} refused lines or records: {}\n", rejects.size(), path.string()));
}

/// What went right to stdout, what went wrong to stderr. @returns the exit code.
int tell_all(const std::vector<Converted>& all, const Paths& inputs, const std::string& format, bool json) {
  std::vector<std::string> answers;
  std::size_t failed = 0;
  int code = Exit::done;
  for (std::size_t k = 0; k < all.size(); ++k) {
    const Converted& c = all[k];
    tell(c.input);
    if (json) answers.push_back(json_of(c, inputs[k], format));
    if (c.faults.empty()) {
      if (!json) print(line_of(c, inputs[k]));
      continue;
    }
    if (!json) tell(c.faults);
    if (code == Exit::done) code = exit_code(c.faults);
    ++failed;
  }
  if (json) print(join_json(answers));
  if (failed > 0 && all.size() > 1) note(fmt::format("{} of {} files could not be converted\n", failed, all.size()));
  return code;
}

int run_convert(const Arguments& arguments) {
  const Paths words = to_paths(arguments.words);
  const std::vector<Paths> groups = group_inputs(words, arguments.has("--join"));
  Paths inputs;
  for (const Paths& group : groups) inputs.push_back(group.front());
  const std::string format = arguments.choice("--to", {"csv", "plain", "xlsx", "hdf5"});
  Paths outputs = destinations(inputs, arguments.value("--output").value(), format);
  const auto rejects = arguments.value("--rejects");
  Paths all_outputs = outputs;
  if (rejects) all_outputs.push_back(*rejects);
  refuse_clashes(words, all_outputs);
  const std::optional<CellFile> cell = cell_given(arguments);

  std::vector<Converted> all(inputs.size());
  {
    Progress progress("converting", inputs.size());
    const auto one = [&](std::size_t k) {
      const work::Task task = progress.task(k);
      all[k] = convert(groups[k], outputs[k], format, cell, task);
      task.report(1.0);
    };
    const auto threads = static_cast<unsigned>(arguments.count("--threads", 1, 1024).value_or(0));
    work::parallel_for(inputs.size(), one, threads, {.stop = &stop_flag(), .progress = {}});
  }
  if (rejects) write_rejects(*rejects, all);
  return tell_all(all, inputs, format, arguments.has("--json"));
}

} // namespace

const Verb verb::convert{
    .name = "convert",
    .summary = "turns any file Platen reads into Battery Data Format CSV, plain CSV, XLSX or HDF5",
    .positional = {.name = "FILE", .help = "measured files or records; a folder, or a pattern in quotes, holds the files of one test", .several = true},
    .options = {{"--to", "csv|plain|xlsx|hdf5", "format to write", true},
                {"--output", "PATH", "file to write; with several inputs a folder", true},
                {"--rejects", "FILE.csv", "table of every line or record that was refused, with the reason"},
                {"--join", "", "all FILEs are one test and become one record, as the files of a folder do"},
                {"--cell", "CELL.toml", "what is known of the cell; default: FILE.cell.toml or STEM.cell.toml beside FILE"},
                {"--threads", "N", "files read at once; default: one per core"},
                {"--json", "", "answer as JSON (docs/formats/json.md); an array with several inputs"}},
    .examples = "csv is the Battery Data Format: its header is on line 1, the unit in every column's name and \".\" the decimal mark.\n"
                "plain is one line of short headings (voltage_V, current_mA). Spectra go to STEM.spectra.csv beside a CSV with rows.\n"
                "xlsx is a workbook with sheets for rows, spectra, cell, events, warnings and provenance.\n"
                "An input is never overwritten. A file that cannot be read does not stop the others; the exit code is then 3.\n"
                "\n"
                "Examples:\n"
                "  platen convert cycling.ndax --to csv --output cycling.csv\n"
                "  platen convert lili_soft_short --to hdf5 --output lili.h5\n"
                "  platen convert raw/*.ndax --to hdf5 --output records --rejects records/rejects.csv",
    .run = run_convert,
};

} // namespace platen::cli

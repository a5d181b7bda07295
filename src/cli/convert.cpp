#include "base/error.hpp"
#include "cli/arguments.hpp"
#include "cli/batch.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "report/report.hpp"

#include <fmt/format.h>

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
    out.push_back(output / input.filename());
    out.back().replace_extension(extension(format));
  }
  return out;
}

int run_convert(const Arguments& arguments) {
  const Paths inputs = to_paths(arguments.words);
  const std::string format = arguments.choice("--to", {"csv", "hdf5"});
  const Paths outputs = destinations(inputs, arguments.value("--output").value(), format);
  refuse_clashes(inputs, outputs);
  const std::optional<CellFile> cell = cell_given(arguments);

  Progress progress("converting", inputs.size());
  std::vector<std::string> answers;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const work::Task task = progress.task(k);
    task.check();
    const Input input = read_input(inputs[k], cell, task);
    tell(input);
    make_folder_of(outputs[k]);
    write_record(input.record, format, outputs[k]);
    task.report(1.0);
    if (arguments.has("--json"))
      answers.push_back(report::json("platen.convert/1", {{"input", inputs[k].string()},
                                                          {"output", outputs[k].string()},
                                                          {"format", format},
                                                          {"rows", static_cast<std::int64_t>(input.record.rows())}}));
    else
      print(fmt::format("{} -> {} ({} rows)\n", inputs[k].string(), outputs[k].string(), input.record.rows()));
  }
  if (arguments.has("--json")) print(join_json(answers));
  return 0;
}

} // namespace

const Verb verb::convert{
    .name = "convert",
    .summary = "turns any file Platen reads into Battery Data Format CSV or HDF5",
    .positional = {.name = "FILE", .help = "measured files or records; the format is found by content", .several = true},
    .options = {{"--to", "csv|hdf5", "format to write", true},
                {"--output", "PATH", "file to write; with several inputs a folder", true},
                {"--cell", "CELL.toml", "what is known of the cell; default: FILE.cell.toml or STEM.cell.toml beside FILE"},
                {"--json", "", "answer as JSON (docs/formats/json.md); an array with several inputs"}},
    .examples = "CSV has its header on line 1, the unit in every column's name and \".\" as decimal mark. An input is never\n"
                "overwritten. Stops at the first file that cannot be read; those before it are written.\n"
                "\n"
                "Examples:\n"
                "  platen convert cycling.ndax --to csv --output cycling.csv\n"
                "  platen convert raw/*.ndax --to hdf5 --output records",
    .run = run_convert,
};

} // namespace platen::cli

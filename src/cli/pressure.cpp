#include "assess/pressure.hpp"
#include "base/file.hpp"
#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "import/load/zone.hpp"
#include "import/pressure_log.hpp"
#include "report/pressure.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::cli {
namespace {

/// How a log is to be read: what the cell file says of it, and on top of it what the command line says.
PressureLog log_settings(const Arguments& arguments, const std::optional<CellFile>& cell, const std::filesystem::path& path) {
  PressureLog out = cell && cell->pressure_log ? *cell->pressure_log : PressureLog{};
  out.file = path;
  EachOption each;
  each([&] {
    const auto zone = arguments.value("--zone");
    if (!zone) return;
    if (!load::is_zone(*zone))
      throw Error("U006", fmt::format("`--zone {}`: the name of a time zone was expected", *zone), std::nullopt,
                  {"for example --zone Europe/Berlin"});
    out.zone = *zone;
  });
  each([&] {
    const auto unit = arguments.value("--unit");
    if (!unit) return;
    const auto known = parse_unit(*unit);
    if (!known || (known->dimension != dim::pressure && known->dimension != dim::force && known->dimension != dim::voltage))
      throw Error("U006", fmt::format("`--unit {}`: a unit of pressure, force or voltage was expected", *unit), std::nullopt, {"for example --unit MPa, bar, N, kgf, lbf, V"});
    out.cell.unit = *unit;
  });
  each.done();
  return out;
}

/// A log without a cycler's file becomes a record of its own.
Record record_of_log(const PressureLog& settings, const std::optional<CellFile>& cell, const work::Task& task) {
  Record record;
  if (cell) record.cell = cell->cell;
  const LoadLog load = read_load_log(settings, {record.cell.area, cell ? cell->zone : std::string()}, record, task);
  const align::Log& log = load.log;
  std::vector<double> time = log.time;
  if (log.dated) {
    const double zero = time.front();
    record.set(col::unix_time, time);
    for (double& t : time) t -= zero;
  }
  record.set(col::test_time, std::move(time));
  record.set(col::stack_pressure, log.value);
  if (!log.temperature.empty()) record.set(col::temperature, log.temperature);
  record.provenance.origin = "measured";
  record.provenance.format = "load-cell log";
  record.provenance.program = program_name();
  record.provenance.sources.push_back({settings.file.string(), sha256(read_file(settings.file))});
  return record;
}

/// A record that has a stack pressure, or a log of a load cell alone.
Record read_pressure(const Arguments& arguments, const std::filesystem::path& path, const std::optional<CellFile>& given, const work::Task& task) {
  std::optional<CellFile> cell = given;
  if (!cell)
    if (const auto beside = cell_beside(path)) cell = read_cell_file(*beside);
  const PressureLog settings = log_settings(arguments, cell, path);
  try {
    Input input = read_input(path, cell, task);
    if (input.record.has(col::stack_pressure) && input.record.has(col::test_time)) {
      for (const std::string& line : input.notes) note(line + "\n");
      return std::move(input.record);
    }
  } catch (const Error& fault) {
    const std::string& code = fault.diagnostics().front().code;
    if (code == "D001" || code == "D003") throw; // no file, no text: not a log either
  }
  return record_of_log(settings, cell, task);
}

PressureAssessment analysed(const Record& record) {
  const bool cycled = record.has(col::current) || record.cell.current;
  return assessing::analyse_pressure(record, cycled ? find_segments(record) : Segments{});
}

int run_pressure(const Arguments& arguments) {
  const std::filesystem::path path = arguments.words.front();
  Paths inputs{path}, outputs;
  if (const auto empty = arguments.value("--empty-fixture")) inputs.emplace_back(*empty);
  if (const auto report_path = arguments.value("--report")) outputs.emplace_back(*report_path);
  std::optional<CellFile> cell;
  EachOption each;
  each([&] { refuse_clashes(inputs, outputs); })([&] { cell = cell_given(arguments); });
  each([&] { (void)log_settings(arguments, std::nullopt, path); }).done(); // before a long reading
  Progress progress("reading", inputs.size());
  report::PressurePage page;
  page.title = path.string();
  page.record = read_pressure(arguments, path, cell, progress.task(0));
  tell(page.record.warnings);
  page.pressure = analysed(page.record);
  if (inputs.size() > 1) {
    const Record empty = read_pressure(arguments, inputs[1], cell, progress.task(1));
    tell(empty.warnings);
    page.pressure.empty_fixture = assessing::compare_with_empty(page.pressure, analysed(empty), inputs[1].string());
  }
  for (const auto& file : outputs) {
    make_folder_of(file);
    write_file(file, report::html_pressure(page));
    note(fmt::format("report: {}\n", file.string()));
  }
  print(arguments.has("--json") ? report::json_pressure(page) : report::text_pressure(page));
  return 0;
}

} // namespace

const Verb verb::pressure{
    .name = "pressure",
    .summary = "says what the stack pressure did: relaxation, jumps, swing, stiffness, hysteresis, fixture",
    .positional = {.name = "FILE", .help = "a record or a cycler's file with a pressure, or the log of a load cell alone"},
    .options = {{"--empty-fixture", "FILE", "the same hold without a cell: subtract it, from the start of both holds, and say what remains"},
                {"--cell", "CELL.toml", "what is known of cell and load cell; default: FILE.cell.toml or STEM.cell.toml beside FILE"},
                {"--unit", "UNIT", "of a log's readings, where its headings do not say it"},
                {"--zone", "ZONE", "of a log's dates, \"America/Los_Angeles\""},
                {"--report", "PATH", "write an HTML page with pictures"},
                {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "A hold is a stretch of a minute and 20 readings or more without current and without a jump. Three laws are fitted to it, and where\n"
                "the data do not exclude a law that never saturates, the forecast says so. Forces need the cell's area (cell file).\n"
                "\n"
                "Examples:\n"
                "  platen pressure hold.csv --unit MPa\n"
                "  platen pressure cell.h5 --empty-fixture empty.csv --report pressure.html\n"
                "  platen pressure cycling.ndax --cell cell.toml --json",
    .run = run_pressure,
};

} // namespace platen::cli

#include "report/align.hpp"
#include "align/spectra.hpp"
#include "base/file.hpp"
#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "import/load/zone.hpp"
#include "import/pressure_log.hpp"
#include "report/report.hpp"

#include <fmt/format.h>

namespace platen::cli {
namespace {

/// The value of an option that is a time with its unit, s.
std::optional<double> time_given(const Arguments& arguments, std::string_view option) {
  const auto text = arguments.value(option);
  if (!text) return std::nullopt;
  const QuantityResult read = parse_quantity(*text, dim::time);
  if (read.fault != QuantityFault::none)
    throw Error("U006", fmt::format("`{} {}`: a time with its unit was expected", option, *text),
                std::nullopt, {fmt::format("for example {} \"-12.5 s\"", option)});
  return read.quantity.value;
}

/// What the cell file says of its load-cell log, and on top of it what the command line says.
PressureLog settings_given(const Arguments& arguments, const std::optional<CellFile>& cell) {
  PressureLog out = cell && cell->pressure_log ? *cell->pressure_log : PressureLog{};
  out.file = arguments.words.at(1);
  EachOption each;
  each([&] {
    const auto zone = arguments.value("--zone");
    if (!zone) return;
    if (!load::is_zone(*zone))
      throw Error("U006", fmt::format("`--zone {}`: the name of a time zone was expected", *zone),
                  std::nullopt, {"for example --zone Europe/Berlin"});
    out.zone = *zone;
  });
  if (const auto unit = arguments.value("--unit")) out.cell.unit = *unit;
  each([&] {
    const auto offset = time_given(arguments, "--offset");
    if (!offset) return;
    out.clock_offset = *offset;
    out.has_offset = true;
    out.clock = LogClock::stated;
  });
  each([&] {
    if (const auto within = time_given(arguments, "--within")) out.clock_search = *within;
  });
  each.done();
  if (arguments.has("--auto")) out.clock = LogClock::automatic;
  return out;
}

std::string format_of(const std::filesystem::path& output) {
  const std::string ending = output.extension().string();
  return ending == ".h5" || ending == ".hdf5" ? "hdf5" : ending == ".xlsx" ? "xlsx" : "csv";
}

int align_spectra(const Arguments& arguments, Input& input, const std::optional<CellFile>& cell,
                  const work::Task& task, const std::filesystem::path& output) {
  Record other = read_measurement(arguments.words.at(1), {}, task);
  if (other.spectra.empty())
    throw Error("D427", "there is no impedance spectrum in this file",
                Place{arguments.words.at(1), 0, 0, 1, {}}, {"leave --impedance out for a load-cell log"});
  const std::string zone = arguments.value("--zone").value_or(cell ? cell->zone : std::string());
  apply_zone(other, zone);
  const double offset = time_given(arguments, "--offset").value_or(0.0);
  Record& record = input.record;
  const std::size_t dated = align::add_spectra(record, other, offset);
  for (const auto& source : other.provenance.sources) record.provenance.sources.push_back(source);
  const std::string method =
      dated == other.spectra.size() ? "time stamps" : "times counted from the same zero";
  record.metadata["impedance clock"] = fmt::format("{}, offset {:.9g} s", method, offset);
  write_record(record, format_of(output), output);
  if (arguments.has("--json"))
    print(report::json("platen.align/1", {{"method", method},
                                          {"offset", Quantity{offset, dim::time, ""}},
                                          {"spectra", static_cast<std::int64_t>(other.spectra.size())},
                                          {"output", output.string()}}));
  else
    print(fmt::format(
        "method       {}\noffset       {:.6g} s\nspectra      {}, from {:.6g} to {:.6g} s\nwritten      {}\n",
        method, offset, other.spectra.size(), record.spectra.front().start, record.spectra.back().start,
        output.string()));
  return 0;
}

int run_align(const Arguments& arguments) {
  if (arguments.words.size() != 2)
    throw Error("U005", "platen align needs DATA and LOG", std::nullopt,
                {"platen align cycling.csv load.csv --output joined.h5"});
  const std::filesystem::path data = arguments.words.front(), output = arguments.value("--output").value();
  Paths outputs{output};
  if (const auto plot = arguments.value("--plot")) outputs.emplace_back(*plot);
  refuse_clashes(to_paths(arguments.words), outputs);
  std::optional<CellFile> cell = cell_given(arguments);
  if (!cell)
    if (const auto beside = cell_beside(data)) cell = read_cell_file(*beside);
  CellFile known = cell.value_or(CellFile{});
  known.pressure_log.reset(); // it is this verb that joins
  Progress progress("reading", 1);
  Input input = read_input(Paths{data}, known, progress.task(0));
  for (const auto& path : outputs) make_folder_of(path);
  if (arguments.has("--impedance")) return align_spectra(arguments, input, cell, progress.task(0), output);

  const JoinedLog joined =
      join_pressure_log(input.record, settings_given(arguments, cell), known.zone, progress.task(0));
  tell(input);
  write_record(input.record, format_of(output), output);
  if (const auto plot = arguments.value("--plot"))
    write_file(*plot, report::align_picture(joined, input.record));
  if (arguments.has("--json"))
    print(report::json(joined, output.string()));
  else
    print(report::text(joined) + fmt::format("{:<12} {}\n", "written", output.string()));
  return 0;
}

} // namespace

const Verb verb::align{
    .name = "align",
    .summary = "brings a load-cell log, or impedance, to the clock of the cycler and joins them",
    .positional = {.name = "DATA LOG",
                   .help = "the cycler's file, then the log of the load cell (or a file of impedance)",
                   .several = true},
    .options =
        {{"--output", "PATH", "joined record to write: .csv, .xlsx or .h5", true},
         {"--cell", "CELL.toml",
          "what is known of cell and load cell; default: FILE.cell.toml or STEM.cell.toml beside DATA"},
         {"--auto", "", "find the log's clock from the data: offset and drift with their uncertainty"},
         {"--within", "TIME", "with --auto: the offset is no further than this from the stamps, \"30 min\""},
         {"--offset", "TIME", "added to the log's time to get the data's, \"-12.5 s\""},
         {"--zone", "ZONE", "of the log's dates, \"America/Los_Angeles\""},
         {"--unit", "UNIT", "of the log's readings, where its headings do not say it"},
         {"--plot", "PATH", "write a picture (SVG) of the log against the charge, before and after"},
         {"--impedance", "", "LOG is a file of impedance: place its spectra by their dates, or by --offset"},
         {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "Without --auto the clocks are taken as they stand, with the stated offset. With it the "
                "pressure must follow the\n"
                "charge, as in a full cell; where the data cannot tell, the answer is an error that says "
                "why, never a guess. The\n"
                "record says what was decided. Gaps of the log stay gaps.\n"
                "\n"
                "Examples:\n"
                "  platen align cycling.ndax load.csv --cell cell.toml --output joined.h5\n"
                "  platen align cycling.ndax load.csv --auto --within \"30 min\" --plot clocks.svg --output "
                "joined.h5\n"
                "  platen align cycling.ndax spectra.mpr --impedance --offset \"12 s\" --output joined.h5",
    .run = run_align,
};

} // namespace platen::cli

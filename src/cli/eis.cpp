#include "cli/eis.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/batch.hpp"
#include "cli/terminal.hpp"
#include "impedance/analyse.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace platen::cli {
namespace {

/// The parts between commas, without blanks around them; none without the option.
std::vector<std::string> parts(const Arguments& arguments, std::string_view option) {
  std::vector<std::string> out;
  const auto text = arguments.value(option);
  if (!text) return out;
  for (std::size_t from = 0; from <= text->size();) {
    const std::size_t end = std::min(text->find(',', from), text->size());
    out.emplace_back(trim(std::string_view(*text).substr(from, end - from)));
    from = end + 1;
  }
  return out;
}

/// "a=b,c=d" as pairs. @throws Error U006.
std::vector<std::pair<std::string, std::string>> pairs(const Arguments& arguments, std::string_view option) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const std::string& part : parts(arguments, option)) {
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == part.size())
      throw Error("U006", fmt::format("`{} {}`: NAME=VALUE was expected, found \"{}\"", option, arguments.value(option).value_or(""), part));
    out.emplace_back(part.substr(0, equals), part.substr(equals + 1));
  }
  return out;
}

double number_of(std::string_view option, std::string_view text) {
  double value = 0.0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || stop != text.data() + text.size())
    throw Error("U006", fmt::format("`{}`: \"{}\" is not a number", option, text));
  return value;
}

std::size_t point_of(std::string_view text) {
  std::size_t value = 0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || stop != text.data() + text.size() || value == 0)
    throw Error("U006", fmt::format("`--drop`: \"{}\" is not the number of a point", text), std::nullopt, {"3,5-8 or proposed"});
  return value;
}

/// Points of --drop, counted from 0.
std::vector<std::size_t> dropped(const Arguments& arguments, const report::SpectrumData& data) {
  std::vector<std::size_t> out;
  if (arguments.value("--drop") == "proposed") {
    for (const auto& d : impedance::inspect(data.frequency, data.impedance).drops) out.push_back(d.point);
    return out;
  }
  for (const std::string& part : parts(arguments, "--drop")) {
    const std::size_t dash = part.find('-');
    const std::size_t first = point_of(std::string_view(part).substr(0, dash));
    const std::size_t last = dash == std::string::npos ? first : point_of(std::string_view(part).substr(dash + 1));
    if (last < first || last > data.frequency.size())
      throw Error("U006", fmt::format("`--drop {}`: {} has the points 1 to {}", part, data.name, data.frequency.size()));
    for (std::size_t k = first; k <= last; ++k) out.push_back(k - 1);
  }
  return out;
}

void drop_points(const Arguments& arguments, report::SpectrumData& data) {
  if (!arguments.has("--drop")) return;
  std::vector<std::size_t> out = dropped(arguments, data);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  for (auto k = out.rbegin(); k != out.rend(); ++k) {
    data.frequency.erase(data.frequency.begin() + static_cast<std::ptrdiff_t>(*k));
    data.impedance.erase(data.impedance.begin() + static_cast<std::ptrdiff_t>(*k));
  }
  data.left_out = std::move(out);
  note(fmt::format("{}: {} point{} left out\n", data.name, data.left_out.size(), data.left_out.size() == 1 ? "" : "s"));
}

/// Files of a folder that are no one test: all of them, by name.
Paths files_within(const std::filesystem::path& folder) {
  Paths out;
  std::error_code fault;
  for (std::filesystem::directory_iterator it(folder, fault), end; !fault && it != end; it.increment(fault))
    if (it->is_regular_file(fault) && !it->path().filename().string().ends_with(".cell.toml")) out.push_back(it->path());
  std::sort(out.begin(), out.end());
  return out;
}

void add(SpectraInput& all, Input input, const std::filesystem::path& path) {
  const std::string name = name_of(path).string();
  const std::vector<Spectrum>& spectra = input.record.spectra;
  for (std::size_t s = 0; s < spectra.size(); ++s) {
    all.spectra.push_back(report::spectrum_data(spectra[s], spectra.size() > 1 ? fmt::format("{}, spectrum {}", name, s + 1) : name));
    all.sources.push_back({all.records.size(), s});
  }
  all.records.push_back(std::move(input.record));
  all.files.push_back(path);
}

void read_one(SpectraInput& all, const std::filesystem::path& path, const std::optional<CellFile>& cell, const work::Task& task) {
  std::error_code fault;
  const bool folder = std::filesystem::is_directory(path, fault);
  try {
    Input input = read_input(path, cell, task);
    tell(input);
    if (input.record.spectra.empty())
      throw Error("D217", fmt::format("`{}` holds no impedance spectrum", path.string()), std::nullopt, {"`platen inspect` shows what it holds"});
    return add(all, std::move(input), path);
  } catch (const Error& error) {
    const std::string code = error.diagnostics().front().code;
    if (!folder || (code != "D335" && code != "D333")) throw;
  }
  const std::size_t before = all.records.size();
  for (const auto& file : files_within(path)) {
    try {
      Input input = read_input(file, cell, task);
      if (input.record.spectra.empty()) continue;
      tell(input);
      add(all, std::move(input), file);
    } catch (const Error&) {
      note(fmt::format("{}: not read, it is no measured file\n", file.string()));
    }
  }
  if (all.records.size() == before) throw Error("D217", fmt::format("no file in `{}` holds an impedance spectrum", path.string()));
}

/// One time for spectra of several files.
void set_times(const Arguments& arguments, SpectraInput& all) {
  if (const auto every = arguments.value("--every")) {
    const double step = quantity_given(*every, "--every", dim::time);
    for (std::size_t k = 0; k < all.spectra.size(); ++k) all.spectra[k].start = step * static_cast<double>(k);
    return;
  }
  const auto date = [&](std::size_t k) { return all.of(k).spectra[all.sources[k].spectrum].unix_time; };
  bool dated = !all.spectra.empty(), timed = all.records.size() == 1;
  for (std::size_t k = 0; k < all.spectra.size(); ++k) {
    dated = dated && std::isfinite(date(k));
    timed = timed && std::isfinite(all.spectra[k].start);
  }
  if (timed) return;
  for (std::size_t k = 0; k < all.spectra.size(); ++k) all.spectra[k].start = dated ? date(k) - date(0) : std::numeric_limits<double>::quiet_NaN();
}

std::string_view format_of(const std::filesystem::path& path) {
  const std::string end = path.extension().string();
  if (end == ".h5" || end == ".hdf5") return "hdf5";
  if (end == ".xlsx") return "xlsx";
  if (end == ".csv") return "csv";
  throw Error("U006", fmt::format("`--output {}`: a name ending in .h5, .xlsx or .csv was expected", path.string()));
}

/// --fix, --tie and --bounds. @throws Error U006.
void add_fixed(const Arguments& arguments, impedance::FitOptions& options) {
  for (const auto& [name, value] : pairs(arguments, "--fix"))
    options.constraints.push_back({.parameter = name, .fixed = number_of("--fix", value)});
}

void add_ties(const Arguments& arguments, impedance::FitOptions& options) {
  for (const auto& [name, value] : pairs(arguments, "--tie")) {
    const std::size_t star = value.find('*');
    const double factor = star == std::string::npos ? 1.0 : number_of("--tie", trim(std::string_view(value).substr(0, star)));
    options.constraints.push_back({.parameter = name, .tied_to = star == std::string::npos ? value : std::string(trim(std::string_view(value).substr(star + 1))), .factor = factor});
  }
}

void add_bounds(const Arguments& arguments, impedance::FitOptions& options) {
  for (const auto& [name, value] : pairs(arguments, "--bounds")) {
    const std::size_t colon = value.find(':');
    if (colon == std::string::npos) throw Error("U006", fmt::format("`--bounds`: {}={} needs two numbers: 0.7:1", name, value));
    options.constraints.push_back({.parameter = name,
                                   .lower = number_of("--bounds", std::string_view(value).substr(0, colon)),
                                   .upper = number_of("--bounds", std::string_view(value).substr(colon + 1))});
  }
}

} // namespace

SpectraInput read_spectra(const Arguments& arguments) {
  SpectraInput all;
  const auto cell = cell_given(arguments);
  Progress progress("reading", arguments.words.size());
  for (std::size_t k = 0; k < arguments.words.size(); ++k) read_one(all, arguments.words[k], cell, progress.task(k));
  set_times(arguments, all);
  for (report::SpectrumData& data : all.spectra) drop_points(arguments, data);
  return all;
}

std::vector<std::size_t> chosen(const Arguments& arguments, const SpectraInput& input) {
  std::vector<std::size_t> out;
  const bool every = arguments.value("--spectrum") == "all";
  for (std::size_t record = 0; record < input.records.size(); ++record) {
    const std::size_t count = input.records[record].spectra.size();
    const auto number = every ? std::nullopt : arguments.count("--spectrum", 1, count);
    if (!number && !every && count > 1) note(fmt::format("{}: the first of {} spectra; --spectrum N takes another, --spectrum all every one\n", input.files[record].string(), count));
    for (std::size_t k = 0; k < input.spectra.size(); ++k)
      if (input.sources[k].record == record && (every || input.sources[k].spectrum + 1 == number.value_or(1))) out.push_back(k);
  }
  return out;
}

impedance::FitOptions fit_options(const Arguments& arguments) {
  impedance::FitOptions options;
  EachOption each;
  each([&] {
    const std::string weights = arguments.choice("--weights", {"modulus", "unit", "proportional", "noise"});
    for (const auto w : {impedance::Weighting::modulus, impedance::Weighting::unit, impedance::Weighting::proportional, impedance::Weighting::noise})
      if (label(w) == weights) options.weighting = w;
  });
  each([&] { options.starts = arguments.count("--starts", 1, 100000).value_or(options.starts); });
  each([&] { options.seed = arguments.count("--seed", 0, UINT64_MAX).value_or(options.seed); });
  for (const auto constraints : {add_fixed, add_ties, add_bounds}) each([&] { constraints(arguments, options); });
  each.done();
  return options;
}

std::vector<std::string> names_given(const Arguments& arguments, std::string_view option) {
  std::vector<std::string> out = parts(arguments, option);
  if (std::find(out.begin(), out.end(), "") != out.end())
    throw Error("U006", fmt::format("`{} {}`: names between commas were expected, as in R1,R2", option, arguments.value(option).value_or("")));
  return out;
}

std::optional<impedance::Uncertain> uncertain_given(const Arguments& arguments, std::string_view option, const Dimension& dimension) {
  const auto text = arguments.value(option);
  if (!text) return std::nullopt;
  const std::size_t sign = text->find("+-");
  if (sign == std::string::npos) return impedance::Uncertain{quantity_given(*text, option, dimension), 0.0};
  std::string value(trim(std::string_view(*text).substr(0, sign)));
  const std::string error(trim(std::string_view(*text).substr(sign + 2)));
  const std::size_t unit = error.find_first_not_of("0123456789.eE+- "); // "0.60 +- 0.02 mm": one unit for both
  if (value.find_first_not_of("0123456789.eE+- ") == std::string::npos && unit != std::string::npos) value += " " + error.substr(unit);
  const impedance::Uncertain out{quantity_given(value, option, dimension), quantity_given(error, option, dimension)};
  if (!(out.error >= 0.0)) throw Error("U006", fmt::format("`{} {}`: a standard error is not negative", option, *text));
  return out;
}

std::vector<double> quantities_given(const Arguments& arguments, std::string_view option, const Dimension& dimension) {
  std::vector<double> out;
  for (const std::string& part : parts(arguments, option)) out.push_back(quantity_given(part, option, dimension));
  return out;
}

Geometry geometry_given(const Arguments& arguments, const CellInfo& cell) {
  const auto above_nothing = [&](std::string_view option, const Dimension& dimension) {
    const auto out = uncertain_given(arguments, option, dimension);
    if (out && !(out->value > 0.0)) throw Error("U006", fmt::format("`{} {}`: more than nothing was expected", option, arguments.value(option).value_or("")));
    return out;
  };
  Geometry g;
  EachOption()([&] { g.thickness = above_nothing("--thickness", dim::length); })([&] { g.area = above_nothing("--area", dim::area); }).done();
  if (!g.thickness && cell.electrolyte_thickness) g.thickness = impedance::Uncertain{*cell.electrolyte_thickness, 0.0};
  if (!g.area && cell.area) g.area = impedance::Uncertain{*cell.area, 0.0};
  return g;
}

int answer_chosen(const Arguments& arguments, SpectraInput& input, const std::function<SpectrumAnswer(std::size_t)>& answer_of) {
  const std::vector<std::size_t> which = chosen(arguments, input);
  std::vector<std::string> answers;
  std::vector<Found> found;
  for (const std::size_t k : which) {
    SpectrumAnswer answer = answer_of(k);
    answers.push_back(std::move(answer.text));
    write_plots(arguments, answer.figures, which.size() > 1 ? input.spectra[k].name : "");
    found.push_back({input.sources[k].record, std::move(answer.analysis)});
  }
  if (arguments.has("--json")) print(join_json(answers));
  else
    for (std::size_t k = 0; k < answers.size(); ++k) print((k > 0 ? "\n" : "") + answers[k]);
  write_output(arguments, input, std::move(found));
  return 0;
}

void write_plots(const Arguments& arguments, const std::vector<std::pair<std::string, std::string>>& named, const std::string& of) {
  const auto folder = arguments.value("--plots");
  if (!folder) return;
  for (const auto& [name, svg] : named) {
    const std::filesystem::path path = std::filesystem::path(*folder) / (of.empty() ? name + ".svg" : fmt::format("{}-{}.svg", file_stem(of), name));
    make_folder_of(path);
    write_file(path, svg);
    note(fmt::format("{} written\n", path.string()));
  }
}

void join(SpectraInput& input) {
  if (input.records.size() < 2) return;
  Record all;
  all.cell = input.records.back().cell;
  all.provenance = input.records.front().provenance;
  all.provenance.sources.clear();
  for (Record& r : input.records) {
    all.provenance.sources.insert(all.provenance.sources.end(), r.provenance.sources.begin(), r.provenance.sources.end());
    all.warnings.insert(all.warnings.end(), r.warnings.begin(), r.warnings.end());
    if (r.provenance.origin != all.provenance.origin) all.provenance.origin = "measured and simulated";
  }
  for (std::size_t k = 0; k < input.spectra.size(); ++k) {
    all.spectra.push_back(input.of(k).spectra[input.sources[k].spectrum]);
    all.spectra.back().start = input.spectra[k].start;
    all.spectra.back().time.clear(); // of its own file's clock
    if (all.spectra.back().label.empty()) all.spectra.back().label = input.spectra[k].name;
  }
  for (std::size_t k = 0; k < input.sources.size(); ++k) input.sources[k] = {0, k};
  input.records.clear();
  input.records.push_back(std::move(all));
  input.files.resize(1);
}

void write_output(const Arguments& arguments, SpectraInput& input, std::vector<Found> found) {
  const auto output = arguments.value("--output");
  if (!output) return;
  for (Found& f : found) keep(input.records[f.record].analyses, std::move(f.analysis));
  Paths to;
  if (input.records.size() == 1) {
    to.emplace_back(*output);
  } else {
    std::error_code fault;
    if (std::filesystem::is_regular_file(*output, fault))
      throw Error("U007", fmt::format("`{}` is a file; several inputs need a folder", *output), std::nullopt, {"give a folder to `--output`"});
    for (const auto& file : input.files) to.push_back(std::filesystem::path(*output) / (name_of(file).string() + ".h5"));
  }
  refuse_clashes(to_paths(arguments.words), to);
  for (std::size_t k = 0; k < to.size(); ++k) {
    const std::string_view format = format_of(to[k]);
    make_folder_of(to[k]);
    for (const auto& path : write_record(input.records[k], format, to[k])) note(fmt::format("record: {}\n", path.string()));
  }
}

} // namespace platen::cli

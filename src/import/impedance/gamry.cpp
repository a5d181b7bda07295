#include "import/impedance/gamry.hpp"

#include "import/impedance/flat.hpp"
#include "import/impedance/points.hpp"
#include "import/text/encoding.hpp"
#include "import/text/number.hpp"
#include "import/text/units.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <utility>

namespace platen {
namespace {

using namespace impedance_files;

constexpr std::size_t most_entries = 400;
constexpr double coldest = -270.0; ///< degC; Gamry writes -327.67 where no probe is connected

/// One `NAME<tab>TABLE` of a file.
struct Table {
  std::string name;
  std::size_t announced = 0;
  std::vector<std::string> headings, units;
  std::vector<text::Line> rows;
  bool cut = false; ///< the last row has no line end

  std::size_t at(std::string_view heading) const {
    return static_cast<std::size_t>(std::find(headings.begin(), headings.end(), heading) - headings.begin());
  }
};

/// Fields of a line of a table; each begins with a tab, so the first field is empty.
std::vector<std::string_view> fields_of(std::string_view line) {
  auto out = text::split(line, '\t');
  if (!out.empty()) out.erase(out.begin());
  return out;
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> out;
  for (const std::string_view field : fields_of(line)) out.push_back(text::to_utf8(trim(field)));
  while (!out.empty() && out.back().empty()) out.pop_back();
  return out;
}

struct File {
  std::map<std::string, std::string> header; ///< key -> value
  std::vector<Table> tables;

  std::string_view value(const char* key) const {
    const auto found = header.find(key);
    return found != header.end() ? std::string_view(found->second) : std::string_view();
  }
};

File parse(std::string_view text) {
  File out;
  Table* open = nullptr;
  std::string key;
  text::Lines lines(text);
  for (text::Line line; lines.next(line);) {
    if (line.text.starts_with('\t')) {
      if (open == nullptr) { // the lines of a note stand below its key
        if (!key.empty() && !trim(line.text).empty()) {
          std::string& note = out.header[key];
          if (note.size() < 4096) note += (note.empty() ? "" : "\n") + text::to_utf8(trim(line.text));
        }
        continue;
      }
      if (open->headings.empty())
        open->headings = words_of(line.text);
      else if (open->units.empty() && open->rows.empty())
        open->units = words_of(line.text);
      else
        open->rows.push_back(line);
      open->cut = !lines.ended();
      continue;
    }
    open = nullptr;
    key.clear();
    const auto fields = text::split(line.text, '\t');
    if (fields.size() < 2 || fields[0].empty()) continue;
    if (fields[1] == "TABLE") {
      Table table;
      table.name = text::to_utf8(fields[0]);
      if (fields.size() > 2)
        table.announced =
            static_cast<std::size_t>(std::clamp(text::parse_number(fields[2], '.').value_or(0.0), 0.0, 1e15));
      out.tables.push_back(std::move(table));
      open = &out.tables.back();
    } else if (out.header.size() < most_entries) {
      key = text::to_utf8(fields[0]);
      const bool note = fields[1] == "NOTES"; // its value is a number of lines
      if (note)
        out.header.emplace(key, "");
      else
        out.header.emplace(key, fields.size() > 2 ? text::to_utf8(trim(fields[2]))
                                                  : text::to_utf8(fields[1]));
      if (!note) key.clear();
    }
  }
  return out;
}

double factor_of(const Table& table, std::size_t column, const Dimension& wanted) {
  if (column >= table.units.size()) return 1.0;
  const auto unit = text::read_unit(table.units[column], wanted);
  return unit && unit->dimension == wanted ? unit->factor : 1.0;
}

/// One file; a class because every part of it feeds the notes.
class Reader {
public:
  Reader(const File& file, std::string_view text, const std::string& name)
      : file_(file), name_(name), decimal_(decimal_mark(text)) {}

  Record read(const ImportOptions& options, const work::Task& task) {
    read_runs(options, task);
    record_.provenance.origin = "measured";
    record_.provenance.format = fmt::format("Gamry DTA, {}", file_.value("TAG"));
    for (const auto& [key, value] : file_.header)
      if (!value.empty()) record_.metadata.emplace(key, value);
    begun_ = start_of(record_, name_, file_.value("DATE"), file_.value("TIME"));
    take_area(record_, name_, text::parse_number(file_.value("AREA"), decimal_).value_or(0.0));
    date_rows(record_, begun_);
    read_spectra();
    note_left_out();
    if (file_.value("EXPERIMENTABORTED") == "T")
      warn("D353", "the measurement was aborted; what had been measured was read");
    return std::move(record_);
  }

private:
  void warn(const char* code, std::string message, std::vector<std::string> hints = {}) {
    record_.warnings.push_back(
        {Severity::warning, code, std::move(message), Place{name_, 0, 0, 1, {}}, std::move(hints)});
  }

  static bool is_run(const Table& table) {
    return table.name.starts_with("CURVE") &&
           std::max(table.at("T"), std::min(table.at("Vf"), table.at("Vm"))) < table.headings.size();
  }
  static bool is_spectrum(const Table& table) {
    return std::max({table.at("Freq"), table.at("Zreal"), table.at("Zimag")}) < table.headings.size();
  }

  /// "T" in "s" is `Test Time/s`, "Im" in "A" is `Current/A`; a number of a point needs no name of its own.
  std::vector<std::string> run_headings(const Table& table, bool several) const {
    const bool reference = table.at("Vf") < table.headings.size();
    std::vector<std::string> out;
    for (std::size_t i = 0; i < table.headings.size(); ++i) {
      const std::string& heading = table.headings[i];
      std::string unit = i < table.units.size() ? table.units[i] : "";
      if (const std::size_t space = unit.find(" vs."); space != std::string::npos) unit.resize(space);
      if (unit == "#" || unit == "##" || unit == "bits") unit.clear();
      const std::string name = heading == "T"                         ? "Test Time"
                               : heading == (reference ? "Vf" : "Vm") ? "Voltage"
                               : heading == "Im"                      ? "Current"
                               : heading == "Temp"                    ? "Temperature"
                                                                      : heading;
      out.push_back(unit.empty() ? name : fmt::format("{} ({})", name, unit));
    }
    if (several) out.emplace_back("Step Count");
    return out;
  }

  void read_runs(const ImportOptions& options, const work::Task& task) {
    std::vector<const Table*> runs;
    for (const Table& table : file_.tables)
      if (is_run(table) && !table.rows.empty()) runs.push_back(&table);
    if (runs.empty()) return;
    const Table& first = *runs.front();
    const bool several = runs.size() > 1;
    FlatTable flat(run_headings(first, several));
    const std::size_t temperature = first.at("Temp");
    for (std::size_t r = 0; r < runs.size(); ++r) {
      if (runs[r]->headings != first.headings || runs[r]->units != first.units) {
        left_out_.push_back(fmt::format("{} (other columns than {})", runs[r]->name, first.name));
        continue;
      }
      const std::string count = std::to_string(r + 1);
      for (std::size_t i = 0; i < runs[r]->rows.size(); ++i) {
        const text::Line& line = runs[r]->rows[i];
        auto fields = fields_of(line.text);
        if (temperature < fields.size() && number_at(fields, temperature, decimal_) < coldest)
          fields[temperature] = {};
        const bool cut = runs[r]->cut && i + 1 == runs[r]->rows.size();
        if (several && !cut) {
          fields.resize(first.headings.size());
          fields.push_back(count);
        }
        flat.add(line.number, fields);
      }
    }
    record_ = flat.read(name_, options, task);
  }

  Spectrum head_of(const Table& table) const {
    Spectrum head;
    head.label = table.name == "ZCURVE" ? std::string(file_.value("TITLE")) : table.name;
    const std::string_view tag = file_.value("TAG");
    const bool galvanic = tag.find("GALV") != std::string_view::npos;
    head.modulation = galvanic                                    ? Modulation::current
                      : tag.find("POT") != std::string_view::npos ? Modulation::voltage
                                                                  : Modulation::unknown;
    // "VAC ... AC &Voltage (mV rms)": the unit is in the description, which is the same in all versions seen.
    if (head.modulation == Modulation::voltage)
      if (const auto rms = text::parse_number(file_.value("VAC"), decimal_))
        head.amplitude = peak_of_rms(*rms * 1e-3);
    return head;
  }

  void read_spectra() {
    Points points(name_);
    bool any = false;
    for (const Table& table : file_.tables) {
      if (!is_spectrum(table)) continue;
      any = true;
      points.begin(head_of(table));
      take_points(table, points);
      if (table.announced > table.rows.size())
        warn("D353",
             fmt::format("{} announces {} points and holds {}", table.name, table.announced,
                         table.rows.size()),
             {"the measurement was stopped, or the file was cut; what is there was read"});
    }
    if (!any && record_.rows() == 0) refuse_without_data();
    if (any) points.finish(record_, begun_);
  }

  [[noreturn]] void refuse_without_data() const {
    std::vector<std::string> tables;
    for (const Table& table : file_.tables) tables.push_back(fmt::format("{} ({})", table.name, fmt::join(table.headings, ", ")));
    throw Error("D351",
                fmt::format("a file of Gamry's technique `{}` with neither the rows of a run over time nor a spectrum", file_.value("TAG")),
                Place{name_, 0, 0, 1, {}},
                {tables.empty() ? "there is no table in it: the measurement was stopped before its first point, or the file was cut"
                                : fmt::format("its tables: {}", fmt::join(tables, "; "))});
  }

  void take_points(const Table& table, Points& points) {
    const std::size_t f = table.at("Freq"), re = table.at("Zreal"), im = table.at("Zimag"),
                      time = table.at("Time"), voltage = table.at("Vdc"), current = table.at("Idc");
    const double per_hz = factor_of(table, f, dim::frequency),
                 per_ohm = factor_of(table, re, dim::resistance);
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const text::Line& line = table.rows[i];
      const auto fields = fields_of(line.text);
      if (fields.size() < table.headings.size()) {
        points.refuse(line, fmt::format("{} fields instead of {}", fields.size(), table.headings.size()));
        continue;
      }
      points.add(line, {number_at(fields, f, decimal_) * per_hz, number_at(fields, re, decimal_) * per_ohm,
                        number_at(fields, im, decimal_) * per_ohm, number_at(fields, time, decimal_),
                        number_at(fields, voltage, decimal_), number_at(fields, current, decimal_)});
    }
  }

  void note_left_out() {
    for (const Table& table : file_.tables)
      if (!is_run(table) && !is_spectrum(table) && !table.rows.empty())
        left_out_.push_back(fmt::format("{} ({} rows)", table.name, table.rows.size()));
    if (!left_out_.empty()) warn("D352", fmt::format("tables left out: {}", fmt::join(left_out_, ", ")));
  }

  const File& file_;
  std::string name_;
  char decimal_;
  Record record_;
  double begun_ = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::string> left_out_;
};

} // namespace

bool is_gamry(std::string_view bytes) noexcept {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return bytes.starts_with("EXPLAIN\n") || bytes.starts_with("EXPLAIN\r");
}

std::string describe_gamry(std::string_view bytes) {
  const std::string text = text::decode(std::string(bytes.substr(0, 4096))).text;
  const std::string tag(parse(text).value("TAG"));
  return tag.empty() ? "Gamry DTA" : "Gamry DTA, " + tag;
}

Record read_gamry(std::string bytes, const std::string& name, const ImportOptions& options,
                  const work::Task& task) {
  const std::string text = text::decode(std::move(bytes)).text;
  const File file = parse(text);
  return Reader(file, text, name).read(options, task);
}

} // namespace platen

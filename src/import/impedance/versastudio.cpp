#include "import/impedance/versastudio.hpp"

#include "import/impedance/flat.hpp"
#include "import/impedance/points.hpp"
#include "import/text/encoding.hpp"
#include "import/text/number.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <utility>

namespace platen {
namespace {

using namespace impedance_files;

constexpr std::size_t most_entries = 400;

/// One part of a file, "<Segment1>" to "</Segment1>".
struct Part {
  std::string name;
  std::map<std::string, std::string> values; ///< "Amplitude (mV RMS)" -> "20"
  std::vector<std::string> columns;          ///< of the line "Definition="
  std::vector<text::Line> rows;

  std::size_t at(std::string_view column) const {
    return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), column) - columns.begin());
  }
  std::string value(const char* key) const {
    const auto found = values.find(key);
    return found != values.end() ? found->second : std::string();
  }
};

std::vector<std::string> columns_of(std::string_view definition) {
  std::vector<std::string> out;
  for (const std::string_view field : text::split(definition, ','))
    out.push_back(text::to_utf8(trim(field)));
  if (out.back() == "0") out.pop_back(); // ends the definition; the rows have no field for it
  return out;
}

/// The parts that describe or hold a measurement; graphs and windows are passed over.
std::vector<Part> parse(std::string_view text) {
  std::vector<Part> out;
  Part* open = nullptr;
  text::Lines lines(text);
  for (text::Line line; lines.next(line);) {
    const std::string_view bare = trim(line.text);
    if (bare.starts_with("</")) {
      open = nullptr;
    } else if (bare.starts_with("<") && bare.ends_with(">")) {
      const std::string_view name = bare.substr(1, bare.size() - 2);
      const bool wanted = name.starts_with("Action") || name.starts_with("Segment") ||
                          name == "Application" || name == "Instrument" || name == "Experiment";
      open = nullptr;
      if (!wanted || name.size() > 40) continue;
      out.push_back({std::string(name), {}, {}, {}});
      open = &out.back();
    } else if (open != nullptr && !bare.empty()) {
      const std::size_t equals = bare.find('=');
      if (equals == std::string_view::npos) {
        if (!open->columns.empty()) open->rows.push_back(line);
      } else if (bare.substr(0, equals) == "Definition") {
        open->columns = columns_of(bare.substr(equals + 1));
      } else if (open->values.size() < most_entries) {
        open->values.emplace(text::to_utf8(bare.substr(0, equals)),
                             text::to_utf8(trim(bare.substr(equals + 1))));
      }
    }
  }
  return out;
}

/// "Thursday, July 19, 2018" as "19-July-2018", which dates are read from; other forms stay.
std::string plain_date(std::string_view date) {
  std::vector<std::string_view> words;
  for (const std::string_view part : text::split(date, ','))
    for (const std::string_view word : text::split(part, ' ')) words.push_back(word);
  if (words.size() < 3) return std::string(date);
  const std::size_t n = words.size();
  return fmt::format("{}-{}-{}", words[n - 2], words[n - 3], words[n - 1]);
}

/// One file; a class because every part of it feeds the notes.
class Reader {
public:
  Reader(std::vector<Part> parts, const std::string& name)
      : parts_(std::move(parts)), name_(name), points_(name) {}

  Record read(const ImportOptions& options, const work::Task& task) {
    collect_spectra();
    read_run(options, task);
    record_.provenance.origin = "measured";
    record_.provenance.format = "VersaStudio par";
    take_metadata();
    if (points_.taken() + points_.refused() > 0 || record_.rows() == 0) points_.finish(record_, begun_);
    date_rows(record_, begun_);
    return std::move(record_);
  }

private:
  const Part* first(std::string_view name) const {
    const auto found =
        std::find_if(parts_.begin(), parts_.end(), [&](const Part& p) { return p.name == name; });
    return found != parts_.end() ? &*found : nullptr;
  }

  /// The one action that measures impedance; with several, nothing in the rows says which is whose.
  const Part* impedance_action() const {
    const Part* out = nullptr;
    for (const Part& part : parts_) {
      if (!part.name.starts_with("Action") || part.value("Name").find("EIS") == std::string::npos) continue;
      if (out != nullptr) return nullptr;
      out = &part;
    }
    return out;
  }

  Spectrum head() const {
    Spectrum out;
    const Part* action = impedance_action();
    if (action == nullptr) return out;
    out.label = action->value("Name");
    if (out.label.find("Potentiostatic") != std::string::npos) {
      out.modulation = Modulation::voltage;
      if (const auto rms = text::parse_number(action->value("Amplitude (mV RMS)"), '.'))
        out.amplitude = peak_of_rms(*rms * 1e-3);
    } else if (out.label.find("Galvanostatic") != std::string::npos) {
      out.modulation = Modulation::current;
    }
    return out;
  }

  /// Rows of one number of segment belong together: impedance when one of them has a frequency.
  void collect_spectra() {
    for (const Part& part : parts_) {
      if (part.columns.empty()) continue;
      const std::size_t segment = part.at("Segment #"), frequency = part.at("Frequency(Hz)");
      std::vector<std::vector<std::string_view>> fields;
      for (const text::Line& line : part.rows) fields.push_back(text::split(line.text, ','));
      for (std::size_t begin = 0, end; begin < fields.size(); begin = end) {
        const double number = number_at(fields[begin], segment, '.');
        bool impedance = false;
        for (end = begin;
             end < fields.size() && (end == begin || number_at(fields[end], segment, '.') == number); ++end)
          impedance = impedance || number_at(fields[end], frequency, '.') > 0.0;
        if (impedance)
          take_points(part, fields, begin, end);
        else
          runs_.push_back({&part, begin, end});
      }
    }
  }

  void take_points(const Part& part, const std::vector<std::vector<std::string_view>>& fields,
                   std::size_t begin, std::size_t end) {
    const std::size_t f = part.at("Frequency(Hz)"), re = part.at("Z Real"), im = part.at("Z Imag"),
                      time = part.at("Elapsed Time(s)"), voltage = part.at("E(V)"), current = part.at("I(A)");
    points_.begin(head());
    for (std::size_t i = begin; i < end; ++i) {
      if (fields[i].size() < part.columns.size()) {
        points_.refuse(part.rows[i],
                       fmt::format("{} fields instead of {}", fields[i].size(), part.columns.size()));
        continue;
      }
      points_.add(part.rows[i], {number_at(fields[i], f, '.'), number_at(fields[i], re, '.'),
                                 number_at(fields[i], im, '.'), number_at(fields[i], time, '.'),
                                 number_at(fields[i], voltage, '.'), number_at(fields[i], current, '.')});
    }
  }

  void read_run(const ImportOptions& options, const work::Task& task) {
    if (runs_.empty()) return;
    const Part& model = *runs_.front().part;
    const std::size_t from = model.at("Frequency(Hz)"),
                      to = std::min(model.at("Z2 Imag"), model.columns.size());
    std::vector<std::size_t> kept;
    std::vector<std::string> headings;
    for (std::size_t i = 0; i < model.columns.size(); ++i) {
      const bool impedance = i >= from && i <= to;
      if (impedance) continue;
      kept.push_back(i);
      headings.push_back(model.columns[i] == "Segment #" ? "Step Index" : model.columns[i]);
    }
    FlatTable flat(headings);
    for (const Run& run : runs_) {
      if (run.part->columns != model.columns) continue;
      for (std::size_t i = run.begin; i < run.end; ++i) {
        const auto fields = text::split(run.part->rows[i].text, ',');
        std::vector<std::string_view> row;
        for (const std::size_t k : kept)
          if (k < fields.size()) row.push_back(fields[k]);
        flat.add(run.part->rows[i].number, row);
      }
    }
    record_ = flat.read(name_, options, task);
  }

  void take_metadata() {
    for (const Part& part : parts_) {
      const bool action = part.name.starts_with("Action");
      if (part.name == "Experiment" || part.name.starts_with("Segment")) continue;
      for (const auto& [key, value] : part.values)
        if (!value.empty() && record_.metadata.size() < most_entries)
          record_.metadata.emplace(action ? fmt::format("{}: {}", part.name, key) : key, value);
    }
    if (const Part* common = first("Action0"))
      take_area(record_, name_,
                text::parse_number(common->value("Working Electrode Area (cm2)"), '.').value_or(0.0));
    const Part* experiment = first("Experiment");
    if (experiment == nullptr) return;
    const std::string date = experiment->value("DateAcquired"), time = experiment->value("TimeAcquired");
    if (!date.empty()) record_.metadata["DateAcquired"] = date;
    if (!time.empty()) record_.metadata["TimeAcquired"] = time;
    begun_ = start_of(record_, name_, plain_date(date), time);
  }

  struct Run {
    const Part* part;
    std::size_t begin, end;
  };
  std::vector<Part> parts_;
  std::string name_;
  Points points_;
  std::vector<Run> runs_;
  Record record_;
  double begun_ = std::numeric_limits<double>::quiet_NaN();
};

} // namespace

bool is_versastudio(std::string_view bytes) noexcept {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return bytes.starts_with("<Application>") &&
         bytes.substr(0, 400).find("VersaStudio") != std::string_view::npos;
}

Record read_versastudio(std::string bytes, const std::string& name, const ImportOptions& options,
                        const work::Task& task) {
  const std::string text = text::decode(std::move(bytes)).text;
  return Reader(parse(text), name).read(options, task);
}

} // namespace platen

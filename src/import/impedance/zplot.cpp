#include "import/impedance/zplot.hpp"

#include "import/impedance/points.hpp"
#include "import/text/encoding.hpp"
#include "import/text/metadata.hpp"
#include "import/text/number.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace platen {
namespace {

using namespace impedance_files;

constexpr std::string_view zview_start = "ZPLOT2";
constexpr std::array<std::string_view, 2> z60_starts{"Z60W Data File", "ZPlotW Data File"};

std::string_view without_mark(std::string_view bytes) noexcept {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.starts_with('"')) bytes.remove_prefix(1);
  return bytes;
}

/// Written by ZPlot for Windows of old, and by others for ZView.
bool is_z60(std::string_view start) noexcept {
  return std::any_of(z60_starts.begin(), z60_starts.end(), [&](std::string_view s) { return start.starts_with(s); });
}

/// Names of a line of headings: "Freq(Hz)<tab>Ampl" and "Freq (Hz)    Ampl" are both Freq, Ampl.
std::vector<std::string> names_of(std::string_view line) {
  std::string bare;
  int depth = 0;
  for (const char c : line) {
    if (c == '(') ++depth;
    if (depth == 0 && c != '"') bare += c;
    if (c == ')' && depth > 0) --depth;
  }
  std::vector<std::string> out;
  for (const std::string_view name : text::split(bare, ' ')) out.emplace_back(name);
  return out;
}

struct Places {
  std::size_t frequency, real, imaginary, time, fault, width;
};

std::optional<Places> places_of(std::string_view line) {
  const std::vector<std::string> names = names_of(line);
  const auto at = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  const Places out{at("Freq"), at("Z'"), at("Z''"), at("Time"), at("Err"), names.size()};
  if (std::max({out.frequency, out.real, out.imaginary}) >= names.size()) return std::nullopt;
  return out;
}

/// One file; a class because every part of it feeds the notes.
class Reader {
public:
  Reader(std::string bytes, const std::string& name) : name_(name), points_(name) {
    z60_ = is_z60(without_mark(bytes));
    text_ = text::decode(std::move(bytes)).text;
  }

  Record read() {
    if (!z60_ && !std::string_view(text_).substr(0, 12).starts_with("ZPLOT2 ASCII"))
      throw Error("D360", "the file was recognised as ZPlot's, but not in its text form",
                  Place{name_, 1, 0, 1, {}}, {"save it again from ZPlot or ZView as ASCII"});
    record_.provenance.origin = "measured";
    record_.provenance.format = z60_ ? "Z60W text" : "ZPlot text";
    const std::size_t begin = read_header();
    points_.begin(head_);
    if (places_) read_rows(begin);
    points_.finish(record_, begun_);
    note_faults();
    note_missing();
    return std::move(record_);
  }

private:
  /// @returns where the first row begins.
  std::size_t read_header() {
    text::Lines lines(text_);
    std::size_t end = text_.size();
    for (text::Line line; lines.next(line);) {
      if (const auto places = places_of(line.text); places && line.number > 1) {
        places_ = places;
        heading_line_ = line.number;
        end = std::min(text_.size(), line.offset + line.text.size());
        break;
      }
    }
    const std::string_view above = std::string_view(text_).substr(0, end);
    if (z60_) {
      read_count(above);
    } else {
      take_metadata(above);
    }
    return end;
  }

  /// The line above the headings of `Z60W` text is the number of points.
  void read_count(std::string_view above) {
    text::Lines lines(above);
    std::string_view last;
    for (text::Line line; lines.next(line);)
      if (line.number + 1 == heading_line_) last = line.text;
    announced_ = text::parse_number(last, '.').value_or(0.0);
  }

  void take_metadata(std::string_view above) {
    for (auto& [key, value] : text::read_metadata(text::to_utf8(above)))
      if (!key.starts_with("Begin ") && !key.starts_with("End ") && !key.starts_with("Freq"))
        record_.metadata.emplace(key, value);
    const auto value = [&](const char* key) {
      const auto found = record_.metadata.find(key);
      return found != record_.metadata.end() ? std::string_view(found->second) : std::string_view();
    };
    begun_ = start_of(record_, name_, value("Date"), value("Time"));
    announced_ = text::parse_number(value("Data Points"), '.').value_or(0.0);
    const std::string_view type = value("Experiment Type");
    head_.label = type;
    if (type.find("Control Voltage") != std::string_view::npos) head_.modulation = Modulation::voltage;
    if (type.find("Control Current") != std::string_view::npos) head_.modulation = Modulation::current;
    take_area(record_, name_, text::parse_number(value("Surface Area"), '.').value_or(0.0));
  }

  void read_rows(std::size_t begin) {
    const std::string_view rows = std::string_view(text_).substr(begin);
    // A comma parts the fields of `Z60W` text, so the mark of its numbers is a point.
    const char delimiter = z60_ ? ',' : '\t', decimal = z60_ ? '.' : decimal_mark(rows);
    text::Lines lines(text_, begin, heading_line_);
    for (text::Line line; lines.next(line);) {
      const std::string_view bare = trim(line.text);
      if (bare.empty() || bare.starts_with("End Comments")) continue;
      const auto fields = text::split(line.text, delimiter);
      if (fields.size() < places_->width) {
        points_.refuse(line, fmt::format("{} fields instead of {}", fields.size(), places_->width));
        continue;
      }
      Point p;
      p.frequency = number_at(fields, places_->frequency, decimal);
      p.real = number_at(fields, places_->real, decimal);
      p.imaginary = number_at(fields, places_->imaginary, decimal);
      p.time = number_at(fields, places_->time, decimal);
      points_.add(line, p);
      const double fault = number_at(fields, places_->fault, decimal);
      if (std::isfinite(fault) && fault != 0.0 && faults_++ == 0) {
        first_fault_ = line.number;
        fault_ = fault;
      }
    }
  }

  void note_faults() {
    if (faults_ == 0) return;
    record_.warnings.push_back(
        {Severity::warning,
         "D357",
         fmt::format("{} points carry an error code of the analyser; the first is {:.0f}", faults_, fault_),
         Place{name_, first_fault_, 0, 1, {}},
         {"the points are kept; look the code up in the analyser's manual"}});
  }

  void note_missing() {
    const auto have = static_cast<double>(points_.taken() + points_.refused());
    if (announced_ <= have) return;
    record_.warnings.push_back(
        {Severity::warning,
         "D353",
         fmt::format("the file announces {:.0f} points and holds {:.0f}", announced_, have),
         Place{name_, 0, 0, 1, {}},
         {"the measurement was stopped, or the file was cut; what is there was read"}});
  }

  std::string name_, text_;
  bool z60_ = false;
  Record record_;
  Points points_;
  Spectrum head_;
  std::optional<Places> places_;
  std::size_t heading_line_ = 0, faults_ = 0, first_fault_ = 0;
  double announced_ = 0.0, fault_ = 0.0;
  double begun_ = std::numeric_limits<double>::quiet_NaN();
};

} // namespace

bool is_zplot(std::string_view bytes) noexcept {
  const std::string_view start = without_mark(bytes);
  return start.starts_with(zview_start) || is_z60(start);
}

Record read_zplot(std::string bytes, const std::string& name) {
  return Reader(std::move(bytes), name).read();
}

} // namespace platen

#include "import/impedance/points.hpp"

#include "import/text/encoding.hpp"
#include "import/text/number.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numbers>
#include <utility>

namespace platen::impedance_files {
namespace {

constexpr std::size_t shown_columns = 160;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

void add_spectra(const Spectrum& head, ImpedanceRows& rows, double begun, std::vector<Spectrum>& out) {
  rows.label = head.label;
  rows.modulation = head.modulation;
  const auto& time = rows.time;
  const bool timed = std::all_of(time.begin(), time.end(), [](double t) { return std::isfinite(t); });
  // Programs that keep no time of the points write zeros.
  const bool zeros =
      time.size() > 1 && std::all_of(time.begin(), time.end(), [](double t) { return t == 0.0; });
  if (!timed || zeros) rows.time.clear();
  for (Spectrum& s : split_sweeps(rows)) {
    s.unix_time = s.time.empty() ? begun : begun + s.start;
    s.amplitude = head.amplitude;
    if (!s.dc_voltage) s.dc_voltage = head.dc_voltage;
    out.push_back(std::move(s));
  }
}

} // namespace

void Points::begin(Spectrum head) { groups_.push_back({std::move(head), {}}); }

void Points::add(const text::Line& line, const Point& point) {
  if (!std::isfinite(point.frequency)) return refuse(line, "no frequency");
  if (point.frequency <= 0.0)
    return refuse(line, fmt::format("the frequency {:.6g} Hz is not positive", point.frequency));
  if (!std::isfinite(point.real) || !std::isfinite(point.imaginary)) return refuse(line, "no impedance");
  if (groups_.empty()) begin({});
  ImpedanceRows& rows = groups_.back().rows;
  rows.frequency.push_back(point.frequency);
  rows.real.push_back(point.real);
  rows.imaginary.push_back(point.imaginary);
  rows.time.push_back(point.time);
  rows.dc_voltage.push_back(point.voltage);
  rows.dc_current.push_back(point.current);
  ++taken_;
}

void Points::refuse(const text::Line& line, std::string reason) {
  if (refused_++ >= Record::kept_rejects) return;
  Place place{file_, line.number, 1, 1, {}};
  if (line.text.size() <= shown_columns && text::is_utf8(line.text)) {
    place.text = line.text;
    place.length = std::max<std::size_t>(1, line.text.size());
  }
  rejects_.push_back({std::move(place), std::move(reason)});
}

void Points::finish(Record& record, double begun) {
  if (taken_ == 0) {
    std::vector<std::string> hints{"expected: rows with a frequency in Hz and an impedance in ohm"};
    if (!rejects_.empty()) hints.push_back(fmt::format("the first row refused: {}", rejects_.front().reason));
    throw Error("D351", "the file holds no usable point of an impedance spectrum",
                rejects_.empty() ? Place{file_, 0, 0, 1, {}} : rejects_.front().place, std::move(hints));
  }
  if (refused_ > 0)
    record.warnings.push_back({Severity::warning, "D350",
                               fmt::format("{} of {} points refused; the first: {}", refused_,
                                           refused_ + taken_, rejects_.front().reason),
                               rejects_.front().place});
  const std::size_t room = Record::kept_rejects - std::min(Record::kept_rejects, record.rejects.size());
  rejects_.resize(std::min(rejects_.size(), room));
  record.rejects.insert(record.rejects.end(), std::make_move_iterator(rejects_.begin()),
                        std::make_move_iterator(rejects_.end()));
  for (Group& group : groups_) add_spectra(group.head, group.rows, begun, record.spectra);
}

char decimal_mark(std::string_view text) {
  std::size_t comma = 0, point = 0;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] != ',' && text[i] != '.') continue;
    if (is_digit(text[i - 1]) && is_digit(text[i + 1])) ++(text[i] == ',' ? comma : point);
  }
  return comma > point ? ',' : '.';
}

double number_at(const std::vector<std::string_view>& fields, std::size_t at, char decimal) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  return at < fields.size() ? text::parse_number(fields[at], decimal).value_or(nan) : nan;
}

double start_of(Record& record, const std::string& file, std::string_view date,
                std::string_view time_of_day) {
  const std::string stamp = fmt::format("{} {}", trim(date), trim(time_of_day));
  auto start = text::parse_date(stamp, text::DateOrder::month_first);
  const char* order = "month/day/year";
  if (!start) {
    start = text::parse_date(stamp, text::DateOrder::day_first);
    order = "day.month.year";
  }
  if (!start) return std::numeric_limits<double>::quiet_NaN();
  record.metadata["time zone"] = "not in the file; dates are taken as UTC";
  if (text::is_ambiguous_date(stamp))
    record.warnings.push_back(
        {Severity::warning, "D015",
         fmt::format("day and month of `{}` could also be the other way round; {} was taken",
                     trim(date), order),
         Place{file, 0, 0, 1, {}}});
  return *start;
}

void take_area(Record& record, const std::string& file, double area) {
  if (!std::isfinite(area) || area <= 0.0) return;
  if (area != 1.0) {
    record.cell.area = area * 1e-4;
    return;
  }
  record.warnings.push_back(
      {Severity::warning,
       "D358",
       "the area of 1 cm2 in the file is what its program writes when none is given; it is not taken",
       Place{file, 0, 0, 1, {}},
       {"state it in the cell file: area = \"1 cm2\""}});
}

double peak_of_rms(double rms) noexcept { return rms * std::numbers::sqrt2; }

void date_rows(Record& record, double begun) {
  if (record.rows() == 0 || record.has(col::unix_time) || !std::isfinite(begun)) return;
  const auto time = std::as_const(record).real(col::test_time);
  std::vector<double> unix(time.begin(), time.end());
  for (double& t : unix) t += begun;
  record.set(col::unix_time, std::move(unix));
}

} // namespace platen::impedance_files

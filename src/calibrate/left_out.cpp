#include "calibrate/left_out.hpp"

#include "base/embedded.hpp"
#include "base/error.hpp"
#include "calibrate/stored.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace platen::calibrate {
namespace {

constexpr std::string_view heading = "figure,row,class,platen,unit,verdict,probability";

/// "# key: value" of a comment; empty for another line.
std::optional<std::string_view> comment(std::string_view line, std::string_view key) {
  const std::string start = fmt::format("# {}: ", key);
  return line.starts_with(start) ? std::optional(line.substr(start.size())) : std::nullopt;
}

TargetVerdict verdict_of(std::string_view word) {
  for (const TargetVerdict v : {TargetVerdict::met, TargetVerdict::missed})
    if (word == label(v)) return v;
  return TargetVerdict::not_evaluated;
}

} // namespace

LeftOut left_out_of(std::span<const Refit> refits, std::string_view program) {
  LeftOut out;
  out.program = program;
  for (const Target& row : ham2022_targets())
    for (const Refit& r : refits) {
      const auto f = std::find_if(r.forecasts.begin(), r.forecasts.end(), [&](const RowForecast& one) { return one.row == row.id; });
      if (f == r.forecasts.end() || !predicts(r.left_out, row)) continue;
      out.numbers = r.values.size();
      out.rows.push_back({.figure = r.left_out.empty() ? figures_of(row).front() : r.left_out, .row = row.id, .row_class = row.target_class,
                          .platen = f->platen ? fmt::format("{:.4g}", *f->platen) : f->platen_text, .unit = row.unit, .verdict = f->verdict, .in_band = f->in_band});
    }
  return out;
}

LeftOutCount count(const LeftOut& left_out) {
  LeftOutCount out;
  for (const LeftOutRow& r : left_out.rows) {
    if (r.row_class != "model" || r.verdict == TargetVerdict::not_evaluated) continue;
    const double hit = r.verdict == TargetVerdict::met ? 1.0 : 0.0;
    ++out.rows;
    out.hits += hit > 0.0 ? 1 : 0;
    if (!r.in_band) continue;
    ++out.with_probability;
    out.expected += *r.in_band;
    out.brier += (*r.in_band - hit) * (*r.in_band - hit);
  }
  if (out.rows > 0) out.bounds = numerics::binomial_interval(static_cast<double>(out.hits), static_cast<double>(out.rows));
  if (out.with_probability > 0) out.brier /= static_cast<double>(out.with_probability);
  return out;
}

std::string phrase(const LeftOutCount& c) {
  return fmt::format("{} of {} model rows ({:.0f} %; 95 % bounds {:.0f} to {:.0f} %)", c.hits, c.rows, 100.0 * static_cast<double>(c.hits) / static_cast<double>(std::max<std::size_t>(c.rows, 1)),
                     100.0 * c.bounds.low, 100.0 * c.bounds.high);
}

std::string left_out_csv(const LeftOut& left_out) {
  std::string out = fmt::format("# Rows of Ham et al. 2022 as fits without their figure predict them: platen reproduce ham2022 --leave-one-figure-out\n"
                                "# program: {}\n# fitted numbers: {}\n{}\n",
                                left_out.program, left_out.numbers, heading);
  for (const LeftOutRow& r : left_out.rows)
    out += fmt::format("{},{},{},{},{},{},{}\n", r.figure, r.row, r.row_class, r.platen, r.unit, label(r.verdict), r.in_band ? fmt::format("{:.3f}", *r.in_band) : "");
  return out;
}

LeftOut parse_left_out(std::string_view text) {
  LeftOut out;
  bool headed = false;
  for (const std::string_view line : split(text, '\n')) {
    if (const auto program = comment(line, "program")) out.program = *program;
    if (const auto numbers = comment(line, "fitted numbers")) std::from_chars(numbers->data(), numbers->data() + numbers->size(), out.numbers);
    if (line.empty() || line.front() == '#') continue;
    if (line == heading) {
      headed = true;
      continue;
    }
    const auto fields = split(line, ',');
    if (!headed || fields.size() != 7) throw Error("B041", fmt::format("the stored predictions have a row of {} fields: {}", fields.size(), line));
    LeftOutRow row;
    row.figure = fields[0];
    row.row = fields[1];
    row.row_class = fields[2];
    row.platen = fields[3];
    row.unit = fields[4];
    row.verdict = verdict_of(fields[5]);
    double probability = 0.0;
    if (std::from_chars(fields[6].data(), fields[6].data() + fields[6].size(), probability).ec == std::errc()) row.in_band = probability;
    out.rows.push_back(std::move(row));
  }
  if (!headed) throw Error("B041", "the stored predictions have no heading");
  return out;
}

const LeftOut& stored_left_out() {
  static const LeftOut out = [] {
    for (const EmbeddedText& file : stored_calibrations())
      if (file.name == "ham2022-left-out") return parse_left_out(file.text);
    throw Error("B041", "data/calibrations/ham2022-left-out.csv is not part of the program");
  }();
  return out;
}

} // namespace platen::calibrate

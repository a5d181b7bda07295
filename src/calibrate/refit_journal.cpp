#include "base/error.hpp"
#include "base/file.hpp"
#include "calibrate/refits.hpp"
#include "calibrate/stored.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace platen::calibrate {
namespace {

constexpr std::string_view heading = "platen refits ";
constexpr std::size_t checksum_digits = 16;

std::string checksum(std::string_view text) { return sha256(text).substr(0, checksum_digits); }

std::optional<double> number(std::string_view text) {
  double out = 0.0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  return fault == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

std::string numbers(const std::vector<double>& values) {
  std::string out;
  for (const double v : values) out += fmt::format("{}{}", out.empty() ? "" : " ", v);
  return out;
}

/// Empty where a word is no number.
std::optional<std::vector<double>> numbers(std::string_view text) {
  std::vector<double> out;
  if (text.empty()) return out;
  for (const std::string_view word : split(text, ' ')) {
    const auto value = number(word);
    if (!value) return std::nullopt;
    out.push_back(*value);
  }
  return out;
}

std::string shown(const std::optional<double>& value) { return value ? fmt::format("{}", *value) : ""; }

std::optional<RowForecast> forecast(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 6) return std::nullopt;
  RowForecast out;
  out.row = parts[0];
  out.platen = number(parts[1]);
  out.platen_text = parts[2];
  const auto verdict = number(parts[3]);
  if (!verdict || !(*verdict >= 0.0 && *verdict <= 2.0)) return std::nullopt;
  out.verdict = static_cast<TargetVerdict>(static_cast<int>(*verdict));
  out.in_band = number(parts[4]);
  out.likelihood = number(parts[5]);
  return out;
}

} // namespace

std::string refit_line(const Refit& r) {
  std::string draws, forecasts;
  for (const auto& d : r.draws) draws += (draws.empty() ? "" : ";") + numbers(d);
  for (const RowForecast& f : r.forecasts)
    forecasts += fmt::format("{}{}:{}:{}:{}:{}:{}", forecasts.empty() ? "" : ";", f.row, shown(f.platen), f.platen_text, static_cast<int>(f.verdict), shown(f.in_band), shown(f.likelihood));
  const std::string text = fmt::format("{}\t{}\t{}\t{} {} {} {} {} {}\t{}\t{}", r.explanation, r.left_out, numbers(r.values), r.cost, r.deviance, r.evidence, r.effective, r.rows,
                                       r.converged ? 1 : 0, draws, forecasts);
  return fmt::format("{}\t{}", checksum(text), text);
}

std::optional<Refit> parse_refit(std::string_view line) {
  const auto fields = split(line, '\t');
  if (fields.size() != 7 || checksum(line.substr(std::min(line.size(), checksum_digits + 1))) != fields[0]) return std::nullopt;
  const auto values = numbers(fields[3]), sums = numbers(fields[4]);
  if (!values || !sums || sums->size() != 6) return std::nullopt;
  Refit out;
  out.explanation = fields[1];
  out.left_out = fields[2];
  out.values = *values;
  out.cost = (*sums)[0];
  out.deviance = (*sums)[1];
  out.evidence = (*sums)[2];
  out.effective = (*sums)[3];
  out.rows = static_cast<std::size_t>((*sums)[4]);
  out.converged = (*sums)[5] == 1.0;
  if (!fields[5].empty())
    for (const std::string_view one : split(fields[5], ';')) {
      auto draw = numbers(one);
      if (!draw) return std::nullopt;
      out.draws.push_back(std::move(*draw));
    }
  if (!fields[6].empty())
    for (const std::string_view one : split(fields[6], ';')) {
      auto f = forecast(one);
      if (!f) return std::nullopt;
      out.forecasts.push_back(std::move(*f));
    }
  return out;
}

std::string fingerprint(std::string_view program, const RefitOptions& options) {
  std::string text = fmt::format("{} {} {} {} {}\n", program, options.starts, options.draws, options.iterations, options.share);
  for (const Explanation& e : ham2022_explanations()) text += e.name + '\n';
  Mechanisms all;
  all.yielding_gap = true;
  for (const Number& n : ham2022_numbers(all)) text += fmt::format("{} {} {} {} {} {}\n", n.key, n.start, n.low, n.high, n.prior->mean, n.prior->deviation);
  for (const RowTerm& t : ham2022_terms()) text += fmt::format("{} {} {} {}\n", t.row.id, t.low, t.high, t.row.value.value_or(0.0));
  const PublishedProblem problem = ham2022_problem(all);
  std::vector<double> starts, residuals(problem.problem.residuals);
  for (const Number& n : problem.problem.numbers) starts.push_back(n.start);
  // the laws themselves: what they say at the priors' centre, in few digits
  if (problem.problem.evaluate(starts, residuals, {}))
    for (const double r : residuals) text += fmt::format("{:.4g} ", r);
  return sha256(text);
}

RefitJournal::RefitJournal(std::optional<std::filesystem::path> path, std::string fingerprint) : path_(std::move(path)), fingerprint_(std::move(fingerprint)) {
  text_ = fmt::format("{}{}\n", heading, fingerprint_);
  if (!path_ || !std::filesystem::exists(*path_)) return;
  const std::string text = read_file(*path_);
  if (!text.starts_with(heading)) throw Error("U014", fmt::format("`{}` is no journal of refits", path_->string()), std::nullopt, {"name a new file, or the journal of an interrupted run"});
  if (!text.starts_with(text_)) { // of another program or other options
    set_aside(*path_);
    return;
  }
  for (const std::string_view line : split(text, '\n'))
    if (auto r = parse_refit(line)) {
      refits_.push_back(std::move(*r));
      text_ += std::string(line) + '\n';
    }
}

std::optional<Refit> RefitJournal::find(std::string_view explanation, std::string_view left_out) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(refits_.begin(), refits_.end(), [&](const Refit& r) { return r.explanation == explanation && r.left_out == left_out; });
  return found == refits_.end() ? std::nullopt : std::optional(*found);
}

void RefitJournal::add(const Refit& refit) {
  const std::lock_guard lock(mutex_);
  refits_.push_back(refit);
  text_ += refit_line(refit) + '\n';
  if (path_) write_file(*path_, text_); // some hundred lines at most: written whole, aside and renamed
}

} // namespace platen::calibrate

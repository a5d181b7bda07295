#include "base/error.hpp"
#include "base/file.hpp"
#include "calibrate/refits.hpp"
#include "calibrate/stored.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::calibrate {
namespace {

constexpr std::string_view program_mark = " of "; ///< before the program in the head of a journal

std::string shown(const std::optional<double>& value) { return value ? fmt::format("{}", *value) : ""; }

std::optional<RowForecast> forecast(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 6) return std::nullopt;
  RowForecast out;
  out.row = parts[0];
  out.platen = number_of(parts[1]);
  out.platen_text = parts[2];
  const auto verdict = number_of(parts[3]);
  if (!verdict || !(*verdict >= 0.0 && *verdict <= 2.0)) return std::nullopt;
  out.verdict = static_cast<TargetVerdict>(static_cast<int>(*verdict));
  out.in_band = number_of(parts[4]);
  out.likelihood = number_of(parts[5]);
  return out;
}

} // namespace

std::string refit_text(const Refit& r) {
  std::string draws, forecasts;
  for (const auto& d : r.draws) draws += (draws.empty() ? "" : ";") + text_of(d, ' ');
  for (const RowForecast& f : r.forecasts)
    forecasts += fmt::format("{}{}:{}:{}:{}:{}:{}", forecasts.empty() ? "" : ";", f.row, shown(f.platen), f.platen_text, static_cast<int>(f.verdict), shown(f.in_band), shown(f.likelihood));
  return fmt::format("{}\t{}\t{}\t{} {} {} {} {} {}\t{}\t{}", r.explanation, r.left_out, text_of(r.values, ' '), r.cost, r.deviance, r.evidence, r.effective, r.rows, r.converged ? 1 : 0, draws,
                     forecasts);
}

std::optional<Refit> parse_refit(std::string_view text) {
  const auto fields = split(text, '\t');
  if (fields.size() != 6) return std::nullopt;
  const auto values = numbers_of(fields[2], ' '), sums = numbers_of(fields[3], ' ');
  if (!values || !sums || sums->size() != 6) return std::nullopt;
  Refit out;
  out.explanation = fields[0];
  out.left_out = fields[1];
  out.values = *values;
  out.cost = (*sums)[0];
  out.deviance = (*sums)[1];
  out.evidence = (*sums)[2];
  out.effective = (*sums)[3];
  out.rows = static_cast<std::size_t>((*sums)[4]);
  out.converged = (*sums)[5] == 1.0;
  if (!fields[4].empty())
    for (const std::string_view one : split(fields[4], ';')) {
      auto draw = numbers_of(one, ' ');
      if (!draw) return std::nullopt;
      out.draws.push_back(std::move(*draw));
    }
  if (!fields[5].empty())
    for (const std::string_view one : split(fields[5], ';')) {
      auto f = forecast(one);
      if (!f) return std::nullopt;
      out.forecasts.push_back(std::move(*f));
    }
  return out;
}

std::string refits_identity(std::string_view program, const RefitOptions& options) {
  std::string text = fmt::format("{} {} {} {}\n", options.starts, options.draws, options.iterations, options.share);
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
  return fmt::format("refits {}{}{}", sha256(text), program_mark, program);
}

RefitJournal::RefitJournal(const std::optional<std::filesystem::path>& path, const std::string& identity) {
  if (!path) return;
  writer_ = std::make_unique<work::JournalWriter>(*path, identity);
  work::JournalReader reader(*path);
  for (std::string_view text; reader.next(text);) {
    auto refit = parse_refit(text);
    if (!refit) throw Error("D521", fmt::format("{}: the record at byte {} is no fit", path->string(), reader.offset()), std::nullopt, {"delete the journal to begin anew"});
    refits_.push_back(std::move(*refit));
  }
}

std::optional<Refit> RefitJournal::find(std::string_view explanation, std::string_view left_out) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(refits_.begin(), refits_.end(), [&](const Refit& r) { return r.explanation == explanation && r.left_out == left_out; });
  return found == refits_.end() ? std::nullopt : std::optional(*found);
}

void RefitJournal::add(const Refit& refit) {
  if (writer_) {
    writer_->append(refit_text(refit));
    writer_->sync(); // a fit takes tens of seconds
  }
  const std::lock_guard lock(mutex_);
  refits_.push_back(refit);
}

std::size_t RefitJournal::size() const {
  const std::lock_guard lock(mutex_);
  return refits_.size();
}

StoredRefits stored_refits() {
  StoredRefits out;
  for (const EmbeddedText& file : stored_calibrations()) {
    if (file.name != "ham2022-fits") continue;
    for (const std::string_view line : split(file.text, '\n')) {
      if (line.empty()) continue;
      std::string_view text;
      const bool sound = work::journal_record(line, text);
      const std::size_t program = text.find(program_mark);
      if (sound && out.program.empty() && program != std::string_view::npos) {
        out.program = text.substr(program + program_mark.size());
        continue;
      }
      auto refit = sound ? parse_refit(text) : std::nullopt;
      if (!refit) throw Error("B041", "data/calibrations/ham2022-fits.txt is damaged");
      out.refits.push_back(std::move(*refit));
    }
  }
  return out;
}

} // namespace platen::calibrate

#include "calibrate/problem.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <memory>
#include <mutex>

namespace platen::calibrate {
namespace {

/// The last answers of one part.
class Memory {
public:
  bool find(std::span<const double> values, std::span<double> residuals, bool& simulated) const {
    const std::lock_guard lock(guard_);
    for (const Answer& a : answers_) {
      if (!std::equal(values.begin(), values.end(), a.values.begin())) continue;
      std::copy(a.residuals.begin(), a.residuals.end(), residuals.begin());
      simulated = a.simulated;
      return true;
    }
    return false;
  }
  void keep(std::span<const double> values, std::span<const double> residuals, bool simulated) {
    const std::lock_guard lock(guard_);
    if (answers_.size() == kept) answers_.pop_front();
    answers_.push_back({{values.begin(), values.end()}, {residuals.begin(), residuals.end()}, simulated});
  }

private:
  struct Answer {
    std::vector<double> values, residuals;
    bool simulated;
  };
  static constexpr std::size_t kept = 8; // a point, and the ones that threads try around it
  mutable std::mutex guard_;
  std::deque<Answer> answers_;
};

/// A part within the whole.
struct Place {
  std::vector<std::size_t> numbers; ///< of the whole, one for each of the part
  std::size_t first = 0;            ///< residual
  std::shared_ptr<Memory> memory = std::make_shared<Memory>();
};

bool evaluate_part(const Problem& part, const Place& place, std::span<const double> values, std::span<double> residuals, const work::Task& task) {
  std::vector<double> own(place.numbers.size());
  for (std::size_t j = 0; j < own.size(); ++j) own[j] = values[place.numbers[j]];
  const std::span<double> out = residuals.subspan(place.first, part.residuals);
  bool simulated = false;
  if (place.memory->find(own, out, simulated)) return simulated;
  simulated = part.evaluate(own, out, task);
  place.memory->keep(own, out, simulated);
  return simulated;
}

std::size_t number_of(std::vector<Number>& numbers, const Number& wanted) {
  const auto found = std::find_if(numbers.begin(), numbers.end(), [&](const Number& n) { return n.key == wanted.key; });
  if (found == numbers.end()) {
    numbers.push_back(wanted);
    return numbers.size() - 1;
  }
  if (found->logarithmic != wanted.logarithmic)
    throw Error("B040", fmt::format("parts of a calibration disagree on whether `{}` is fitted as a logarithm", wanted.key));
  return static_cast<std::size_t>(found - numbers.begin());
}

/// The problem whose parts these are, its numbers those of `all` and then those that only parts know.
Problem assembled(std::vector<Number> all, std::vector<Problem> parts) {
  Problem whole;
  whole.numbers = std::move(all);
  std::vector<Place> places(parts.size());
  for (std::size_t k = 0; k < parts.size(); ++k) {
    for (const Number& n : parts[k].numbers) places[k].numbers.push_back(number_of(whole.numbers, n));
    places[k].first = whole.residuals;
    for (Term t : parts[k].terms) {
      t.first += whole.residuals;
      whole.terms.push_back(std::move(t));
    }
    whole.residuals += parts[k].residuals;
  }
  whole.parts = parts;
  whole.evaluate = [parts = std::move(parts), places = std::move(places)](std::span<const double> values, std::span<double> residuals,
                                                                          const work::Task& task) {
    for (std::size_t k = 0; k < parts.size(); ++k)
      if (!evaluate_part(parts[k], places[k], values, residuals, task)) return false;
    return true;
  };
  return whole;
}

bool has_group(const Problem& problem, std::string_view group) {
  return std::any_of(problem.terms.begin(), problem.terms.end(), [&](const Term& t) { return t.group == group; });
}

/// `problem` with the residuals of the terms that stay, for a problem without parts.
Problem thinned(const Problem& problem, std::string_view group) {
  Problem out;
  out.numbers = problem.numbers;
  std::vector<std::size_t> kept;
  for (const Term& t : problem.terms) {
    if (t.group == group) continue;
    out.terms.push_back({t.label, t.group, kept.size(), t.count});
    for (std::size_t i = 0; i < t.count; ++i) kept.push_back(t.first + i);
  }
  out.residuals = kept.size();
  out.evaluate = [kept, all = problem.residuals, evaluate = problem.evaluate](std::span<const double> values, std::span<double> residuals,
                                                                              const work::Task& task) {
    std::vector<double> every(all);
    if (!evaluate(values, every, task)) return false;
    for (std::size_t i = 0; i < kept.size(); ++i) residuals[i] = every[kept[i]];
    return true;
  };
  return out;
}

} // namespace

double Number::scaled(double value) const { return logarithmic ? std::log(value) : value; }
double Number::unscaled(double x) const { return logarithmic ? std::exp(x) : x; }

Problem joined(std::vector<Problem> parts) { return assembled({}, std::move(parts)); }

Problem without(const Problem& problem, std::string_view group) {
  if (!has_group(problem, group)) throw Error("B040", fmt::format("no term of the calibration belongs to `{}`", group));
  Problem out;
  if (problem.parts.empty()) {
    out = thinned(problem, group);
  } else {
    std::vector<Problem> parts;
    for (const Problem& part : problem.parts) {
      Problem rest = has_group(part, group) ? without(part, group) : part;
      if (rest.residuals > 0) parts.push_back(std::move(rest));
    }
    out = assembled(problem.numbers, std::move(parts));
  }
  return out;
}

std::vector<std::string> groups_of(const Problem& problem) {
  std::vector<std::string> groups;
  for (const Term& t : problem.terms)
    if (std::find(groups.begin(), groups.end(), t.group) == groups.end()) groups.push_back(t.group);
  return groups;
}

} // namespace platen::calibrate

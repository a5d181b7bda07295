#include "advise/advise.hpp"

#include "advise/trial.hpp"
#include "numerics/random.hpp"
#include "numerics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <set>

namespace platen::advise {
namespace {

/// Share of the progress that single changes take.
constexpr double singles_share = 0.6;
/// Screws of the fixture of Ham et al. 2022, for a study that has no springs yet.
constexpr int papers_rods = 3;
/// Values of hold time and of hold pressure that are crossed, so that a plot can be drawn.
constexpr std::size_t crossed_times = 5, crossed_pressures = 3;

work::Task part_of(const work::Task& task, double from, double to) {
  work::Task out{.stop = task.stop, .progress = {}};
  if (task.progress) out.progress = [&task, from, to](double f) { task.progress(from + (to - from) * f); };
  return out;
}

SpringDemand demand_with(const Study& study, const Question& question) {
  SpringDemand out = question.springs;
  const SpringDemand of_study = demand_of(study, question.goal.areal_capacity.value_or(0.0));
  out.area = of_study.area;
  out.pressure = of_study.pressure;
  if (!question.own_breathing) out.breathing = of_study.breathing;
  out.loading_temperature = of_study.loading_temperature;
  out.cycling_temperature = of_study.cycling_temperature;
  out.set_again_when_warm = of_study.set_again_when_warm;
  out.hold_pressure = of_study.hold_pressure;
  if (out.rods == 0) out.rods = study.fixture.springs ? study.fixture.springs->count : papers_rods; // as many as it has now
  return out;
}

/// The springs of a choice as the study would hold them, checked at another stack pressure.
bool bears(const FixtureOption& option, const SpringDemand& demand, const physics::Parameters& p) {
  if (!option.springs) return true;
  CatalogueSpring s;
  s.rate = option.springs->rate;
  s.load_limit = option.springs->load_limit;
  s.travel = option.springs->travel;
  SpringDemand own = demand;
  own.rod_diameter = own.rod_length = own.room = own.largest_swing = std::nullopt;
  return spring_choice(s, option.springs->count, own, p).refused.empty();
}

class Engine {
public:
  Engine(const Study& study, const Question& question, const work::Task& task, unsigned threads, Advice& advice)
      : question_(question), task_(task), threads_(threads), advice_(advice), ready_(prepared(study, question.goal)), base_(setting_of(ready_.study)) {}

  void run(const Ensemble& ensemble) {
    take(ensemble);
    find_fixtures();
    advice_.untested = untested(ready_.study, question_.goal);
    for (const std::string& note : ready_.notes) advice_.untested.push_back(note);
    advice_.about_swing = ready_.target.about_swing;
    advice_.target = ready_.target.current_density;
    evaluate(first_round(), 0.0, singles_share);
    evaluate(pairs(), singles_share, 1.0);
    conclude();
  }

private:
  using Runs = std::vector<Run>;
  struct Evaluated {
    Candidate candidate;
    std::vector<SetOfCells> sets;
  };

  void take(const Ensemble& ensemble) {
    advice_.ensemble = ensemble.name;
    advice_.conditioned = ensemble.conditioned;
    std::map<std::string, double> weights;
    std::map<std::string, std::size_t> outside;
    for (const Explanation& e : ensemble.sets) {
      explanations_.push_back(e);
      explanations_.back().study = prepared_like(e.study, question_.goal);
      weights[e.mechanisms] += e.weight;
      for (const std::string& parameter : e.outside) ++outside[parameter];
    }
    advice_.mechanisms.assign(weights.begin(), weights.end());
    std::stable_sort(advice_.mechanisms.begin(), advice_.mechanisms.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    for (const auto& [parameter, count] : outside)
      advice_.warnings.push_back({Severity::warning, "C086", fmt::format("`{}` lies outside the range that its parameter set allows in {} of {} members of the ensemble", parameter, count, ensemble.sets.size()), std::nullopt, {}});
    advice_.sets = explanations_.size();
    advice_.cells = question_.ensemble.cells;
  }

  /// The study's own fixture, the other one, and of the springs those with the least swing and those that cost least.
  void find_fixtures() {
    advice_.fixtures = {fixture_of(ready_.study)};
    const auto* knob = range(Knob::fixture);
    if (knob == nullptr) return;
    if (knob->gap && advice_.fixtures.front().springs) advice_.fixtures.push_back({"fixed gap", std::nullopt, 0.0});
    if (!knob->springs) return;
    if (question_.catalogue.empty()) add_papers_springs();
    if (advice_.springs.empty() || !advice_.springs.front().refused.empty()) return;
    const auto add = [&](const SpringChoice& c) {
      const FixtureOption option{fmt::format("{} x {}", c.count, c.spring.name), c.springs(), c.price.value_or(0.0)};
      const bool there = std::any_of(advice_.fixtures.begin(), advice_.fixtures.end(), [&](const FixtureOption& f) {
        return f.springs && f.springs->count == c.count && f.springs->rate == c.spring.rate && f.springs->load_limit == c.spring.load_limit;
      });
      if (!there) advice_.fixtures.push_back(option);
    };
    add(advice_.springs.front());
    const SpringChoice* cheapest = nullptr;
    for (const SpringChoice& c : advice_.springs)
      if (c.refused.empty() && c.price && (cheapest == nullptr || *c.price < *cheapest->price)) cheapest = &c;
    if (cheapest != nullptr) add(*cheapest);
  }

  /// Without a catalogue: three of the paper's springs, for a full cell that has none.
  void add_papers_springs() {
    if (advice_.fixtures.front().springs || !ready_.study.cell.cathode) return;
    const CatalogueSpring spring = built_in_catalogue().springs.front();
    advice_.fixtures.push_back({fmt::format("3 x {}", spring.name), Springs{3, spring.rate, spring.load_limit, spring.travel}, 0.0});
  }

  const KnobRange* range(Knob knob) const {
    const auto found = std::find_if(question_.knobs.begin(), question_.knobs.end(), [&](const KnobRange& r) { return r.knob == knob; });
    return found == question_.knobs.end() ? nullptr : &*found;
  }

  std::vector<double> values_of(const KnobRange& r) const {
    if (r.knob != Knob::fixture) return r.values;
    std::vector<double> out;
    for (std::size_t k = 1; k < advice_.fixtures.size(); ++k) out.push_back(static_cast<double>(k));
    return out;
  }

  double cost_of(const Setting& to) const {
    double out = 0.0;
    for (const KnobRange& r : question_.knobs) {
      if (at(to, r.knob) == at(base_, r.knob)) continue;
      out += r.cost(at(base_, r.knob), at(to, r.knob));
      if (r.knob == Knob::fixture) out += question_.price_weight * advice_.fixtures[static_cast<std::size_t>(at(to, r.knob))].price;
    }
    return out;
  }

  /// Whether a setting can be built: springs that bear its pressure, a cathode that holds the capacity asked for.
  bool possible(const Setting& to) const {
    const Study study = turned(ready_.study, base_, to, advice_.fixtures);
    if (question_.goal.areal_capacity && study.cell.cathode && study.cell.cathode->areal_capacity < *question_.goal.areal_capacity * (1.0 - 1e-9)) return false;
    SpringDemand demand = demand_with(study, question_);
    if (at(to, Knob::fixture) == 0.0 && at(to, Knob::stack_pressure) == at(base_, Knob::stack_pressure)) return true; // the study stands as it is
    return bears(advice_.fixtures[static_cast<std::size_t>(at(to, Knob::fixture))], demand, study.parameters);
  }

  void add(std::vector<Setting>& out, const Setting& to) const {
    if (seen_.contains(to) || std::find(out.begin(), out.end(), to) != out.end() || !possible(to)) return;
    out.push_back(to);
  }

  /// The study as it is, each knob at each of its values, and hold time against hold pressure.
  std::vector<Setting> first_round() {
    std::vector<Setting> out{base_};
    for (const KnobRange& r : question_.knobs) {
      if (at(base_, r.knob) == no_knob) {
        advice_.warnings.push_back({Severity::warning, "C085", fmt::format("the study has no {} to turn", info(r.knob).words), std::nullopt, {}});
        continue;
      }
      for (const double value : values_of(r)) {
        Setting to = base_;
        at(to, r.knob) = value;
        add(out, to);
      }
    }
    const KnobRange *time = range(Knob::hold_time), *pressure = range(Knob::hold_pressure);
    if (time == nullptr || pressure == nullptr || at(base_, Knob::hold_time) == no_knob) return out;
    for (const double t : thinned(time->values, crossed_times))
      for (const double p : thinned(pressure->values, crossed_pressures)) {
        Setting to = base_;
        at(to, Knob::hold_time) = t;
        at(to, Knob::hold_pressure) = p;
        add(out, to);
      }
    return out;
  }

  static std::vector<double> thinned(const std::vector<double>& values, std::size_t most) {
    if (values.size() <= most) return values;
    std::vector<double> out;
    for (std::size_t k = 0; k < most; ++k) out.push_back(values[(k * (values.size() - 1) + (most - 1) / 2) / (most - 1)]);
    return out;
  }

  /// For every two knobs the values that did best alone, together.
  std::vector<Setting> pairs() {
    std::map<Knob, const Evaluated*> best;
    for (const Evaluated& e : evaluated_) {
      if (e.candidate.knobs.size() != 1) continue;
      const Evaluated*& now = best[e.candidate.knobs.front()];
      const auto score = [](const Candidate& c) { return std::tuple(c.odds.probability, c.median, -c.cost); };
      if (now == nullptr || score(e.candidate) > score(now->candidate)) now = &e;
    }
    std::vector<Setting> out;
    for (const auto& [a, first] : best)
      for (const auto& [b, second] : best) {
        if (!(a < b)) continue;
        Setting to = base_;
        at(to, a) = at(first->candidate.setting, a);
        at(to, b) = at(second->candidate.setting, b);
        add(out, to);
      }
    return out;
  }

  void evaluate(const std::vector<Setting>& settings, double from, double to) {
    const std::size_t sets = explanations_.size(), cells = question_.ensemble.cells;
    std::vector<Run> runs(settings.size() * sets * cells);
    const work::Task part = part_of(task_, from, to);
    work::parallel_for(runs.size(), [&](std::size_t i) {
      const std::size_t cell = i % cells, set = i / cells % sets, setting = i / cells / sets;
      // A cell is the same in every setting: what differs is the setting.
      numerics::RandomStream seeds(question_.ensemble.seed, "advise cells", set * most_cells + cell);
      runs[i] = run_cell(turned(explanations_[set].study, base_, settings[setting], advice_.fixtures), ready_.target, 1 + (seeds.bits() >> 12), part);
    }, threads_, part);
    for (std::size_t k = 0; k < settings.size(); ++k) {
      seen_.insert(settings[k]);
      evaluated_.push_back(sum_up(settings[k], std::span(runs).subspan(k * sets * cells, sets * cells)));
    }
  }

  Evaluated sum_up(const Setting& setting, std::span<const Run> runs) {
    Evaluated out;
    Candidate& c = out.candidate;
    c.setting = setting;
    c.change = change_in_words(base_, setting, advice_.fixtures);
    c.cost = cost_of(setting);
    for (std::size_t k = 0; k < knob_count; ++k)
      if (setting[k] != base_[k]) c.knobs.push_back(static_cast<Knob>(k));
    std::map<std::string, std::size_t> limits;
    std::vector<double> values;
    std::size_t missed = 0;
    for (std::size_t j = 0; j < explanations_.size(); ++j) {
      out.sets.push_back({explanations_[j].weight, explanations_[j].mechanisms, {}});
      for (const Run& r : runs.subspan(j * question_.ensemble.cells, question_.ensemble.cells)) {
        ++c.runs;
        if (!r.done) {
          ++c.failed;
          continue;
        }
        out.sets.back().cells.push_back(r.cell);
        values.push_back(r.value);
        c.bounded = c.bounded || r.bounded;
        if (!r.cell.reached) {
          ++missed;
          ++limits[r.limit];
        }
      }
    }
    if (values.empty()) throw Error("S022", fmt::format("no cell could be simulated: {}", c.change), std::nullopt, {"narrow the knobs in a goal file"});
    c.odds = odds_of(out.sets);
    if (!evaluated_.empty()) c.gain = gain_of(evaluated_.front().sets, out.sets);
    c.median = numerics::quantile(values, 0.5);
    c.quantity = {numerics::quantile(values, 0.05), numerics::quantile(values, 0.95)};
    for (const auto& [law, count] : limits) c.limits.emplace_back(law, static_cast<double>(count) / static_cast<double>(missed));
    std::stable_sort(c.limits.begin(), c.limits.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    for (std::string& words : untested(turned(ready_.study, base_, setting, advice_.fixtures), question_.goal))
      if (std::find(advice_.untested.begin(), advice_.untested.end(), words) == advice_.untested.end()) c.untested.push_back(std::move(words));
    return out;
  }

  void conclude() {
    advice_.as_it_is = evaluated_.front().candidate;
    std::size_t failed = 0, runs = 0;
    for (const Evaluated& e : evaluated_) {
      failed += e.candidate.failed;
      runs += e.candidate.runs;
      if (&e != &evaluated_.front()) advice_.changes.push_back(e.candidate);
    }
    if (failed > 0)
      advice_.warnings.push_back({Severity::warning, "S021", fmt::format("{} of {} runs could not be simulated and are left out", failed, runs), std::nullopt, {}});
    std::stable_sort(advice_.changes.begin(), advice_.changes.end(), [](const Candidate& a, const Candidate& b) {
      const auto order = [](const Candidate& c) { return std::tuple(c.knobs.size(), !c.helps(), c.helps() ? c.cost_per_gain() : -c.odds.probability, c.cost); };
      return order(a) < order(b);
    });
    for (std::size_t k = 0; k < advice_.changes.size(); ++k) {
      const Candidate& c = advice_.changes[k];
      if (c.helps() && !advice_.cheapest_help) advice_.cheapest_help = k;
      const auto cheaper = [&](const std::optional<std::size_t>& than) { return !than || c.cost < advice_.changes[*than].cost; };
      const bool reaches = c.odds.probability >= question_.goal.probability;
      if (reaches && cheaper(advice_.cheapest_reach)) advice_.cheapest_reach = k;
      if (reaches && c.untested.empty() && cheaper(advice_.cheapest_measured)) advice_.cheapest_measured = k;
      if (!advice_.best || c.odds.probability > advice_.changes[*advice_.best].odds.probability) advice_.best = k;
    }
  }

  const Question& question_;
  const work::Task& task_;
  unsigned threads_;
  Advice& advice_;
  Prepared ready_;
  Setting base_;
  std::vector<Explanation> explanations_;
  std::vector<Evaluated> evaluated_; ///< the study as it is first
  std::set<Setting> seen_;
};

} // namespace

Advice advise(const Study& study, const Question& question, const Ensemble& ensemble, const work::Task& task, unsigned threads) {
  Advice out;
  out.study = study.name;
  out.description = study.description;
  out.question = question;
  out.warnings = ensemble.warnings;
  if (!question.catalogue.empty()) {
    const Catalogue catalogue = question.catalogue == "built-in" ? built_in_catalogue() : read_catalogue(question.catalogue);
    out.catalogue = catalogue.name;
    out.currency = catalogue.currency;
    out.warnings.insert(out.warnings.end(), catalogue.warnings.begin(), catalogue.warnings.end());
    out.demand = demand_with(study, question);
    if (!(out.demand.pressure > 0.0))
      throw Error("C083", "the study sets no stack pressure that springs could hold", std::nullopt, {"add \"Release to 5 MPa\" or \"Set stack pressure to 5 MPa\" to its test"});
    std::vector<physics::Parameters> parameters;
    for (const Explanation& e : ensemble.sets) parameters.push_back(e.study.parameters);
    out.springs = rank_springs(catalogue, out.demand, study.parameters, parameters);
    out.gap = loop_in_gap(study.parameters, out.demand.pressure, out.demand.breathing);
  }
  if (question.goal.stated()) Engine(study, question, task, threads, out).run(ensemble);
  return out;
}

} // namespace platen::advise

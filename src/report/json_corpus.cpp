#include "report/corpus.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace platen::report {
namespace {

using Json = nlohmann::ordered_json;
using referee::Rate;
using referee::Summary;

Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }
Json seconds(double value) { return {{"value", finite(value)}, {"unit", "s"}}; }

Json rate(const Rate& r) {
  const numerics::Bounds b = r.bounds();
  return {{"hits", r.hits}, {"of", r.of}, {"share", finite(r.value())}, {"low", r.of > 0 ? Json(b.low) : Json(nullptr)},
          {"high", r.of > 0 ? Json(b.high) : Json(nullptr)}};
}

Json aims(const Summary& s) {
  Json out = Json::array();
  for (const referee::Aim& a : s.aims) {
    const auto met = a.met();
    out.push_back({{"name", a.name}, {a.at_least ? "at_least" : "at_most", a.wanted}, {"rate", rate(a.rate)}, {"met", met ? Json(*met) : Json(nullptr)}});
  }
  return out;
}

Json confusion(const Summary& s) {
  Json out = Json::array();
  for (std::size_t r = 0; r < referee::conditions.size(); ++r) {
    Json called = Json::object();
    for (std::size_t c = 0; c < referee::verdicts.size(); ++c) called[std::string(label(referee::verdicts[c]))] = s.confusion[r][c];
    out.push_back({{"truth", label(referee::conditions[r])}, {"called", std::move(called)}});
  }
  return out;
}

Json curve(const Summary& s) {
  Json out = Json::array();
  for (const referee::OperatingPoint& p : s.curve)
    out.push_back({{"score", p.score}, {"hard", rate(p.hard)}, {"soft", rate(p.soft)}, {"older_than_the_test", rate(p.fake)}, {"false_alarms", rate(p.alarms)}});
  return out;
}

Json durations(const Summary& s) {
  Json out = Json::array();
  for (const referee::Bin& b : s.by_duration) out.push_back({{"from", seconds(b.low)}, {"to", seconds(b.high)}, {"found", rate(b.rate)}});
  return out;
}

Json shares(const Summary& s) {
  Json out = Json::array();
  for (const referee::Bin& b : s.by_share) out.push_back({{"from", b.low}, {"to", b.high}, {"found", rate(b.rate)}});
  return out;
}

Json onset(const referee::OnsetErrors& o) {
  return {{"count", o.count}, {"early", o.early}, {"least", seconds(o.least)}, {"low", seconds(o.low)}, {"median", seconds(o.median)},
          {"high", seconds(o.high)}, {"most", seconds(o.most)}};
}

Json kinds(const Summary& s) {
  Json out = Json::array();
  for (const referee::KindRow& k : s.kinds)
    out.push_back({{"kind", k.kind}, {"cells", k.cells}, {"found", rate(k.found)}, {"false_alarms", rate(k.alarms)}, {"faint_leaks", rate(k.faint)}});
  return out;
}

Json tests(const Summary& s) {
  Json out = Json::array();
  for (const referee::Worth& w : s.tests)
    out.push_back({{"without", w.test}, {"made", w.made}, {"lost", w.lost}, {"gained", w.gained}, {"found", rate(w.found)},
                   {"false_alarms_more", w.alarms_more}, {"false_alarms_less", w.alarms_less}});
  return out;
}

Json limits(const Summary& s) {
  Json found = Json::array(), dated = Json::array();
  for (const referee::Possible& p : s.possible)
    found.push_back({{"name", p.name}, {"cells", p.cells}, {"knowing_the_twin", p.known}, {"knowing_habits", p.habits}, {"within_half_cycles", p.within}, {"found", p.found}, {"hidden", p.hidden}, {"missed", p.missed}});
  for (const referee::Dated& d : s.dated)
    dated.push_back({{"name", d.name}, {"told_in_time", rate(d.told)}, {"right", rate(d.right)}, {"others_right", rate(d.by_luck)}});
  return {{"shorts", std::move(found)}, {"onsets", std::move(dated)}};
}

} // namespace

std::string json(const Measurement& m) {
  Json all = Json::array();
  for (const Summary& s : m.summaries)
    all.push_back({{"name", s.name},
                   {"cells", s.cells},
                   {"rows", s.rows},
                   {"aims", aims(s)},
                   {"confusion", confusion(s)},
                   {"operating_curve", curve(s)},
                   {"by_duration", durations(s)},
                   {"by_share", shares(s)},
                   {"onset_errors", onset(s.onset)},
                   {"half_cycles", {{"before", rate(s.before)}, {"shorted", rate(s.during)}, {"after", rate(s.after)}}},
                   {"kinds", kinds(s)},
                   {"tests", tests(s)},
                   {"limits", limits(s)}});
  const Json answer = {{"schema", "platen.corpus/1"}, {"set", label(m.plan.set)}, {"first", m.plan.first}, {"cells_of_each", m.plan.cells}, {"summaries", std::move(all)}};
  return answer.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace platen::report

#include "referee/judged.hpp"

#include "assess/evidence_names.hpp"

#include <algorithm>
#include <set>

namespace platen::referee {
namespace {

bool is_short(Verdict v) { return v == Verdict::soft_short || v == Verdict::hard_short || v == Verdict::fake_stable; }

/// Seconds of a half cycle that were shorted; stretches are widened by `by`.
double shorted(const HalfCycle& h, const corpus::Label& label, double by) {
  double out = 0.0;
  for (const corpus::Stretch& s : label.shorts) out += std::max(0.0, std::min(h.end, s.end + by) - std::max(h.start, s.start - by));
  return out;
}

HalfCycles count(const Assessment& assessment, const corpus::Label& label) {
  HalfCycles out;
  for (const HalfCycleAssessment& h : assessment.half_cycles) {
    const HalfCycle& c = h.half_cycle;
    const bool called = is_short(h.verdict);
    const double time = shorted(c, label, 0.0);
    if (!label.onset_from || c.end < *label.onset_from) {
      ++out.before;
      out.before_called += called;
    } else if (time >= 10.0 && time >= 0.1 * (c.end - c.start)) {
      ++out.during;
      out.during_called += called;
    } else if (c.start > label.shorts.back().end) {
      ++out.after;
      out.after_called += called;
    }
  }
  return out;
}

/// The tests that were made on a cell, by name.
std::vector<std::string> tests_made(const Assessment& assessment) {
  std::set<std::string> present;
  for (const HalfCycleAssessment& h : assessment.half_cycles)
    for (const Evidence& e : h.evidence) present.insert(e.name);
  std::vector<std::string> out;
  for (const std::string_view name : evidence_names())
    if (present.contains(std::string(name))) out.emplace_back(name);
  return out;
}

} // namespace

double tolerance(const corpus::Label& label) { return std::max(onset_tolerance, label.interval); }

Answer answer_of(const Assessment& assessment, const corpus::Label& label) {
  Answer out;
  out.verdict = assessment.verdict;
  out.alarm = is_short(assessment.verdict);
  out.onset = assessment.onset;
  const double near = tolerance(label);
  for (const HalfCycleAssessment& h : assessment.half_cycles) {
    out.score = std::max(out.score, h.score);
    if (shorted(h.half_cycle, label, near) <= 0.0) continue;
    out.score_in_short = std::max(out.score_in_short, h.score);
    out.found = out.found || (out.alarm && is_short(h.verdict));
  }
  if (!out.alarm || !label.onset_from || !out.onset) return out;
  const double at = *out.onset, from = *label.onset_from, to = std::max(from, *label.onset_to);
  out.onset_error = at < from ? at - from : std::max(0.0, at - to);
  out.early = *out.onset_error < -near;
  return out;
}

namespace {

/// Whether a judgement without that test can be another one: it fired or gave something to a score; or it is the fall, which others are dated by.
bool had_a_part(const Assessment& assessment, std::string_view test) {
  if (test == assessing::voltage_drop_name) return true;
  for (const HalfCycleAssessment& h : assessment.half_cycles)
    for (const Evidence& e : h.evidence)
      if (e.name == test && (e.fired || e.weight > 0.0)) return true;
  return false;
}

} // namespace

Judged judge_cell(const corpus::Cell& cell, bool ablation) {
  const Assessment assessment = assess(cell.record);
  Judged out;
  out.generator = cell.generator;
  out.seed = cell.seed;
  out.rows = cell.record.rows();
  out.label = cell.label;
  out.answer = answer_of(assessment, cell.label);
  out.half_cycles = count(assessment, cell.label);
  out.reason = assessment.reason;
  if (!ablation) return out;
  for (const std::string& test : tests_made(assessment)) {
    const Answer answer = had_a_part(assessment, test) ? answer_of(assess(cell.record, {.without = {test}}), cell.label) : out.answer;
    out.without.push_back({test, answer.alarm, answer.found});
  }
  return out;
}

} // namespace platen::referee

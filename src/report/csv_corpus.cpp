#include "report/corpus.hpp"

#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

std::string seconds(const std::optional<double>& value) { return value ? fmt::format("{:.6g}", *value) : ""; }

/// Quoted: reasons hold commas.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string half_cycles(const referee::HalfCycles& h) {
  return fmt::format("{},{},{},{},{},{}", h.before, h.before_called, h.during, h.during_called, h.after, h.after_called);
}

std::string bound(const std::optional<referee::Bound>& b) { return b ? fmt::format("{:.5g},{:.5g},{:.5g},{}", b->known, b->habits, b->within, seconds(b->told_after)) : ",,,"; }

} // namespace

std::string csv(const std::vector<referee::Judged>& cells) {
  std::string out = "generator,seed,kind,truth,verdict,found,false_alarm,early,score,score_in_short,onset_from_s,onset_to_s,onset_judged_s,"
                    "onset_error_s,interval_s,duration_s,share,conductance_S,half_cycles_before,called_before,half_cycles_shorted,"
                    "called_shorted,half_cycles_after,called_after,full_cell,geometry_known,rows,bound_twin,bound_habits,bound_within,told_after_s,reason\n";
  for (const referee::Judged& j : cells) {
    const corpus::Label& l = j.label;
    const referee::Answer& a = j.answer;
    const bool sound = l.condition == corpus::Condition::healthy || l.condition == corpus::Condition::contact_loss;
    out += fmt::format("{},{},{},{},{},{:d},{:d},{:d},{:.4f},{:.4f},{},{},{},{},{:.6g},{:.6g},{:.4f},{:.6g},{},{:d},{:d},{},{},{}\n", label(j.generator), j.seed,
                       quoted(l.kind), label(l.condition), label(a.verdict), a.found, a.alarm && sound, a.early, a.score, a.score_in_short,
                       seconds(l.onset_from), seconds(l.onset_to), seconds(a.onset), seconds(a.onset_error), l.interval, l.duration, l.share,
                       l.conductance, half_cycles(j.half_cycles), l.full_cell, l.geometry_known, j.rows, bound(j.bound), quoted(j.reason));
  }
  return out;
}

} // namespace platen::report

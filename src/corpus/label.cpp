#include "corpus/label.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace platen::corpus {
namespace {

/// Gaps shorter than this do not end a stretch, s.
constexpr double same_stretch = 30.0;
/// A hard short takes `leak_hard` in this share of the rest of the test,
constexpr double mostly = 0.9;
/// which lasts this long where the short is that old, s: contact that flickers stays for minutes now and then.
constexpr double stays = 300.0;

std::vector<Stretch> stretches(const std::vector<Moment>& course, double least) {
  std::vector<Stretch> out;
  for (const Moment& m : course) {
    if (m.half_cycle < 0 || m.share < least) continue;
    if (out.empty() || m.time - out.back().end > same_stretch) out.push_back({m.time, m.time, m.share});
    out.back().end = m.time;
    out.back().share = std::max(out.back().share, m.share);
  }
  return out;
}

/// Whether from some moment to the end nearly all of the current goes beside the electrolyte.
bool ends_hard(const std::vector<Moment>& course, double onset) {
  std::size_t hard = 0, all = 0;
  double end = onset, longest = 0.0;
  for (auto m = course.rbegin(); m != course.rend(); ++m) {
    if (m->half_cycle < 0) continue;
    if (all++ == 0) end = m->time;
    if (m->share < leak_hard) continue;
    if (static_cast<double>(++hard) >= mostly * static_cast<double>(all)) longest = end - m->time;
  }
  return hard > 0 && longest >= std::min(stays, mostly * (end - onset));
}

} // namespace

std::string_view label(Condition condition) {
  switch (condition) {
    case Condition::healthy: return "healthy";
    case Condition::faint_leak: return "faint leak";
    case Condition::soft_short: return "soft short";
    case Condition::hard_short: return "hard short";
    case Condition::fake_stable: return "fake stable";
    case Condition::contact_loss: break;
  }
  return "contact loss";
}

double share_of_full(double conductance, double current) {
  const double leaking = conductance * driving_voltage;
  return leaking > 0.0 ? leaking / (leaking + std::abs(current)) : 0.0;
}

void describe_leak(const std::vector<Moment>& course, Label& label) {
  const auto flowing = [](const Moment& m) { return m.half_cycle >= 0; };
  double most = 0.0;
  for (const Moment& m : course) {
    if (flowing(m)) most = std::max(most, m.share);
  }
  label.condition = label.lost_contact.empty() ? Condition::healthy : Condition::contact_loss;
  if (most < leak_begins) return;
  const double counts = most < leak_counts ? leak_begins : leak_counts;
  label.shorts = stretches(course, counts);
  const auto began = std::find_if(course.begin(), course.end(), [](const Moment& m) { return m.share >= leak_begins; });
  label.onset_from = began->time;
  const double reached = most < leak_counts ? 0.95 * most : leak_counts;
  label.onset_to = std::find_if(course.begin(), course.end(), [&](const Moment& m) { return flowing(m) && m.share >= reached; })->time;
  double time = 0.0, sum = 0.0;
  std::set<int> affected;
  for (std::size_t k = 0; k < course.size(); ++k) {
    const Moment& m = course[k];
    label.conductance = std::max(label.conductance, m.conductance);
    if (!flowing(m) || m.share < counts) continue;
    affected.insert(m.half_cycle);
    if (k == 0 || !flowing(course[k - 1])) continue;
    time += m.time - course[k - 1].time;
    sum += m.share * (m.time - course[k - 1].time);
  }
  label.half_cycles = affected.size();
  label.duration = time;
  label.share = time > 0.0 ? sum / time : most;
  const auto first = std::find_if(course.begin(), course.end(), flowing);
  if (most < leak_counts) label.condition = Condition::faint_leak;
  else if (*label.onset_to - first->time < std::max(unseen, 2.0 * label.interval)) label.condition = Condition::fake_stable;
  else label.condition = ends_hard(course, *label.onset_to) ? Condition::hard_short : Condition::soft_short;
}

} // namespace platen::corpus

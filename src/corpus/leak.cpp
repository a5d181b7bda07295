#include "corpus/leak.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace platen::corpus {
namespace {

/// A sense of having begun, and for how long.
class Begun {
public:
  explicit Begun(const Beginning& beginning) : beginning_(beginning) {}
  /// s since it began; negative before.
  double since(const Instant& at) {
    if (since_ < 0.0 && at.current != 0.0 && beginning_.reached(at)) since_ = 0.0;
    else if (since_ >= 0.0) since_ += at.step;
    return since_;
  }

private:
  Beginning beginning_;
  double since_ = -1.0;
};

/// Lithium touches the other electrode and makes metallic contact within seconds; from then on a wire, whose resistance
/// wanders by a few percent.
class Collapse final : public Leak {
public:
  Collapse(const Beginning& beginning, std::uint64_t seed) : draws_(seed, "leak"), begun_(beginning) {
    share_ = draws_.chance(0.7) ? draws_.between(0.85, 0.995) : draws_.between(0.7, 0.85);
    closing_ = draws_.chance(0.5) ? 0.1 : draws_.log_between(0.5, 30.0);
    wandering_ = draws_.between(0.0, 0.003);
  }
  double conductance(const Instant& at) override {
    const double since = begun_.since(at);
    if (since < 0.0) return 0.0;
    if (wire_ == 0.0) wire_ = taking(share_, at.resistance);
    wire_ *= std::exp(wandering_ * draws_.normal() * std::sqrt(std::min(at.step, 10.0)));
    return -wire_ * std::expm1(-(since + 0.05) / closing_);
  }

private:
  Draws draws_;
  Begun begun_;
  double share_, closing_, wandering_, wire_ = 0.0;
};

/// One filament after another makes contact.
class Staircase final : public Leak {
public:
  Staircase(const Beginning& beginning, double half_cycle, std::uint64_t seed) : draws_(seed, "leak"), begun_(beginning) {
    const std::size_t steps = 2 + draws_.below(5);
    double time = 0.0, share = 0.0;
    for (std::size_t k = 0; k < steps; ++k) {
      share += (1.0 - share) * draws_.between(0.15, 0.6);
      steps_.push_back({time, share});
      time += draws_.log_between(20.0, 2.0 * half_cycle);
    }
  }
  double conductance(const Instant& at) override {
    const double since = begun_.since(at);
    double share = 0.0;
    for (const Step& s : steps_)
      if (since >= s.time) share = s.share;
    return taking(share, at.resistance);
  }

private:
  struct Step {
    double time, share;
  };
  Draws draws_;
  Begun begun_;
  std::vector<Step> steps_;
};

/// Sudden dips of the voltage that recover, abruptly where the contact melts, or over some time where it dissolves.
class Dips final : public Leak {
public:
  Dips(const Beginning& beginning, std::uint64_t seed) : draws_(seed, "leak"), begun_(beginning) {
    waiting_ = draws_.log_between(30.0, 1200.0);
    lasting_ = draws_.log_between(4.0, 300.0);
    deepest_ = draws_.between(0.2, 0.9);
    abrupt_ = draws_.chance(0.4);
  }
  double conductance(const Instant& at) override {
    if (begun_.since(at) < 0.0) return 0.0;
    if (at.current != 0.0) left_ -= at.step; // without a current nothing grows
    while (left_ <= 0.0) {
      dipping_ = !dipping_;
      if (dipping_) {
        length_ = lasting_ * draws_.between(0.3, 2.0);
        depth_ = deepest_ * draws_.between(0.4, 1.0);
      }
      left_ += dipping_ ? length_ : draws_.waiting(waiting_);
    }
    if (!dipping_) return 0.0;
    const double passed = 1.0 - left_ / length_;
    return taking(abrupt_ ? depth_ : depth_ * std::exp(-2.5 * passed), at.resistance);
  }

private:
  Draws draws_;
  Begun begun_;
  double waiting_, lasting_, deepest_, left_ = 0.0, length_ = 1.0, depth_ = 0.0;
  bool abrupt_, dipping_ = false;
};

/// Contact that jumps between a few states, with dwell times without a scale.
class Flicker final : public Leak {
public:
  Flicker(const Beginning& beginning, std::uint64_t seed) : draws_(seed, "leak"), begun_(beginning) {
    const std::size_t count = 2 + draws_.below(4);
    const double most = draws_.between(0.2, 0.85);
    for (std::size_t k = 0; k < count; ++k) shares_.push_back(most * static_cast<double>(k + 1) / static_cast<double>(count));
    least_ = draws_.log_between(0.5, 20.0);
    exponent_ = draws_.between(0.7, 1.6);
    open_ = draws_.between(0.05, 0.5);
    now_ = shares_[draws_.below(shares_.size())];
  }
  double conductance(const Instant& at) override {
    if (begun_.since(at) < 0.0) return 0.0;
    left_ -= at.step;
    while (left_ <= 0.0) {
      left_ += std::min(draws_.pareto(least_, exponent_), 1e4);
      if (drawn_) now_ = draws_.chance(open_) ? 0.0 : shares_[draws_.below(shares_.size())];
      drawn_ = true;
    }
    return taking(now_, at.resistance);
  }

private:
  Draws draws_;
  Begun begun_;
  std::vector<double> shares_;
  double least_, exponent_, open_, now_ = 0.0, left_ = 0.0;
  bool drawn_ = false;
};

/// Lithium spreads along grain boundaries: the conductance grows by a power of the time under current, up to an end.
class Percolation final : public Leak {
public:
  Percolation(const Beginning& beginning, double half_cycle, std::uint64_t seed) : draws_(seed, "leak"), begun_(beginning) {
    share_ = draws_.between(0.2, 0.9);
    time_ = draws_.log_between(0.3, 12.0) * half_cycle;
    power_ = draws_.between(1.0, 3.0);
  }
  double conductance(const Instant& at) override {
    if (begun_.since(at) < 0.0) return 0.0;
    if (at.current != 0.0) grown_ += at.step;
    return taking(share_, at.resistance) * std::pow(std::min(1.0, grown_ / time_), power_);
  }

private:
  Draws draws_;
  Begun begun_;
  double share_, time_, power_, grown_ = 0.0;
};

/// A dendrite that reaches through while one side plates and dissolves once the current is reversed, earlier each time.
class Dissolves final : public Leak {
public:
  Dissolves(const Beginning& beginning, int plating, std::uint64_t seed) : draws_(seed, "leak"), begun_(beginning), plating_(plating) {
    share_ = draws_.between(0.15, 0.9);
    into_ = beginning.into;
    earlier_ = draws_.between(0.6, 1.0);
    dissolving_ = draws_.log_between(2.0, 120.0);
    closing_ = draws_.log_between(0.2, 60.0);
  }
  double conductance(const Instant& at) override {
    if (begun_.since(at) < 0.0) return 0.0;
    const bool grows = at.current * plating_ > 0.0;
    if (grows && at.half_cycle != half_cycle_) {
      if (half_cycle_ >= 0) into_ *= earlier_;
      half_cycle_ = at.half_cycle;
    }
    const double wanted = grows && at.into >= into_ ? 1.0 : 0.0;
    const double time = wanted > there_ ? closing_ : dissolving_;
    if (wanted > there_ || at.current != 0.0) there_ += (wanted - there_) * -std::expm1(-at.step / time); // at rest it stays
    return taking(share_, at.resistance) * there_;
  }

private:
  Draws draws_;
  Begun begun_;
  int plating_, half_cycle_ = -1;
  double share_, into_, earlier_, dissolving_, closing_, there_ = 0.0;
};

/// Contact that is pushed shut while one side plates and pulled open while it is stripped, from one reversal to the next.
class OneDirection final : public Leak {
public:
  OneDirection(const Beginning& beginning, int plating, std::uint64_t seed) : draws_(seed, "leak"), begun_(beginning), plating_(plating) {
    share_ = draws_.between(0.2, 0.9);
    back_ = draws_.chance(0.5) ? 0.0 : draws_.between(0.0, 0.15);
  }
  double conductance(const Instant& at) override {
    if (begun_.since(at) < 0.0) return 0.0;
    return (at.current * plating_ >= 0.0 ? 1.0 : back_) * taking(share_, at.resistance);
  }

private:
  Draws draws_;
  Begun begun_;
  int plating_;
  double share_, back_;
};

/// A wire that melts: seconds to minutes of a hard short, once or a few times, healthy before and after.
class BurnsOut final : public Leak {
public:
  BurnsOut(const Beginning& beginning, double half_cycle, std::uint64_t seed) : draws_(seed, "leak"), begun_(beginning) {
    double time = 0.0;
    for (std::size_t k = 0, count = 1 + draws_.below(3); k < count; ++k) {
      const double end = time + draws_.log_between(5.0, 0.8 * half_cycle);
      wires_.push_back({time, end, draws_.between(0.4, 0.97)});
      time = end + draws_.log_between(60.0, 4.0 * half_cycle);
    }
  }
  double conductance(const Instant& at) override {
    const double since = begun_.since(at);
    for (const Wire& w : wires_)
      if (since >= w.start && since < w.end) return taking(w.share, at.resistance);
    return 0.0;
  }

private:
  struct Wire {
    double start, end, share;
  };
  Draws draws_;
  Begun begun_;
  std::vector<Wire> wires_;
};

/// A bridge that was there before the test: steady and ohmic, or growing a little.
class FromTheStart final : public Leak {
public:
  explicit FromTheStart(std::uint64_t seed) : draws_(seed, "leak") {
    share_ = draws_.between(0.35, 0.97);
    growing_ = draws_.chance(0.3) ? draws_.between(0.0, 1e-5) : 0.0;
  }
  double conductance(const Instant& at) override {
    if (bridge_ == 0.0) bridge_ = taking(share_, at.resistance);
    return bridge_ * (1.0 + growing_ * at.time);
  }

private:
  Draws draws_;
  double share_, growing_, bridge_ = 0.0;
};

/// A leak of a few percent.
class Faint final : public Leak {
public:
  Faint(const Beginning& beginning, std::uint64_t seed) : draws_(seed, "leak"), begun_(beginning) { share_ = draws_.between(0.025, 0.095); }
  double conductance(const Instant& at) override { return begun_.since(at) < 0.0 ? 0.0 : taking(share_, at.resistance); }

private:
  Draws draws_;
  Begun begun_;
  double share_;
};

class None final : public Leak {
public:
  double conductance(const Instant&) override { return 0.0; }
};

} // namespace

std::string_view label(LeakKind kind) {
  switch (kind) {
    case LeakKind::none: return "no short";
    case LeakKind::collapse: return "collapse to a wire";
    case LeakKind::staircase: return "falls in steps";
    case LeakKind::dips: return "dips with recovery";
    case LeakKind::flicker: return "flickering contact";
    case LeakKind::percolation: return "slow percolation";
    case LeakKind::dissolves: return "dissolves at reversal";
    case LeakKind::one_direction: return "one direction only";
    case LeakKind::burns_out: return "burns out";
    case LeakKind::from_the_start: return "shorted before the test";
    case LeakKind::faint: break;
  }
  return "faint leak";
}

std::unique_ptr<Leak> make_leak(LeakKind kind, const Beginning& beginning, double half_cycle, int plating, std::uint64_t seed) {
  switch (kind) {
    case LeakKind::none: break;
    case LeakKind::collapse: return std::make_unique<Collapse>(beginning, seed);
    case LeakKind::staircase: return std::make_unique<Staircase>(beginning, half_cycle, seed);
    case LeakKind::dips: return std::make_unique<Dips>(beginning, seed);
    case LeakKind::flicker: return std::make_unique<Flicker>(beginning, seed);
    case LeakKind::percolation: return std::make_unique<Percolation>(beginning, half_cycle, seed);
    case LeakKind::dissolves: return std::make_unique<Dissolves>(beginning, plating, seed);
    case LeakKind::one_direction: return std::make_unique<OneDirection>(beginning, plating, seed);
    case LeakKind::burns_out: return std::make_unique<BurnsOut>(beginning, half_cycle, seed);
    case LeakKind::from_the_start: return std::make_unique<FromTheStart>(seed);
    case LeakKind::faint: return std::make_unique<Faint>(beginning, seed);
  }
  return std::make_unique<None>();
}

} // namespace platen::corpus

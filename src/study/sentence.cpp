#include "study/sentence.hpp"

#include "study/words.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <fmt/format.h>

namespace platen {
namespace {

using sentence::Reader;
using sentence::Value;
using sentence::Wanted;
using sentence::Word;

// What a sentence may ask for; outside lies a slip of the pen.
constexpr Wanted pressure{dim::pressure, 0.0, 2e9};
constexpr Wanted duration{dim::time, 0.0, 1e9};
constexpr Wanted temperature{dim::temperature, 200.0, 453.0, false}; // to just below the melting of lithium
constexpr Wanted current_density{dim::current_density, 0.0, 1e4};
constexpr Wanted capacity{dim::areal_capacity, 0.0, 1e7};
constexpr Wanted voltage{dim::voltage, -10.0, 10.0, false};
constexpr Wanted frequency{dim::frequency, 0.0, 1e9};
constexpr Wanted amplitude{dim::voltage, 0.0, 1.0};

constexpr int most_repeats = 1'000'000;
constexpr int most_cycles = 100'000;
constexpr int deepest_nesting = 8;
constexpr int most_points_per_decade = 1000;
constexpr double most_points = 10'000;

step::Hold hold(Reader& r, double P) {
  r.expect({"for"});
  step::Hold out{P, r.expect_quantity(duration), std::nullopt};
  if (!r.at_end()) {
    r.expect({"at"});
    out.temperature = r.expect_quantity(temperature);
  }
  return out;
}

/// "until 4.3 V", "for 1 h", or several of them joined by "or"; each kind once.
template <class Take> void limits(Reader& r, std::initializer_list<Wanted> until, Take take) {
  do {
    const std::size_t at = r.position();
    const bool is_until = r.expect_one_of({"until", "for"}) == 0;
    const Value value = is_until ? r.expect_quantity(until) : r.expect_quantity({duration});
    if (!take(value)) r.fail("C113", "this limit is given twice", at, 3);
  } while (r.take({"or"}));
}

bool fill(std::optional<double>& slot, double value) {
  if (slot) return false;
  slot = value;
  return true;
}

StepKind hold_or_hold_voltage(Reader& r) {
  r.expect({"at"});
  const Value at = r.expect_quantity({pressure, voltage});
  if (at.dimension == dim::pressure) return hold(r, at.si);
  step::HoldVoltage out{at.si, std::nullopt, std::nullopt};
  limits(r, {current_density}, [&](const Value& v) {
    return fill(v.dimension == dim::time ? out.duration : out.current_density, v.si);
  });
  return out;
}

StepKind constant_current(Reader& r, int direction) {
  r.expect({"at"});
  step::ConstantCurrent out{direction, r.expect_quantity(current_density), std::nullopt, std::nullopt,
                            std::nullopt};
  limits(r, {capacity, voltage}, [&](const Value& v) {
    if (v.dimension == dim::time) return fill(out.duration, v.si);
    return fill(v.dimension == dim::voltage ? out.voltage : out.capacity, v.si);
  });
  return out;
}

void between(Reader& r, step::Ramp& ramp, std::size_t at) {
  if (ramp.lower_voltage) r.fail("C113", "the voltage limits are given twice", at);
  ramp.lower_voltage = r.expect_quantity(voltage);
  r.expect({"and"});
  ramp.upper_voltage = r.expect_quantity(voltage);
  if (*ramp.lower_voltage >= *ramp.upper_voltage)
    r.fail("C113", "the lower voltage comes first", at, r.position() - at);
}

/// One clause after a comma: "15 min per half cycle", "3 cycles per step", "until short", "between 2.5 V
/// and 4.3 V".
void ramp_clause(Reader& r, step::Ramp& ramp) {
  const std::size_t at = r.position();
  if (r.take({"until"})) {
    r.expect({"short"});
    ramp.until_short = true;
    return;
  }
  if (r.take({"between"})) return between(r, ramp, at);
  if (!r.next_is_number())
    r.expect_one_of({"until", "between"}); // always fails, and says what may stand here
  const std::span<const Word> rest = r.rest();
  if (rest.size() > 1 &&
      (sentence::same_word(rest[1].text, "cycles") || sentence::same_word(rest[1].text, "cycle"))) {
    ramp.cycles_per_step = r.expect_count(most_cycles);
    r.expect_one_of({"cycles", "cycle"});
    r.expect({"per", "step"});
    return;
  }
  const Value value = r.expect_quantity({duration, capacity});
  r.expect({"per", "half", "cycle"});
  if (!fill(value.dimension == dim::time ? ramp.duration : ramp.capacity, value.si))
    r.fail("C113", "this limit is given twice", at, r.position() - at);
}

StepKind ramp(Reader& r) {
  step::Ramp out{};
  r.expect({"from"});
  const std::size_t start = r.position();
  out.start = r.expect_quantity(current_density);
  if (r.take({"to"})) out.upper = r.expect_quantity(current_density);
  if (out.upper && *out.upper < out.start)
    r.fail("C113", "the ramp ends below its start", start, r.position() - start,
           {"the smaller current density comes first"});
  r.expect({"in", "steps", "of"});
  out.increment = r.expect_quantity(current_density);
  const std::size_t at = r.position();
  if (r.take({"between"})) between(r, out, at);
  while (!r.at_end()) {
    r.expect({","});
    ramp_clause(r, out);
  }
  const int ends =
      int{out.duration.has_value()} + int{out.capacity.has_value()} + int{out.lower_voltage.has_value()};
  if (ends == 0)
    r.fail("C109", "the ramp does not say what ends a half cycle", r.position(), 1,
           {"add `, 15 min per half cycle`, `, 0.5 mAh/cm2 per half cycle` or `between 2.5 V and 4.3 V`"});
  if (ends > 1)
    r.fail("C109", "the ramp says more than once what ends a half cycle", start, r.position() - start,
           {"keep one of time, capacity and voltages"});
  if (!out.until_short && !out.upper)
    r.fail("C110", "the ramp has no end", r.position(), 1,
           {"add `, until short`, or an upper limit: `from ... to 2.5 mA/cm2`"});
  return out;
}

StepKind heat(Reader& r) {
  r.expect({"to"});
  const double T = r.expect_quantity(temperature);
  r.expect({"in"});
  return step::Heat{T, r.expect_quantity(duration)};
}

StepKind polarise(Reader& r) {
  r.expect({"at"});
  const double V = r.expect_quantity(voltage);
  r.expect({"for"});
  return step::Polarise{V, r.expect_quantity(duration)};
}

StepKind impedance(Reader& r) {
  r.expect({"impedance"});
  step::MeasureImpedance out;
  const std::size_t at = r.position();
  if (r.take({"from"})) {
    const double first = r.expect_quantity(frequency);
    r.expect({"to"});
    const double second = r.expect_quantity(frequency);
    if (first == second) r.fail("C113", "the two frequencies are the same", at + 1, r.position() - at - 1);
    out.f_high = std::max(first, second);
    out.f_low = std::min(first, second);
  }
  const bool ranged = r.position() > at, stated = r.take({"with"});
  if (stated) out.amplitude = r.expect_quantity(amplitude);
  if (!r.at_end()) {
    if (stated)
      r.expect({","});
    else if (ranged)
      r.expect_one_of({"with", ","});
    else
      r.expect_one_of({"from", "with", ","});
    out.points_per_decade = r.expect_count(most_points_per_decade);
    r.expect_one_of({"points", "point"});
    r.expect({"per", "decade"});
  }
  const double points = std::log10(out.f_high / out.f_low) * out.points_per_decade;
  if (points > most_points)
    r.fail("C113", fmt::format("a spectrum of {:.0f} points is more than {:.0f}", points, most_points), at, r.position() - at);
  return out;
}

using Parse = StepKind (*)(Reader&);

struct Verb {
  std::string_view word;
  Parse parse;
};

/// Sentences that hold no others.
const std::vector<Verb>& verbs() {
  static const std::vector<Verb> table = {
      {"Hold", hold_or_hold_voltage},
      {"Release",
       [](Reader& r) -> StepKind {
         r.expect({"to"});
         return step::Release{r.expect_quantity(pressure)};
       }},
      {"Set",
       [](Reader& r) -> StepKind {
         r.expect({"stack", "pressure", "to"});
         return step::SetStackPressure{r.expect_quantity(pressure)};
       }},
      {"Fit",
       [](Reader& r) -> StepKind {
         r.expect({"springs"});
         return step::FitSprings{r.take({"if", "any"})};
       }},
      {"Heat", heat},
      {"Cool", heat},
      {"Rest",
       [](Reader& r) -> StepKind {
         r.expect({"for"});
         return step::Rest{r.expect_quantity(duration)};
       }},
      {"Ramp", ramp},
      {"Plate", [](Reader& r) { return constant_current(r, +1); }},
      {"Strip", [](Reader& r) { return constant_current(r, -1); }},
      {"Charge", [](Reader& r) { return constant_current(r, +1); }},
      {"Discharge", [](Reader& r) { return constant_current(r, -1); }},
      {"Polarise", polarise},
      {"Polarize", polarise},
      {"Measure", impedance},
  };
  return table;
}

std::vector<std::string> verb_words() {
  std::vector<std::string> out;
  for (const SentenceForm& form : sentence_forms())
    if (out.empty() || out.back() != form.verb) out.emplace_back(form.verb);
  return out;
}

/// One sentence and those it holds.
class Parser {
public:
  Parser(std::string_view text, const PlaceOf& place_of, Diagnostics& diagnostics)
      : text_(text), place_of_(place_of), diagnostics_(diagnostics) {}

  std::optional<Step> parse(std::span<const Word> words, int depth) {
    try {
      return parse_or_throw(words, depth);
    } catch (const Error& fault) {
      for (const Diagnostic& d : fault.diagnostics()) diagnostics_.add(d);
      return std::nullopt;
    }
  }

private:
  Step parse_or_throw(std::span<const Word> words, int depth) {
    Reader r(text_, words, place_of_);
    if (words.empty()) r.fail("C100", "the sentence is empty", 0, 1, {start_hint()});
    if (depth > deepest_nesting) r.fail("C112", "sentences within sentences go too deep", 0);
    const std::size_t from = words.front().offset;
    const std::size_t length = words.back().offset + words.back().text.size() - from;
    Step out{parse_kind(r, words, depth), std::string(text_.substr(from, length)), place_of_(from, length)};
    return out;
  }

  StepKind parse_kind(Reader& r, std::span<const Word> words, int depth) {
    if (r.take({"Repeat"})) {
      r.set_verb("Repeat");
      const int count = r.expect_count(most_repeats);
      r.expect_one_of({"times", "time"});
      r.expect({":"});
      return step::Repeat{count, parse_body(r, depth)};
    }
    if (r.take({"Every"})) {
      r.set_verb("Every");
      const double interval = r.expect_quantity(duration);
      r.expect({":"});
      return step::Every{interval, parse_body(r, depth)};
    }
    for (const Verb& verb : verbs()) {
      if (!r.take({verb.word})) continue;
      r.set_verb(verb.word);
      StepKind kind = verb.parse(r);
      r.expect_end();
      return kind;
    }
    std::vector<std::string> hints;
    if (const auto meant = did_you_mean(words.front().text, verb_words()))
      hints.push_back(fmt::format("did you mean `{}`?", *meant));
    hints.push_back(start_hint());
    r.fail("C101", fmt::format("no sentence starts with `{}`", words.front().text), 0, 1, std::move(hints));
  }

  /// "a; b; c" after a colon. A Repeat or Every among them takes all that follows it.
  std::vector<Step> parse_body(Reader& r, int depth) {
    std::span<const Word> rest = r.rest();
    if (rest.empty()) r.fail("C100", "nothing follows the colon", r.position());
    std::vector<Step> out;
    while (!rest.empty()) {
      const bool nests =
          sentence::same_word(rest.front().text, "Repeat") || sentence::same_word(rest.front().text, "Every");
      const auto end =
          nests ? rest.end()
                : std::find_if(rest.begin(), rest.end(), [](const Word& w) { return w.text == ";"; });
      const auto count = static_cast<std::size_t>(end - rest.begin());
      if (auto inner = parse(rest.first(count), depth + 1)) out.push_back(std::move(*inner));
      rest = rest.subspan(std::min(count + 1, rest.size()));
    }
    return out;
  }

  static std::string start_hint() {
    return fmt::format("a sentence starts with {}", fmt::join(verb_words(), ", "));
  }

  std::string_view text_;
  const PlaceOf& place_of_;
  Diagnostics& diagnostics_;
};

} // namespace

const std::vector<SentenceForm>& sentence_forms() {
  static const std::vector<SentenceForm> forms = {
      {"Hold", "Hold at 25 MPa for 30 min at 25 degC"},
      {"Hold", "Hold at 4.3 V until 0.02 mA/cm2"},
      {"Release", "Release to 5 MPa"},
      {"Set", "Set stack pressure to 5 MPa"},
      {"Fit", "Fit springs"},
      {"Fit", "Fit springs if any"},
      {"Heat", "Heat to 40 degC in 1 h"},
      {"Cool", "Cool to 25 degC in 1 h"},
      {"Rest", "Rest for 1 h"},
      {"Ramp", "Ramp from 0.127 mA/cm2 in steps of 0.127 mA/cm2, 15 min per half cycle, until short"},
      {"Ramp", "Ramp from 0.127 mA/cm2 to 2.5 mA/cm2 in steps of 0.127 mA/cm2, 0.5 mAh/cm2 per half cycle, 3 "
               "cycles per step"},
      {"Ramp", "Ramp from 0.2 mA/cm2 in steps of 0.1 mA/cm2 between 2.5 V and 4.3 V, until short"},
      {"Plate", "Plate at 0.5 mA/cm2 until 3 mAh/cm2"},
      {"Strip", "Strip at 0.5 mA/cm2 for 1 h"},
      {"Charge", "Charge at 0.5 mA/cm2 until 4.3 V"},
      {"Discharge", "Discharge at 0.5 mA/cm2 until 2.5 V"},
      {"Repeat", "Repeat 50 times: Plate at 0.5 mA/cm2 for 1 h; Strip at 0.5 mA/cm2 for 1 h"},
      {"Every", "Every 20 min: Measure impedance from 10 MHz to 0.1 Hz with 10 mV"},
      {"Polarise", "Polarise at 100 mV for 3 min"},
      {"Measure", "Measure impedance from 10 MHz to 0.1 Hz with 10 mV, 10 points per decade"},
  };
  return forms;
}

std::optional<Step> parse_sentence(std::string_view text, const PlaceOf& place_of, Diagnostics& diagnostics) {
  const std::vector<Word> words = sentence::cut(text);
  const std::size_t before = diagnostics.items().size();
  auto step = Parser(text, place_of, diagnostics).parse(words, 0);
  return diagnostics.items().size() == before ? step : std::nullopt;
}

Step parse_sentence(std::string_view text) {
  Diagnostics diagnostics;
  const PlaceOf place_of = [text](std::size_t offset, std::size_t length) {
    return Place{"sentence", 1, offset + 1, length, std::string(text)};
  };
  auto step = parse_sentence(text, place_of, diagnostics);
  diagnostics.throw_if_errors();
  return std::move(*step);
}

} // namespace platen

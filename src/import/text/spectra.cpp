#include "import/text/spectra.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <numbers>
#include <string>

namespace platen::text {
namespace {

/// Lower case without blanks, dots, underscores and brackets; every kind of prime becomes "'".
std::string role_key(std::string_view name) {
  constexpr std::array primes{std::pair<std::string_view, std::string_view>{"\xE2\x80\xB2", "'"},  // U+2032
                              std::pair<std::string_view, std::string_view>{"\xE2\x80\xB3", "''"}, // U+2033
                              std::pair<std::string_view, std::string_view>{"\xE2\x80\x99", "'"},  // U+2019
                              std::pair<std::string_view, std::string_view>{"\xC2\xB4", "'"},      // U+00B4
                              std::pair<std::string_view, std::string_view>{"\xE2\x88\x92", "-"}}; // U+2212
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    const auto prime = static_cast<unsigned char>(name[at]) < 0x80 ? primes.end() : std::find_if(primes.begin(), primes.end(),
                                    [&](const auto& p) { return name.substr(at).starts_with(p.first); });
    if (prime != primes.end()) {
      out += prime->second;
      at += prime->first.size();
      continue;
    }
    const char c = name[at++];
    if (c == '"') out += "''";
    else if (c != ' ' && c != '\t' && c != '.' && c != '_' && c != '(' && c != ')' && c != '[' && c != ']')
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

template <std::size_t n> bool is_one_of(std::string_view word, const std::array<std::string_view, n>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 4> frequencies{"freq", "frequency", "f", "freqs"};
constexpr std::array<std::string_view, 10> reals{"rez", "z'", "zs'", "z'a", "zre", "zreal", "real", "realz", "zr", "re"};
constexpr std::array<std::string_view, 11> imaginaries{"imz",   "z''",   "zs''",     "z''b", "zim", "zimag",
                                                       "imag",  "imagz", "imaginary", "zi",   "im"};
constexpr std::array<std::string_view, 9> moduli{"|z|", "zmod", "modz", "zmodulus", "zabs", "absz", "magz", "zmag", "magnitude"};
constexpr std::array<std::string_view, 9> phases{"phasez", "phase", "theta", "thetaz", "zphz", "zphase", "phi", "phaseofz", "zphi"};

/// Whether the unit of a heading, if it has one that is known, measures this.
bool may_measure(const Heading& heading, const Dimension& dimension) {
  if (heading.raw == "Z'(a)" || heading.raw == "Z''(b)") return dimension == dim::resistance; // parts a + ib, no amperes
  const auto unit = read_unit(heading.unit, dimension);
  return !unit || unit->dimension == dimension;
}

/// The first column of numbers in each role; nullptr where there is none.
class Roles {
public:
  Roles(const TextTable& table, Electrodes electrodes) {
    for (const TextColumn& c : table.columns) {
      if (c.kind != Kind::number || c.values.empty()) continue;
      const TextColumn*& first = first_[static_cast<std::size_t>(impedance_role(c.heading, electrodes))];
      if (first == nullptr) first = &c;
    }
  }
  const TextColumn* find(ImpedanceRole role) const { return first_[static_cast<std::size_t>(role)]; }

private:
  std::array<const TextColumn*, static_cast<std::size_t>(ImpedanceRole::negative_phase) + 1> first_{};
};

/// The values of a column in SI; a number without a known unit is taken as it is.
std::vector<double> in_si(const TextColumn& column, double sign = 1.0) {
  std::vector<double> out = column.values;
  const double factor = column.kind == Kind::number && column.unit_known ? column.unit.factor : 1.0;
  const double offset = column.kind == Kind::number && column.unit_known ? column.unit.offset : 0.0;
  for (double& v : out) v = sign * (v * factor + offset);
  return out;
}

/// In rad: degrees unless the heading says rad.
std::vector<double> angle(const TextColumn& column, double sign) {
  const bool radians = role_key(column.heading.raw).find("rad") != std::string::npos;
  const double factor = sign * (radians ? 1.0 : std::numbers::pi / 180.0);
  std::vector<double> out = column.values;
  for (double& v : out) v *= factor;
  return out;
}

bool set_parts(ImpedanceRows& rows, const Roles& roles) {
  const TextColumn* real = roles.find(ImpedanceRole::real);
  const TextColumn* negative = roles.find(ImpedanceRole::negative_imaginary);
  const TextColumn* imaginary = roles.find(ImpedanceRole::imaginary);
  if (real != nullptr && (negative != nullptr || imaginary != nullptr)) {
    rows.real = in_si(*real);
    rows.imaginary = negative != nullptr ? in_si(*negative, -1.0) : in_si(*imaginary);
    return true;
  }
  const TextColumn* modulus = roles.find(ImpedanceRole::modulus);
  const TextColumn* phase = roles.find(ImpedanceRole::phase);
  const TextColumn* turned = roles.find(ImpedanceRole::negative_phase);
  if (modulus == nullptr || (phase == nullptr && turned == nullptr)) return false;
  set_polar(rows, in_si(*modulus), phase != nullptr ? angle(*phase, 1.0) : angle(*turned, -1.0));
  return true;
}

} // namespace

ImpedanceRole impedance_role(const Heading& heading, Electrodes electrodes) {
  const auto may_name_counter = [](std::string_view name) {
    return name.starts_with('f') || name.starts_with('F') || name.find("ce") != std::string_view::npos || name.find("CE") != std::string_view::npos ||
           name.find("Ce") != std::string_view::npos || name.find("cE") != std::string_view::npos;
  };
  if (electrodes != Electrodes::working && !may_name_counter(heading.name)) return ImpedanceRole::none;
  std::string key = role_key(heading.name);
  if (electrodes != Electrodes::working && !is_one_of(key, frequencies)) {
    const std::string_view subscript = electrodes == Electrodes::both ? "zwe-ce" : "zce";
    const std::size_t at = key.find(subscript);
    if (at == std::string::npos) return ImpedanceRole::none;
    key.erase(at + 1, subscript.size() - 1);
  }
  for (const std::string_view angle_unit : {"/deg", "/\xC2\xB0", "/rad"}) // units that a quantity cannot have here
    if (key.ends_with(angle_unit)) key.resize(key.size() - angle_unit.size());
  if (is_one_of(key, frequencies) && may_measure(heading, dim::frequency)) return ImpedanceRole::frequency;
  std::string_view word = key;
  const bool negative = word.starts_with('-') || word.starts_with("neg");
  if (negative) word.remove_prefix(word.starts_with('-') ? 1 : 3);
  const auto resistance = [&] { return may_measure(heading, dim::resistance); };
  if (is_one_of(word, reals) && !negative && resistance()) return ImpedanceRole::real;
  if (is_one_of(word, imaginaries) && resistance()) return negative ? ImpedanceRole::negative_imaginary : ImpedanceRole::imaginary;
  if (is_one_of(word, moduli) && !negative && resistance()) return ImpedanceRole::modulus;
  if (is_one_of(word, phases)) return negative ? ImpedanceRole::negative_phase : ImpedanceRole::phase;
  return ImpedanceRole::none;
}

std::optional<ImpedanceRows> find_impedance(const TextTable& table, Electrodes electrodes) {
  const Roles roles(table, electrodes);
  const TextColumn* frequency = roles.find(ImpedanceRole::frequency);
  if (frequency == nullptr) return std::nullopt;
  const auto positive = [](double f) { return f > 0.0; };
  if (std::none_of(frequency->values.begin(), frequency->values.end(), positive)) return std::nullopt;
  ImpedanceRows rows;
  rows.frequency = in_si(*frequency);
  if (!set_parts(rows, roles)) return std::nullopt;
  const auto take = [&](std::string_view name, std::vector<double>& into) {
    const TextColumn* column = table.find(name);
    if (column != nullptr && !column->values.empty() && (column->kind == Kind::number || column->kind == Kind::duration))
      into = in_si(*column);
  };
  take(col::test_time, rows.time);
  take(col::voltage, rows.dc_voltage);
  take(col::current, rows.dc_current);
  take(col::temperature, rows.temperature);
  if (const TextColumn* cycle = table.find(col::cycle_count); cycle != nullptr && cycle->kind == Kind::number)
    for (const double v : cycle->values)
      rows.cycle.push_back(v > -2e9 && v < 2e9 ? static_cast<std::int32_t>(v) : 0);
  return rows;
}

Modulation modulation_of(std::string_view technique) {
  std::string low;
  for (const char c : technique) low += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (low.find("impedance") == std::string::npos && low.find("eis") == std::string::npos) return Modulation::unknown;
  if (low.find("galvano") != std::string::npos || low.find("geis") != std::string::npos) return Modulation::current;
  if (low.find("potentio") != std::string::npos || low.find("peis") != std::string::npos) return Modulation::voltage;
  return Modulation::unknown;
}

std::vector<char> rows_without_frequency(const TextTable& table) {
  const Roles roles(table, Electrodes::working);
  const auto has = [&](ImpedanceRole role) { return roles.find(role) != nullptr; };
  const bool parts = has(ImpedanceRole::real) && (has(ImpedanceRole::imaginary) || has(ImpedanceRole::negative_imaginary));
  const bool polar = has(ImpedanceRole::modulus) && (has(ImpedanceRole::phase) || has(ImpedanceRole::negative_phase));
  if (!has(ImpedanceRole::frequency) || (!parts && !polar)) return {};
  const std::vector<double>& frequency = roles.find(ImpedanceRole::frequency)->values;
  std::vector<char> out(table.rows);
  std::transform(frequency.begin(), frequency.end(), out.begin(), [](double f) { return static_cast<char>(f > 0.0 ? 0 : 1); });
  if (std::find(out.begin(), out.end(), 0) == out.end()) out.clear();
  return out;
}

TextTable points_of(const TextTable& table, const std::vector<char>& without) {
  std::vector<char> wanted(without.size());
  for (std::size_t i = 0; i < without.size(); ++i) wanted[i] = without[i] == 0 || (i > 0 && without[i - 1] == 0) ? 1 : 0;
  return table.with_rows(wanted);
}

void set_amplitude(const TextTable& table, ImpedanceRows& rows) {
  if (rows.modulation == Modulation::unknown) return;
  const std::string_view wanted = rows.modulation == Modulation::voltage ? "|Ewe|" : "|I|";
  for (const TextColumn& c : table.columns)
    if (c.heading.name == wanted && c.kind == Kind::number && c.unit_known) rows.amplitude = in_si(c);
}

} // namespace platen::text

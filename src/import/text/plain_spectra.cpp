#include "import/text/plain_spectra.hpp"

#include "base/constants.hpp"
#include "import/impedance/layout.hpp"
#include "import/text/number.hpp"
#include "import/text/spectra.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <fmt/format.h>
#include <numbers>

namespace platen::text {
namespace {

using impedance_files::Layout;

constexpr std::size_t longest_title = 200;

/// A text whose layout says nothing of the program that wrote it.
bool is_plain(const TextTable& table) { return table.layout.empty() && table.dialect.program.empty(); }

/// Frequency and two columns, without the rows in which one of them is missing.
struct Columns {
  std::vector<double> frequency, a, b;
};

Columns complete(std::span<const double> frequency, std::span<const double> a, std::span<const double> b) {
  Columns out;
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    if (!(frequency[i] > 0.0) || !std::isfinite(frequency[i]) || !std::isfinite(a[i]) || !std::isfinite(b[i]))
      continue;
    out.frequency.push_back(frequency[i]);
    out.a.push_back(a[i]);
    out.b.push_back(b[i]);
  }
  return out;
}

bool is_number(const TextColumn& column) { return column.kind == Kind::number && !column.values.empty(); }

/// Whether a column holds the frequencies of a sweep, but for a few bad ones.
bool holds_frequencies(const TextColumn& column) {
  if (!is_number(column)) return false;
  std::vector<double> good;
  std::copy_if(column.values.begin(), column.values.end(), std::back_inserter(good),
               [](double v) { return v > 0.0 && std::isfinite(v); });
  return good.size() * 5 >= column.values.size() * 4 && impedance_files::are_frequencies(good);
}

const char* describe(Layout layout) {
  switch (layout) {
  case Layout::parts:
    return "real and imaginary part in ohm";
  case Layout::turned_parts:
    return "real part and negative imaginary part in ohm";
  case Layout::degrees:
    return "modulus in ohm and phase in degrees";
  case Layout::turned_degrees:
    return "modulus in ohm and negative phase in degrees";
  case Layout::radians:
    return "modulus in ohm and phase in radians";
  default:
    return "modulus in ohm and negative phase in radians";
  }
}

const TextColumn* find_role(const TextTable& table, std::initializer_list<ImpedanceRole> roles) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(), [&](const TextColumn& c) {
    return is_number(c) && std::find(roles.begin(), roles.end(), impedance_role(c.heading)) != roles.end();
  });
  return found != table.columns.end() ? &*found : nullptr;
}

/// A phase without a unit was taken for degrees. @returns whether the data said that it is in radians.
bool settle_angle(const TextTable& table, ImpedanceRows& rows, Diagnostics& notes) {
  const TextColumn* phase = find_role(table, {ImpedanceRole::phase, ImpedanceRole::negative_phase});
  const TextColumn* modulus = find_role(table, {ImpedanceRole::modulus});
  if (phase == nullptr || modulus == nullptr || find_role(table, {ImpedanceRole::real}) != nullptr)
    return false;
  const std::string& raw = phase->heading.raw;
  if (!phase->heading.unit.empty() || raw.find("deg") != std::string::npos ||
      raw.find("rad") != std::string::npos)
    return false;
  constexpr std::array angles{Layout::degrees, Layout::turned_degrees, Layout::radians,
                              Layout::turned_radians};
  const Columns c = complete(rows.frequency, modulus->values, phase->values);
  const auto layout = impedance_files::find_layout(c.frequency, c.a, c.b, angles);
  if (layout != Layout::radians && layout != Layout::turned_radians) return false;
  const double factor = modulus->unit_known ? modulus->unit.factor : 1.0;
  auto z = impedance_files::read_as(*layout, modulus->values, phase->values);
  for (double& v : z.real) v *= factor;
  for (double& v : z.imaginary) v *= factor;
  rows.real = std::move(z.real);
  rows.imaginary = std::move(z.imaginary);
  notes.warning(
      "D356",
      fmt::format("`{}` has no unit; by the modulus beside it the columns are {}", raw, describe(*layout)),
      table.header_place(), {"write the unit into the heading: Phase/rad"});
  return true;
}

/// "-140deg", "25 degC", "60°C" in a title.
std::optional<double> temperature_in(std::string_view title) {
  for (const std::string_view mark : {"deg", "\xC2\xB0"
                                             "C"}) {
    const std::size_t at = title.find(mark);
    if (at == std::string_view::npos) continue;
    std::string_view behind = title.substr(at + mark.size());
    if (behind.starts_with('C')) behind.remove_prefix(1);
    if (!behind.empty() && std::isalpha(static_cast<unsigned char>(behind.front())) != 0)
      continue; // "degrees of what"
    std::size_t end = at;
    while (end > 0 && title[end - 1] == ' ') --end;
    std::size_t begin = end;
    while (begin > 0 && ((title[begin - 1] >= '0' && title[begin - 1] <= '9') || title[begin - 1] == '.'))
      --begin;
    // A minus is a sign only where it stands free: "s04147-140deg" is 140, "at -25 degC" is -25.
    if (begin > 0 && title[begin - 1] == '-' &&
        (begin == 1 || title[begin - 2] == ' ' || title[begin - 2] == '_'))
      --begin;
    if (const auto number = parse_number(title.substr(begin, end - begin), '.');
        number && std::isfinite(*number))
      return number;
  }
  return std::nullopt;
}

/// Takes the marked rows out of every column.
void take_out(ImpedanceRows& rows, const std::vector<char>& marked) {
  const auto shorten = [&](auto& values) {
    if (values.empty()) return;
    std::size_t to = 0;
    for (std::size_t i = 0; i < marked.size(); ++i)
      if (marked[i] == 0) values[to++] = values[i];
    values.resize(to);
  };
  for (auto* column : {&rows.real, &rows.imaginary, &rows.time, &rows.unix_time, &rows.dc_voltage,
                       &rows.dc_current, &rows.temperature, &rows.amplitude, &rows.frequency})
    shorten(*column);
  shorten(rows.cycle);
}

std::string title_of(const TextTable& table) {
  Lines lines(table.metadata_text);
  for (Line line; lines.next(line);) {
    const std::string_view words = trim(line.text);
    if (words.empty()) continue;
    const bool plain = words.size() < longest_title && words.find_first_of(":=\t;") == std::string_view::npos;
    return plain ? std::string(words) : std::string();
  }
  return {};
}

} // namespace

std::optional<ImpedanceRows> guess_impedance(const TextTable& table, Diagnostics& notes) {
  if (!is_plain(table) || table.dialect.header_line != 0) return std::nullopt;
  const auto& columns = table.columns;
  if (std::any_of(columns.begin(), columns.end(), [](const TextColumn& c) { return !c.column.empty(); }))
    return std::nullopt;
  const auto found = std::find_if(columns.begin(), columns.end(), holds_frequencies);
  if (columns.end() - found < 3 || !is_number(found[1]) || !is_number(found[2])) return std::nullopt;
  const Columns c = complete(found->values, found[1].values, found[2].values);
  const auto layout = impedance_files::find_layout(c.frequency, c.a, c.b);
  if (!layout)
    throw Error("D355",
                fmt::format("`{}` looks like the frequencies of a spectrum, but there are no headings and "
                            "`{}` and `{}` do not tell "
                            "what they are",
                            found->heading.raw, found[1].heading.raw, found[2].heading.raw),
                Place{table.file, table.line_of(0), 0, 1, {}},
                {"write a line of headings above them, such as: freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm"});
  ImpedanceRows rows;
  rows.frequency = found->values;
  auto z = impedance_files::read_as(*layout, found[1].values, found[2].values);
  rows.real = std::move(z.real);
  rows.imaginary = std::move(z.imaginary);
  std::string left_out;
  for (auto more = columns.begin(); more != columns.end(); ++more)
    if (more < found || more > found + 2)
      left_out += fmt::format("{}`{}`", left_out.empty() ? "; left out: " : ", ", more->heading.raw);
  notes.warning("D354",
                fmt::format("no headings: `{}` was taken for the frequency in Hz, `{}` and `{}` for {}, "
                            "since only so the phase "
                            "follows from the modulus{}",
                            found->heading.raw, found[1].heading.raw, found[2].heading.raw, describe(*layout),
                            left_out),
                Place{table.file, table.line_of(0), 0, 1, {}});
  return rows;
}

void settle_headings(const TextTable& table, ImpedanceRows& rows, Diagnostics& notes) {
  if (!is_plain(table) || table.dialect.header_line == 0) return;
  if (settle_angle(table, rows, notes)) return;
  constexpr std::array signs{Layout::parts, Layout::turned_parts};
  std::size_t turned = 0, straight = 0;
  for (const Spectrum& s : split_sweeps(rows)) {
    const auto layout = impedance_files::find_layout(s.frequency, s.real, s.imaginary, signs);
    if (layout == Layout::turned_parts) ++turned;
    if (layout == Layout::parts) ++straight;
  }
  if (turned == 0 || straight > 0) return;
  for (double& v : rows.imaginary) v = -v;
  notes.warning("D356",
                "by the headings the cell would be inductive where its modulus says that it is capacitive; "
                "the imaginary part (or "
                "phase) was taken with the other sign",
                table.header_place(), {"call the column -Z'' if it holds the negative imaginary part"});
}

void take_title(const TextTable& table, ImpedanceRows& rows, Diagnostics& notes) {
  if (!is_plain(table) || table.dialect.header_line < 2) return;
  const std::string title = title_of(table);
  if (rows.label.empty()) rows.label = title;
  constexpr std::string_view rms = "AC Volt  [Vrms]=";
  if (const std::size_t at = table.metadata_text.find(rms); at != std::string::npos) {
    const auto fields = split(std::string_view(table.metadata_text).substr(at + rms.size(), 40), ' ');
    if (const auto volts =
            fields.empty()
                ? std::nullopt
                : parse_number(fields.front().substr(0, fields.front().find_first_of("\r\n")), '.')) {
      rows.modulation = Modulation::voltage;
      rows.amplitude.assign(rows.frequency.size(), *volts * std::numbers::sqrt2);
    }
  }
  const auto celsius = temperature_in(title);
  if (!celsius || !rows.temperature.empty() || *celsius <= -constants::zero_celsius) return;
  rows.temperature.assign(rows.frequency.size(), *celsius + constants::zero_celsius);
  notes.warning("D359", fmt::format("{:.6g} degC was taken from the title `{}`", *celsius, title),
                Place{table.file, 1, 0, 1, {}});
}

bool holds_run(const TextTable& table) {
  constexpr std::array times{col::test_time, col::step_time, col::unix_time};
  constexpr std::array measured{col::voltage, col::current, col::stack_pressure, col::temperature};
  const auto has = [&](std::string_view name) { return table.find(name) != nullptr; };
  return std::any_of(times.begin(), times.end(), has) && std::any_of(measured.begin(), measured.end(), has);
}

std::vector<char> part_rows(const TextTable& table, ImpedanceRows& rows, Record& record, Diagnostics& notes) {
  const bool run = holds_run(table);
  std::vector<char> keep(table.rows, 0), marked(table.rows, 0);
  std::size_t refused = 0, first = 0;
  for (std::size_t i = 0; i < table.rows; ++i) {
    const bool frequency = rows.frequency[i] > 0.0;
    if (frequency && std::isfinite(rows.real[i]) && std::isfinite(rows.imaginary[i])) continue;
    if (!frequency && run) {
      keep[i] = 1;
      continue;
    }
    if (refused++ == 0) first = i;
    marked[i] = 1;
    if (record.rejects.size() < Record::kept_rejects)
      record.rejects.push_back({Place{table.file, table.line_of(i), 0, 1, {}},
                                frequency ? "no impedance" : "no positive frequency"});
  }
  if (refused == 0) return keep;
  take_out(rows, marked);
  notes.warning(
      "D350",
      fmt::format("{} of {} points refused: no positive frequency, or no impedance", refused, table.rows),
      Place{table.file, table.line_of(first), 0, 1, {}});
  return keep;
}

} // namespace platen::text

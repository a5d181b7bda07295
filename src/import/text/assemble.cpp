#include "import/text/assemble.hpp"

#include "import/text/clock.hpp"
#include "import/text/plain_spectra.hpp"
#include "import/text/spectra.hpp"
#include "import/text/vendors.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <utility>

namespace platen::text {
namespace {

constexpr std::array measured{col::voltage, col::current, col::stack_pressure, col::temperature};

/// Refused lines that become warnings; all of them are in the record's table of rejects.
constexpr std::size_t shown_rejects = 5;

bool all_nan(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isnan(v); });
}

bool all_zero(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return v == 0.0 || std::isnan(v); });
}

bool never_falls(const std::vector<double>& values) { return std::is_sorted(values.begin(), values.end()); }

/// Numbers that are whole and none of which is missing; empty for others.
std::vector<std::int32_t> exactly_whole(const std::vector<double>& values) {
  std::vector<std::int32_t> out(values.size());
  bool whole = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double v = values[i];
    out[i] = static_cast<std::int32_t>(v > -2e9 && v < 2e9 ? v : 0.0);
    whole = whole & (static_cast<double>(out[i]) == v);
  }
  if (!whole) out.clear();
  return out;
}

bool are_whole(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) {
    return std::isnan(v) || (std::abs(v) < 2e9 && std::abs(v - std::round(v)) < 1e-6);
  });
}

/// Builds one Record; a class because every step reads the table and adds to the notes.
class Builder {
public:
  Builder(TextTable& table, Preamble preamble, const ImportOptions& options)
      : table_(table), options_(options), start_(preamble.start) {
    record_.metadata = std::move(preamble.metadata);
    record_.provenance.origin = "measured";
    record_.provenance.format = std::move(preamble.format);
  }

  Record build() {
    note_rejects();
    settle_voltage();
    take_spectra();
    if (table_.rows == 0) {
      record_.warnings = notes_.items();
      return std::move(record_);
    }
    refuse_spectrum();
    drop_empty();
    translate_step_codes(table_, notes_);
    set_clock();
    set_current();
    set_pressure_and_temperature();
    set_counts();
    set_capacities();
    for (const std::string_view name : {col::voltage, col::net_capacity})
      if (TextColumn* c = table_.find(name)) record_.set(name, si(*c));
    need_a_measurement();
    set_auxiliary();
    note_assumptions();
    record_.warnings = notes_.items();
    return std::move(record_);
  }

private:
  Place header() const { return table_.header_place(); }

  /// With a third electrode, or a sense lead at the counter electrode, the terminals are Ewe - Ece apart.
  void settle_voltage() {
    TextColumn* ewe = table_.find(col::voltage);
    if (ewe == nullptr || heading_key(ewe->heading.name) != "ewe") return;
    const auto ece = std::find_if(table_.columns.begin(), table_.columns.end(), [&](const TextColumn& c) {
      return c.kind == Kind::number && c.unit_known && c.unit.dimension == dim::voltage &&
             c.values.size() == ewe->values.size() && heading_key(c.heading.name) == "ece";
    });
    if (ece == table_.columns.end()) return;
    TextColumn working = *ewe;
    working.column.clear();
    const double factor = ece->unit.factor / ewe->unit.factor;
    for (std::size_t i = 0; i < ewe->values.size(); ++i) ewe->values[i] -= ece->values[i] * factor;
    notes_.warning("D326",
                   fmt::format("the voltage is `{}` less `{}`; both are kept as columns of their own",
                               ewe->heading.raw, ece->heading.raw),
                   header());
    table_.columns.push_back(std::move(working));
  }

  /// The values in SI; leaves the column empty and marks it as used.
  std::vector<double> si(TextColumn& c) {
    std::vector<double> out = std::move(c.values);
    c.values.clear();
    if (c.kind == Kind::number && c.unit_known && !c.in_si)
      for (double& v : out) v = v * c.unit.factor + c.unit.offset;
    if (c.unit_assumed) assumed_.push_back(fmt::format("`{}`", c.heading.raw));
    c.kind = Kind::skip;
    return out;
  }

  void note_rejects() {
    if (table_.refused == 0) return;
    for (std::size_t i = 0; i < std::min(table_.rejects.size(), shown_rejects); ++i) {
      const Reject& r = table_.rejects[i];
      std::string message = fmt::format("line refused: {}", r.reason);
      if (i == 0)
        message = fmt::format("{} of {} lines refused; the first: {}", table_.refused,
                              table_.refused + table_.rows, r.reason);
      notes_.warning("D010", std::move(message), r.place);
    }
    record_.rejects = std::move(table_.rejects);
  }

  void say_zone() {
    record_.metadata["time zone"] = "not in the file; dates are taken as UTC";
    if (table_.doubtful_date)
      notes_.warning(
          "D015",
          fmt::format("day and month of the dates could also be the other way round; {} was taken",
                      table_.date_order == DateOrder::month_first ? "month/day/year" : "day.month.year"),
          header());
  }

  /// The sweeps of one impedance of the cell. @param which is put behind the technique.
  std::vector<Spectrum> sweeps_of(ImpedanceRows rows, std::string_view which) const {
    const auto technique = record_.metadata.find("technique");
    if (technique != record_.metadata.end()) rows.label = technique->second;
    if (rows.modulation == Modulation::unknown) rows.modulation = modulation_of(rows.label);
    if (!which.empty()) rows.label += fmt::format("{}{}", rows.label.empty() ? "" : ", ", which);
    set_amplitude(table_, rows);
    if (start_ && !rows.time.empty()) {
      rows.unix_time = rows.time;
      for (double& t : rows.unix_time) t += *start_;
    }
    return split_sweeps(rows);
  }

  /// Rows with a frequency become spectra: their time, <Ewe> and <I> are no run of a cell. The others stay rows.
  void take_spectra() {
    std::vector<char> of_a_run = holds_run(table_) ? rows_without_frequency(table_) : std::vector<char>();
    const bool mixed = std::find(of_a_run.begin(), of_a_run.end(), 1) != of_a_run.end();
    const std::optional<TextTable> part = mixed ? std::optional(points_of(table_, of_a_run)) : std::nullopt;
    const TextTable& points = part ? *part : table_;
    auto working = find_impedance(points, Electrodes::working);
    if (working) settle_headings(points, *working, notes_);
    else working = guess_impedance(points, notes_);
    if (!working) return;
    take_title(points, *working, notes_);
    std::vector<char> kept = part_rows(points, *working, record_, notes_);
    if (!mixed) of_a_run = std::move(kept);
    const auto counter = find_impedance(points, Electrodes::counter);
    const auto both = find_impedance(points, Electrodes::both);
    std::vector<std::vector<Spectrum>> all;
    if (both) all.push_back(sweeps_of(*both, "whole cell"));
    all.push_back(sweeps_of(*working, both || counter ? "working electrode" : ""));
    if (counter) all.push_back(sweeps_of(*counter, "counter electrode"));
    for (std::size_t k = 0; k < all.front().size(); ++k)
      for (std::vector<Spectrum>& sweeps : all)
        if (k < sweeps.size()) record_.spectra.push_back(std::move(sweeps[k]));
    drop_impedance(of_a_run);
    table_.keep_rows(of_a_run);
    if (table_.rows == 0 && start_) say_zone();
  }

  /// Between sweeps the columns of the impedance hold zeros.
  void drop_impedance(const std::vector<char>& of_a_run) {
    const auto nothing_in_run = [&](const std::vector<double>& values) {
      for (std::size_t i = 0; i < values.size(); ++i)
        if (of_a_run[i] != 0 && values[i] != 0.0 && !std::isnan(values[i])) return false;
      return true;
    };
    std::erase_if(table_.columns, [&](const TextColumn& c) {
      const auto has_role = [&](Electrodes e) { return impedance_role(c.heading, e) != ImpedanceRole::none; };
      const bool role = has_role(Electrodes::working) || has_role(Electrodes::counter) || has_role(Electrodes::both);
      return role && nothing_in_run(c.values);
    });
  }

  /// Its time, <Ewe> and <I> are no run of a cell either.
  void refuse_spectrum() const {
    for (const TextColumn& c : table_.columns) {
      if (c.kind != Kind::number || !c.unit_known || c.unit.dimension != dim::frequency) continue;
      if (std::all_of(c.values.begin(), c.values.end(), [](double f) { return f > 0.0; }))
        throw Error(
            "D020",
            fmt::format("`{}` holds a frequency in every row, but no real and imaginary part were found beside it",
                        c.heading.raw),
            header(),
            {"export the spectrum with columns such as freq/Hz, Re(Z)/Ohm and -Im(Z)/Ohm, or |Z|/Ohm and Phase(Z)/deg"});
    }
  }

  void drop_empty() {
    for (TextColumn& c : table_.columns) {
      if (c.kind != Kind::skip && all_nan(c.values)) {
        c.kind = Kind::skip;
        c.column.clear();
      }
      if (c.kind == Kind::skip) left_out_.push_back(fmt::format("`{}`", c.heading.raw));
    }
  }

  void set_clock() {
    for (const std::string_view name : {col::test_time, col::step_time})
      if (const TextColumn* c = table_.find(name);
          c != nullptr && c->unit_assumed && c->kind == Kind::duration)
        table_.find(name)->unit_assumed = false; // hh:mm:ss needs no unit
    Clock clock = build_clock(table_, start_, notes_);
    for (const std::string_view name : {col::test_time, col::step_time, col::unix_time}) {
      TextColumn* c = table_.find(name);
      if (c == nullptr) continue;
      if (c->unit_assumed) assumed_.push_back(fmt::format("`{}`", c->heading.raw));
      c->kind = Kind::skip;
    }
    record_.set(col::test_time, std::move(clock.test));
    if (!clock.step.empty()) record_.set(col::step_time, std::move(clock.step));
    if (clock.unix.empty()) return;
    record_.set(col::unix_time, std::move(clock.unix));
    say_zone();
  }

  void set_current() {
    const double* stated = options_.cell && options_.cell->cell.current ? &*options_.cell->cell.current : nullptr;
    TextColumn* c = table_.find(col::current);
    if (c != nullptr) {
      std::vector<double> current = si(*c);
      give_signs(current, c->heading.raw);
      record_.set(col::current, std::move(current));
      if (stated != nullptr)
        notes_.warning(
            "D017", fmt::format("the cell file's current is not used: `{}` is in the data", c->heading.raw),
            header());
      return;
    }
    if (current_from_charge()) return;
    if (stated != nullptr) {
      record_.set(col::current, std::vector<double>(table_.rows, *stated));
      notes_.warning(
          "D017",
          fmt::format("the file has no current; {:.6g} mA from the cell file is taken for every row",
                      *stated * 1e3),
          header());
      return;
    }
    if (table_.find(col::voltage) != nullptr)
      notes_.warning("D018", "the file has no current", header(),
                     {"if it was constant, say so in the cell file: current = \"0.4 mA\""});
  }

  /// EC-Lab's galvanostatic techniques record the charge dq since the row before and no current; its own <I> is dq over
  /// the time since then, and 0 in the first row.
  bool current_from_charge() {
    const auto dq = std::find_if(table_.columns.begin(), table_.columns.end(), [](const TextColumn& c) {
      return c.heading.name == "dq" && c.kind == Kind::number && c.unit_known && c.unit.dimension == dim::charge;
    });
    if (dq == table_.columns.end() || dq->values.empty()) return false;
    const auto time = std::as_const(record_).real(col::test_time);
    std::vector<double> current(table_.rows, 0.0);
    std::size_t standing = 0;
    for (std::size_t i = 1; i < table_.rows; ++i) {
      const double passed = time[i] - time[i - 1];
      standing += passed > 0.0 ? 0 : 1;
      current[i] = passed > 0.0 ? dq->values[i] * dq->unit.factor / passed : current[i - 1];
    }
    record_.set(col::current, std::move(current));
    notes_.warning("D325",
                   fmt::format("the file has no current; it was made of `{}` and the time since the row before{}",
                               dq->heading.raw,
                               standing > 0 ? fmt::format(", and kept in {} rows at which the time stands", standing)
                                            : std::string()),
                   header());
    return true;
  }

  /// Some programs write the current without a sign and say "D" in another column.
  void give_signs(std::vector<double>& current, const std::string& heading) {
    const TextColumn* type = table_.find(col::step_type);
    if (type == nullptr || std::any_of(current.begin(), current.end(), [](double i) { return i < 0.0; }))
      return;
    std::size_t turned = 0;
    for (std::size_t i = 0; i < current.size(); ++i) {
      if (!is_discharge(type->values[i]) || current[i] == 0.0) continue;
      current[i] = -current[i];
      ++turned;
    }
    if (turned > 0)
      notes_.warning("D022",
                     fmt::format("`{}` has no signs; {} rows of discharging steps were made negative by `{}`",
                                 heading, turned, type->heading.raw),
                     header());
  }

  static bool is_discharge(double label) {
    if (std::isnan(label)) return false;
    switch (static_cast<StepType>(static_cast<int>(label))) {
    case StepType::cc_discharge:
    case StepType::cv_discharge:
    case StepType::cccv_discharge:
    case StepType::cp_discharge:
    case StepType::cr_discharge:
      return true;
    default:
      return false;
    }
  }

  void set_pressure_and_temperature() {
    for (const std::string_view name : {col::stack_pressure, col::temperature}) {
      TextColumn* c = table_.find(name);
      if (c == nullptr) continue;
      if (all_zero(c->values)) {
        unconnected_.push_back(fmt::format("`{}`", c->heading.raw));
        c->kind = Kind::skip;
        continue;
      }
      if (name == col::stack_pressure && !make_pressure(*c)) continue;
      record_.set(name, si(*c));
    }
  }

  /// A force becomes a pressure with the area of the cell file. @returns false when the column stays what it
  /// is.
  bool make_pressure(TextColumn& c) {
    if (!c.unit_known) {
      notes_.warning("D023", fmt::format("`{}` has no unit and was kept as a plain number", c.heading.raw),
                     header(),
                     {fmt::format("[columns] \"{}\" = {{ column = \"stack_pressure\", unit = \"MPa\" }}",
                                  c.heading.raw)});
      return false;
    }
    if (c.unit.dimension == dim::pressure) return true;
    const std::optional<double> area = options_.cell ? options_.cell->cell.area : std::nullopt;
    if (!area || *area <= 0.0) {
      notes_.warning(
          "D023",
          fmt::format("`{}` is a force; without the area of the cell it is no pressure and was kept as it is",
                      c.heading.raw),
          header(), {"say it in the cell file: area = \"0.785 cm2\""});
      return false;
    }
    c.unit.factor /= *area;
    c.in_si = false;
    c.unit.dimension = dim::pressure;
    return true;
  }

  void set_counts() {
    for (const std::string_view name : {col::cycle_count, col::step_count, col::step_index, col::step_type}) {
      TextColumn* c = table_.find(name);
      if (c == nullptr) continue;
      if (std::vector<std::int32_t> whole = exactly_whole(c->values); !whole.empty()) {
        record_.set(name, std::move(whole));
        c->kind = Kind::skip;
        continue;
      }
      if (!are_whole(c->values)) continue;
      std::vector<std::int32_t> out(table_.rows, 0);
      std::size_t missing = 0, first = 0;
      for (std::size_t i = 0; i < table_.rows; ++i) {
        if (!std::isnan(c->values[i]))
          out[i] = static_cast<std::int32_t>(std::lround(c->values[i]));
        else if (missing++ == 0)
          first = i;
      }
      if (missing > 0)
        notes_.warning("D025", fmt::format("`{}` is missing in {} rows and 0 there", c->heading.raw, missing),
                       Place{table_.file, table_.line_of(first), 0, 1, {}});
      record_.set(name, std::move(out));
      c->kind = Kind::skip;
    }
  }

  void set_capacities() {
    const bool has_current = record_.has(col::current);
    const TextColumn* type = table_.find(col::step_type);
    for (const std::string_view name : {col::step_capacity, col::step_energy}) {
      TextColumn* c = table_.find(name);
      if (c == nullptr) continue;
      const bool signed_already =
          std::any_of(c->values.begin(), c->values.end(), [](double v) { return v < 0.0; });
      if (!signed_already && !has_current) continue;
      std::vector<double> out = si(*c);
      if (!signed_already) {
        const auto current = std::as_const(record_).real(col::current);
        for (std::size_t i = 0; i < out.size(); ++i)
          if (current[i] < 0.0 || (type != nullptr && is_discharge(type->values[i])))
            out[i] = out[i] == 0.0 ? 0.0 : -out[i];
      }
      record_.set(name, std::move(out));
    }
    // The registry's capacities never reset; a column that does is kept under its own name.
    for (const std::string_view name : {col::charging_capacity, col::discharging_capacity})
      if (TextColumn* c = table_.find(name); c != nullptr && never_falls(c->values))
        record_.set(name, si(*c));
  }

  void need_a_measurement() const {
    if (std::any_of(measured.begin(), measured.end(),
                    [&](std::string_view name) { return record_.has(name); }))
      return;
    throw Error("D007", "the file has a time, but neither voltage, current, pressure nor temperature",
                header(),
                {table_.guess(), "name the columns in the cell file: [columns] \"Heading\" = { column = "
                                 "\"voltage\", unit = \"V\" }"});
  }

  void set_auxiliary() {
    for (TextColumn& c : table_.columns) {
      if (c.kind == Kind::skip || c.values.empty()) continue;
      const bool sensor =
          c.unit_known && (c.unit.dimension == dim::temperature || c.unit.dimension == dim::pressure);
      if (sensor && all_zero(c.values)) {
        unconnected_.push_back(fmt::format("`{}`", c.heading.raw));
        continue;
      }
      std::string name = auxiliary_name(c.heading);
      if (find_column(name) != nullptr) name += "_raw";
      const std::string stem = name;
      for (int n = 2; record_.has(name); ++n) name = fmt::format("{}_{}", stem, n);
      std::string unit = "1";
      if (c.kind == Kind::duration || c.kind == Kind::date)
        unit = "s";
      else if (c.unit_known)
        unit = si_unit(c.unit.dimension);
      else if (!c.heading.unit.empty())
        unit = c.heading.unit; // not understood: numbers and unit as in the file
      if (unit.empty()) unit = "1";
      record_.set(Column{name, unit, fmt::format("`{}` of the file", c.heading.raw), si(c)});
    }
  }

  void note_assumptions() {
    if (!assumed_.empty())
      notes_.warning(
          "D013",
          fmt::format("no unit in the heading of {}; s, A, V, Ah, Wh, ohm, V/s and degC were taken",
                      fmt::join(assumed_, ", ")),
          header(),
          {"state it in the cell file: [columns] \"Heading\" = { column = \"current\", unit = \"mA\" }"});
    if (!unconnected_.empty())
      notes_.warning("D024",
                     fmt::format("0 in every row and left out, no sensor seems to be connected: {}",
                                 fmt::join(unconnected_, ", ")),
                     header());
    if (!left_out_.empty())
      notes_.warning("D014",
                     fmt::format("left out, there are no numbers in them: {}", fmt::join(left_out_, ", ")),
                     header());
    for (const TextColumn& c : table_.columns)
      if (c.bad > 0)
        notes_.warning("D012",
                       fmt::format("{} fields of `{}` could not be read; the first is `{}`", c.bad,
                                   c.heading.raw, c.bad_text),
                       Place{table_.file, c.bad_line, 0, 1, {}});
    if (table_.dialect.doubtful_decimal)
      notes_.warning(
          "D021",
          "every comma in the numbers could also be a thousands mark; it was taken as the decimal mark",
          header(),
          {"export with more or fewer than three decimals, or with a decimal point, to be certain"});
  }

  TextTable& table_;
  const ImportOptions& options_;
  Record record_;
  std::optional<double> start_; ///< of the acquisition, s since 1970
  Diagnostics notes_;
  std::vector<std::string> assumed_, left_out_, unconnected_;
};

} // namespace

Record assemble(TextTable& table, Preamble preamble, const ImportOptions& options) {
  return Builder(table, std::move(preamble), options).build();
}

} // namespace platen::text

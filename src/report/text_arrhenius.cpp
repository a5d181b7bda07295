#include "report/impedance.hpp"

#include "base/constants.hpp"
#include "report/format.hpp"
#include "report/text_columns.hpp"

#include <cmath>
#include <fmt/format.h>

namespace platen::report {
namespace {

using namespace impedance;

constexpr double joule_per_ev = 96485.33212; // J/mol

/// Conductivities as they are quoted; conductances as they are.
std::pair<double, const char*> shown(const std::string& unit) {
  return unit == "S/m" ? std::pair{0.01, "S/cm"} : std::pair{1.0, "S"};
}

} // namespace

Uncertain EisArrhenius::Line::at(double temperature_wanted) const {
  const Uncertain x = activation ? activation->at(temperature_wanted) : Uncertain{NAN, NAN};
  return {x.value, std::hypot(x.error, geometry * x.value)};
}

std::string text_eis_arrhenius(const EisArrhenius& answer) {
  std::string out = answer.fits.empty() ? "no spectra\n" : fmt::format("circuit  {}\n\n", answer.fits.front().circuit);
  std::vector<std::string> head{"spectrum", "degC"};
  std::string right = " r";
  for (const auto& line : answer.lines) {
    head.push_back(fmt::format("{} {}", line.what, shown(line.unit).second));
    head.push_back("+-");
    right += "rr";
  }
  head.push_back("residual");
  std::vector<std::vector<std::string>> rows{head};
  for (std::size_t k = 0; k < answer.fits.size(); ++k) {
    std::vector<std::string> row{plain(answer.spectra[k].name), number(answer.temperature[k] - constants::zero_celsius, 4)};
    for (const auto& line : answer.lines) {
      const double factor = shown(line.unit).first;
      row.push_back(number(factor * line.value[k].value, 4));
      row.push_back(number(factor * line.value[k].error, 2));
    }
    row.push_back(number(100.0 * answer.fits[k].residual, 3) + " %");
    rows.push_back(std::move(row));
  }
  out += columns(rows, right + "r");
  std::vector<std::vector<std::string>> energies{{"activation", "kJ/mol", "+-", "eV", "+-", "at 25 degC", "+-", "", "scatter"}};
  for (const auto& line : answer.lines) {
    if (!line.activation) continue;
    const Activation& a = *line.activation;
    const auto [factor, unit] = shown(line.unit);
    const Uncertain room = line.at(constants::T_ref);
    energies.push_back({line.what, number(a.energy.value / 1e3, 4), number(a.energy.error / 1e3, 2), number(a.energy.value / joule_per_ev),
                        number(a.energy.error / joule_per_ev, 2), number(factor * room.value), number(factor * room.error, 2), unit,
                        a.points > 2 ? number(a.scatter, 2) : "-"});
  }
  if (energies.size() > 1) out += "\n" + columns(energies, " rrrrrr r");
  if (!answer.verdict) return out;
  out += fmt::format("\n{}: {}\n", answer.arc, label(answer.verdict->kind));
  for (const std::string& reason : answer.verdict->reasons) out += fmt::format("  {}\n", reason);
  return out;
}

} // namespace platen::report

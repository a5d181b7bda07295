#include "align/spectra.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::align {
namespace {

/// Date of test time 0; NaN when the data have none.
double date_of_zero(const Record& data) {
  if (!data.has(col::unix_time) || !data.has(col::test_time)) return std::numeric_limits<double>::quiet_NaN();
  const auto unix = data.real(col::unix_time), test = data.real(col::test_time);
  for (std::size_t i = 0; i < unix.size(); ++i)
    if (std::isfinite(unix[i]) && std::isfinite(test[i])) return unix[i] - test[i];
  return std::numeric_limits<double>::quiet_NaN();
}

} // namespace

std::size_t add_spectra(Record& data, const Record& other, double offset) {
  const double zero = date_of_zero(data);
  std::vector<Spectrum> placed = other.spectra;
  std::size_t dated = 0;
  for (std::size_t k = 0; k < placed.size(); ++k) {
    Spectrum& s = placed[k];
    double start = s.unix_time - zero;
    if (std::isfinite(start))
      ++dated;
    else
      start = s.start;
    if (!std::isfinite(start))
      throw Error("D427",
                  fmt::format("spectrum {} has no time that the data could be held against: its file has {}, "
                              "the data have {}",
                              k + 1, std::isfinite(s.unix_time) ? "a date" : "neither date nor time",
                              std::isfinite(zero) ? "dates" : "no dates"),
                  std::nullopt, {"export the data, or the spectra, with absolute times"});
    const double shift = start + offset - s.start;
    for (double& t : s.time) t = std::isfinite(shift) ? t + shift : std::numeric_limits<double>::quiet_NaN();
    s.start = start + offset;
    if (std::isfinite(s.unix_time)) s.unix_time += offset;
  }
  data.spectra.insert(data.spectra.end(), placed.begin(), placed.end());
  data.analyses.clear(); // their spectra will have other numbers
  std::stable_sort(data.spectra.begin(), data.spectra.end(),
                   [](const Spectrum& a, const Spectrum& b) { return a.start < b.start; });
  return dated;
}

} // namespace platen::align

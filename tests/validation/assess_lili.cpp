// A real Li||Li cell that soft-shorts (liquid electrolyte, one direction, 45 loops of an hour at +0.4 mA): every loop's score.
// There is no independent label per loop; the reading in the folder's README is what is compared with. The thresholds were frozen
// before the file was looked at; docs/theory/assessment.md says what was changed in the logic afterwards and why.

#include "assess/assessment.hpp"
#include "base/file.hpp"

#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace platen;

namespace {

const std::filesystem::path folder = std::filesystem::path(PLATEN_SHARED_DATA) / "lili_soft_short";

/// Every number of a text, line by line; what is not a number is skipped.
std::vector<std::vector<double>> numbers(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  std::vector<std::vector<double>> out;
  std::vector<double> line;
  const char* p = text.data();
  const char* end = p + text.size();
  while (p < end) {
    if (*p == '\n') {
      if (!line.empty()) out.push_back(std::move(line));
      line.clear();
      ++p;
      continue;
    }
    double v = 0;
    const auto [next, fault] = std::from_chars(p, end, v);
    if (fault == std::errc()) line.push_back(v);
    p = fault == std::errc() ? next : p + 1;
  }
  if (!line.empty()) out.push_back(std::move(line));
  return out;
}

Record cell(bool with_loops) {
  std::vector<double> time, voltage;
  for (const auto& line : numbers(folder / "03_GCPL.txt"))
    if (line.size() >= 2) {
      time.push_back(line[0] - 9.076301776229229e+02);
      voltage.push_back(line[1]);
    }
  std::vector<std::int32_t> loop(time.size(), 1);
  if (with_loops) {
    std::int32_t number = 0;
    for (const auto& line : numbers(folder / "03_GCPL_LOOP.txt")) {
      ++number;
      for (auto k = static_cast<std::size_t>(line[0]); k < loop.size(); ++k) loop[k] = number;
    }
  }
  Record r;
  r.set(col::test_time, std::move(time));
  r.set(col::voltage, std::move(voltage));
  if (with_loops) r.set(col::cycle_count, std::move(loop));
  r.cell.configuration = Configuration::symmetric;
  r.cell.current = 4e-4;
  return r;
}

void print(const Assessment& a, const std::vector<std::vector<double>>& reference) {
  fmt::print("loop   mean V  per_loop   R/ohm  R lowest  noise/mV  score  verdict       fired\n");
  for (std::size_t k = 0; k < a.half_cycles.size(); ++k) {
    const HalfCycleAssessment& h = a.half_cycles[k];
    std::string fired;
    for (const Evidence& e : h.evidence)
      if (e.fired) fired += fmt::format("{} ({:.2f}); ", e.name, e.figure);
    fmt::print("{:4} {:8.4f}  {:8.4f} {:7.1f} {:9.2f} {:9.2f} {:6.2f}  {:12}  {}\n", k + 1, h.mean_voltage,
               k + 1 < reference.size() ? reference[k + 1][4] : 0.0, h.resistance, h.evidence[6].figure, h.noise * 1e3, h.score,
               label(h.verdict), fired);
  }
  fmt::print("verdict: {}: {}\nCCD refused: {}\n", label(a.verdict), a.reason, a.ccd_refused);
}

TEST(AssessLili, EveryLoopGetsItsScore) {
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "SHARED DATA ABSENT: " << folder;
  const std::vector<std::vector<double>> reference = numbers(folder / "per_loop.csv");
  const Assessment a = assess(cell(true));
  print(a, reference);
}

} // namespace

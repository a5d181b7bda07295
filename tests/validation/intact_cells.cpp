// Every real file of a cell that is not known to be shorted, judged as a full cell: none may be called shorted. The verdicts are printed.
// Among them are half cells, drive cycles, tapers in steps, a lead-acid battery and a cell that wears out.

#include "assess/assessment.hpp"
#include "import/import.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <vector>

namespace platen {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files() {
  std::vector<fs::path> out;
  for (const char* folder : {"neware", "neware_text", "arbin", "maccor", "biologic", "novonix", "landt", "bdf"})
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(PLATEN_SHARED_DATA) / folder)) {
      const std::string name = entry.path().string();
      const bool reference = name.find("ref") != std::string::npos || name.ends_with(".gz");
      if (entry.is_regular_file() && !reference) out.push_back(entry.path());
    }
  std::sort(out.begin(), out.end());
  return out;
}

TEST(IntactCells, NoneOfTheRealFilesIsCalledShorted) {
  if (!fs::exists(PLATEN_SHARED_DATA)) GTEST_SKIP() << "SHARED DATA ABSENT " << PLATEN_SHARED_DATA;
  ImportOptions options;
  options.cell.emplace();
  options.cell->cell.configuration = Configuration::full;
  std::size_t judged = 0, told = 0, unreadable = 0;
  for (const fs::path& path : files()) {
    const std::string name = fs::relative(path, PLATEN_SHARED_DATA).string();
    try {
      const Assessment a = assess(read_measurement(path, options));
      ++judged;
      told += a.verdict != Verdict::cannot_tell;
      fmt::print("{:<80} {:>6} half cycles  {:<12} {}\n", name, a.half_cycles.size(), label(a.verdict), a.reason);
      EXPECT_TRUE(a.verdict == Verdict::healthy || a.verdict == Verdict::contact_loss || a.verdict == Verdict::cannot_tell)
          << name << ": " << a.reason;
      EXPECT_FALSE(a.onset) << name;
    } catch (const Error& error) {
      ++unreadable; // licences, tables of another file, impedance alone
      fmt::print("{:<80} no record of cycling: {}\n", name, error.diagnostics().front().message);
    }
  }
  fmt::print("{} records judged, {} of them with a verdict, {} files without a record of cycling\n", judged, told, unreadable);
  EXPECT_GE(judged, 25U);
  EXPECT_GE(told, 8U);
}

} // namespace
} // namespace platen

// Journals, tables of overrides, campaign tables and campaign files damaged at random: read or refused, never a crash; and a journal
// that is accepted holds only what was written.
#include "mutate.hpp"

#include "base/error.hpp"
#include "campaign/plan.hpp"
#include "campaign/table.hpp"
#include "study/variants.hpp"
#include "work/journal.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <unistd.h>

namespace {

using namespace platen;
namespace fs = std::filesystem;

class CampaignFuzz : public testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "platen-fuzz-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override { fs::remove_all(folder); }

  void put(const std::string& name, const std::string& bytes) const { std::ofstream(folder / name, std::ios::binary) << bytes; }

  /// What `work` refuses must have a code that is no bug of ours.
  template <class Work> static bool accepted(Work work, const std::string& bytes) {
    try {
      work();
      return true;
    } catch (const Error& error) {
      EXPECT_NE(error.diagnostics().front().code.front(), 'B') << error.what() << "\n" << bytes;
      return false;
    }
  }

  fs::path folder;
};

TEST_F(CampaignFuzz, Journals) {
  const fs::path path = folder / "j";
  std::set<std::string> written;
  {
    work::JournalWriter writer(path, "mine");
    for (int k = 0; k < 12; ++k) writer.append(*written.insert(std::to_string(k) + " done,,0." + std::to_string(k * 127) + ",shorted").first);
  }
  std::ifstream file(path, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(file), {}};
  std::mt19937_64 random(1);
  std::size_t refused = 0, read = 0;
  for (int k = 0; k < 1000; ++k) {
    const std::string bytes = test::mutate(whole, {"\n", "00000000 ", "platen-journal 1 mine", "\n\n", whole.substr(0, 40)}, 3, random);
    put("j", bytes);
    const bool sound = accepted(
        [&] {
          work::JournalReader reader(path);
          for (std::string_view text; reader.next(text);) {
            // a line that was copied whole is sound; anything else would be a checksum that failed to see damage
            EXPECT_TRUE(written.contains(std::string(text)) || text == "platen-journal 1 mine" || text.empty()) << text;
          }
        },
        bytes);
    (sound ? read : refused) += 1;
    accepted([&] { work::JournalWriter(path, "mine").append("after"); }, bytes);
  }
  EXPECT_GT(refused, 250u);
  EXPECT_GT(read, 25u);
}

TEST_F(CampaignFuzz, TablesOfOverrides) {
  const std::string whole = "weight,contact.initial [1],flaw.depth [um],mechanisms.fatigue,values.hold [min],explanation\n"
                            "0.5,0.31,5.2,true,30,\"a, b\"\n0.25,0.28,6.9,false,,\n0.25,,7.1,1,1e2,c\n";
  std::mt19937_64 random(2);
  std::size_t read = 0;
  for (int k = 0; k < 4000; ++k) {
    const std::string bytes = test::mutate(whole, {",", "\"", "\n", "[", "]", ";", "1e999", "seed", "fixture.kind", "springs", "#", "\t", "nan"}, 4, random);
    read += accepted([&] { static_cast<void>(overrides_csv(parse_overrides(bytes, "t.csv"))); }, bytes) ? 1 : 0;
  }
  EXPECT_GT(read, 100u);
}

TEST_F(CampaignFuzz, Tables) {
  const std::string whole = "# campaign\nrun,replicate,seed,values.hold [min],status,reason,ccd [mA/cm2],end\n0,0,1,1,done,,0.635,shorted\n"
                            "1,0,1,3,failed,\"S001: steps, many\",,\n2,0,1,10,done,,,completed\n";
  std::mt19937_64 random(3);
  std::size_t read = 0;
  for (int k = 0; k < 20000; ++k) {
    const std::string bytes = test::mutate(whole, {",", "\"", "\n", "18446744073709551616", "done", "failed", "status", "#"}, 4, random);
    read += accepted(
                [&] {
                  campaign::TableReader reader(bytes, "t.csv");
                  for (campaign::TableRow row; reader.next(row);) EXPECT_EQ(row.axes.size(), reader.head().axes.size());
                },
                bytes)
                ? 1
                : 0;
  }
  EXPECT_GT(read, 500u);
}

TEST_F(CampaignFuzz, Files) {
  const std::string whole = "name = \"x\"\nstudy = \"s.toml\"\ndesign = \"sobol\"\nruns = 64\nreplicates = 2\nresults = [\"ccd\", \"final.voltage\"]\n"
                            "[[axis]]\nkey = \"contact.initial\"\nfrom = 0.1\nto = 0.5\nspacing = \"log\"\n"
                            "[[axis]]\nkey = \"flaw.depth\"\ndistribution = \"log-normal\"\nmedian = \"5 um\"\nsigma = 0.3\nto = \"9 um\"\n"
                            "[[axis]]\nkey = \"values.hold\"\nvalues = \"1, 3, 10 min\"\n[[axis]]\nkey = \"fixture.kind\"\nvalues = [\"springs\"]\n";
  std::mt19937_64 random(4);
  std::size_t read = 0;
  for (int k = 0; k < 1000; ++k) {
    const std::string bytes = test::mutate(whole, {"\n", "\"", "[[axis]]\n", "grid", "morris", "saltelli", "latin hypercube", "count = 3\n", "-1", "1e300", "min", "seed"}, 1, random);
    put("c.toml", bytes);
    read += accepted(
                [&] {
                  const campaign::Plan plan = campaign::read_plan(folder / "c.toml");
                  std::vector<double> values(plan.axes.size());
                  for (const std::uint64_t point : {std::uint64_t{0}, plan.points->count() / 2, plan.points->count() - 1}) plan.points->values(point, values);
                },
                bytes)
                ? 1
                : 0;
  }
  EXPECT_GT(read, 20u);
}

} // namespace

// A run is the same whoever carries it out, and a store holds the same whatever the order in which results come.
#include "base/error.hpp"
#include "base/file.hpp"
#include "campaign/campaign.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <unistd.h>

namespace {

using namespace platen;
namespace fs = std::filesystem;

class CampaignThreads : public testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "platen-campaign-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    std::ofstream(folder / "s.toml") << "extends = \"" << (fs::path(PLATEN_SOURCE_DIR) / "studies" / "ham2022" / "symmetric.toml").string()
                                     << "\"\ntest = [\"Hold at 25 MPa for {hold} at 25 degC\", \"Set stack pressure to 5 MPa\", "
                                        "\"Ramp from 0.5 mA/cm2 in steps of 0.5 mA/cm2, 15 min per half cycle, until short\"]\n[values]\nhold = \"1 min\"\n";
    std::ofstream(folder / "c.toml") << "study = \"s.toml\"\ndesign = \"sobol\"\nruns = 24\nreplicates = 2\nresults = [\"ccd_continuous\", \"end\", \"limit\"]\n"
                                        "[[axis]]\nkey = \"values.hold\"\nfrom = \"1 min\"\nto = \"60 min\"\nspacing = \"log\"\n"
                                        "[[axis]]\nkey = \"contact.initial\"\nfrom = 0.1\nto = 0.5\n";
  }
  void TearDown() override { fs::remove_all(folder); }

  std::string table(unsigned threads, const std::string& program = "test") const {
    const campaign::Campaign campaign(folder / "c.toml", program);
    {
      campaign::Store store(campaign, folder / "j");
      campaign::run_threads(campaign, store, threads, {});
      EXPECT_EQ(store.done(), 48u);
      EXPECT_EQ(store.next_missing(0), 48u);
    }
    campaign::write_table(campaign, folder / "j", folder / "t.csv");
    fs::remove(folder / "j");
    return read_file(folder / "t.csv");
  }

  fs::path folder;
};

TEST_F(CampaignThreads, GiveOneTable) {
  const std::string one = table(1);
  EXPECT_EQ(table(2), one);
  EXPECT_EQ(table(5), one);
  EXPECT_EQ(table(64), one) << "more threads than runs";
}

TEST_F(CampaignThreads, ResultsMayComeInAnyOrder) {
  const std::string one = table(2);
  const campaign::Campaign campaign(folder / "c.toml", "test");
  std::vector<std::uint64_t> order(campaign.runs());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  std::shuffle(order.begin(), order.end(), std::mt19937(4));
  for (std::size_t k = 0; k < order.size(); ++k) { // opened anew for each: what is done is known from the journal alone
    campaign::Store store(campaign, folder / "j");
    EXPECT_EQ(store.done(), k);
    store.keep(order[k], campaign.carry_out(order[k]));
  }
  campaign::write_table(campaign, folder / "j", folder / "t.csv");
  EXPECT_EQ(read_file(folder / "t.csv"), one);
}

TEST_F(CampaignThreads, StopWhenAskedTo) {
  const campaign::Campaign campaign(folder / "c.toml", "test");
  campaign::Store store(campaign, folder / "j");
  std::atomic<bool> stop{false};
  const campaign::OnKept kept = [&](const campaign::Store& now) { stop = now.done() >= 5; };
  EXPECT_THROW(campaign::run_threads(campaign, store, 3, {.stop = &stop, .progress = {}}, kept), Cancelled);
  EXPECT_GE(store.done(), 5u);
  EXPECT_LT(store.done(), 48u);
  EXPECT_THROW(campaign::write_table(campaign, folder / "j", folder / "t.csv"), Error) << "a table is whole or not there";
  EXPECT_FALSE(fs::exists(folder / "t.csv"));
}

TEST_F(CampaignThreads, TheRunOfARowIsTheStudyWithItsValues) {
  const campaign::Campaign campaign(folder / "c.toml", "test");
  for (const std::uint64_t run : {0, 17, 47}) {
    const Study study = campaign.study(run);
    const campaign::TableRow row = campaign.planned(run);
    EXPECT_EQ(study.seed, row.seed);
    EXPECT_EQ(row.seed, 1 + run % 2);
    EXPECT_EQ(std::to_string(study.parameters.contact_initial).substr(0, 6), row.axes[1].substr(0, 6));
    EXPECT_NE(study.test[0].sentence.find(row.axes[0] + " min"), std::string::npos);
  }
}

} // namespace

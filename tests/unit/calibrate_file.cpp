// Calibration files, the sets written from them, and the journal.

#include "base/error.hpp"
#include "base/file.hpp"
#include "calibrate/file.hpp"
#include "calibrate/kept_file.hpp"
#include "calibrate/stored.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

namespace platen::calibrate {
namespace {

using ::testing::HasSubstr;

CalibrationFile parse(const std::string& text) { return parse_calibration(text, "test.toml", "/somewhere"); }

/// The codes of every fault, in order.
std::vector<std::string> codes(const std::string& text) {
  std::vector<std::string> out;
  try {
    parse(text);
  } catch (const Error& e) {
    for (const Diagnostic& d : e.diagnostics()) out.push_back(d.code);
  }
  return out;
}

const std::string target = "\n[[target]]\nstudy = \"a.toml\"\nquantity = \"ccd\"\nlow = \"0.5 mA/cm2\"\nhigh = \"0.6 mA/cm2\"\n";

TEST(CalibrateFile, PublishedRowsAreSomethingToFitTo) {
  EXPECT_EQ(parse("published = \"ham2022\"\n").published, "ham2022");
  EXPECT_TRUE(parse("published = \"ham2022\"\n").numbers.empty()) << "the rows bring their own";
  EXPECT_EQ(parse("[numbers]\n\"flaw.depth\" = { low = \"1 um\", high = \"14 um\" }\n" + target).published, "");
  EXPECT_FALSE(codes("published = \"ham2023\"\n").empty());
  EXPECT_FALSE(codes("[numbers]\n\"flaw.depth\" = { low = \"1 um\", high = \"14 um\" }\n").empty()) << "nothing to fit to";
}

TEST(CalibrateFile, ReadsTheExample) {
  const CalibrationFile f = read_calibration(PLATEN_SOURCE_DIR "/examples/calibrate/my-cell.toml");
  ASSERT_EQ(f.numbers.size(), 3u);
  EXPECT_EQ(f.numbers[0].key, "interface.resistance");
  EXPECT_NEAR(f.numbers[0].low, 1e-4, 1e-12); // 1 ohm cm2
  EXPECT_TRUE(f.numbers[0].logarithmic);
  ASSERT_TRUE(f.numbers[2].prior.has_value());
  EXPECT_NEAR(std::exp(f.numbers[2].prior->mean), 3.4e-6, 1e-12);
  EXPECT_NEAR(f.numbers[2].prior->deviation, std::log(2.0), 1e-12);
  ASSERT_EQ(f.records.size(), 2u);
  EXPECT_TRUE(std::filesystem::exists(f.records[0].file));
  EXPECT_TRUE(std::filesystem::exists(f.records[1].study));
  EXPECT_EQ(f.records[0].observed, (std::vector<Observed>{Observed::voltage, Observed::stack_pressure, Observed::ccd}));
}

TEST(CalibrateFile, ReadsNumbersInSectionsAndOnLinearScales) {
  const CalibrationFile f = parse("[numbers.contact]\nlinear_share = { low = 0, high = 0.02, prior = 0.01, deviation = 0.005, start = 0.02 }\n"
                                  "[numbers.scatter]\nccd = { low = 0.05, high = 1 }\n" + target);
  ASSERT_EQ(f.numbers.size(), 2u);
  EXPECT_EQ(f.numbers[0].key, "contact.linear_share");
  EXPECT_FALSE(f.numbers[0].logarithmic) << "a number that may be zero has no logarithm";
  EXPECT_EQ(f.numbers[0].start, 0.02);
  EXPECT_EQ(f.numbers[0].prior->deviation, 0.005);
  EXPECT_TRUE(std::isnan(f.numbers[1].start));
  EXPECT_NEAR(f.entries.at(0).high.value(), 6.0, 1e-12);
  EXPECT_EQ(f.entries[0].study, std::filesystem::path("/somewhere/a.toml"));
}

TEST(CalibrateFile, RefusesWhatCannotBeFitted) {
  EXPECT_EQ(codes("[numbers]\n\"flaw.dept\" = { low = \"1 um\", high = \"2 um\" }" + target), std::vector<std::string>{"C200"});
  EXPECT_EQ(codes("[numbers]\n\"flaw.depth\" = \"3 um\"" + target), std::vector<std::string>{"C200"});
  EXPECT_EQ(codes("[numbers]\n\"flaw.depth\" = { low = \"1 um\", high = \"5 um\", prior = \"2 um\" }" + target), std::vector<std::string>{"C201"});
  EXPECT_EQ(codes("[numbers]\n\"flaw.depth\" = { low = \"1 um\", high = \"5 um\", prior = \"2 um\", deviation = \"1 um\" }" + target), std::vector<std::string>{"C201"});
  EXPECT_EQ(codes("[numbers]\n\"flaw.depth\" = { low = \"5 um\", high = \"1 um\" }" + target), std::vector<std::string>{"C202"});
  EXPECT_EQ(codes("[numbers]\n\"flaw.depth\" = { low = \"1 um\", high = \"5 um\", start = \"9 um\" }" + target), std::vector<std::string>{"C202"});
  EXPECT_EQ(codes("[numbers]\n\"electrolyte.density\" = { low = \"1 g/cm3\", high = \"2 g/cm3\" }" + target), std::vector<std::string>{"C203"});
}

TEST(CalibrateFile, TellsAllFaultsTogether) {
  const std::string numbers = "[numbers]\n\"flaw.depth\" = { low = \"1\", high = \"5 MPa\" }\n";
  const std::string record = "[[record]]\nfile = \"a.csv\"\nstudy = \"a.toml\"\nquantities = [\"volts\", \"voltage\", \"resistance\"]\n";
  const std::string wrong = "[[target]]\nstudy = \"a.toml\"\nquantity = \"first swing\"\nlow = \"1 MPa\"\n";
  EXPECT_EQ(codes(numbers + record + wrong), (std::vector<std::string>{"C006", "C007", "C204", "C204", "C205"}));
  EXPECT_EQ(codes("name = \"nothing\"\n"), (std::vector<std::string>{"C005", "C005"}));
}

class CalibrateJournal : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "platen-kept-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  std::filesystem::path folder;
};

TEST(CalibrateStored, ListsOfNumbersComeBackAsTheyWere) {
  const std::vector<double> numbers{0.1, -1e-300, 3.0, 1.0 / 3.0};
  for (const char mark : {' ', '\t'}) EXPECT_EQ(numbers_of(text_of(numbers, mark), mark), numbers);
  EXPECT_EQ(numbers_of("", ' '), std::vector<double>{});
  for (const std::string_view none : {"1 2", "1\t", "1\tx", "\t", "1e", " 1"}) EXPECT_FALSE(numbers_of(none, '\t')) << none;
}

TEST_F(CalibrateJournal, FindsAgainWhatItKeptAndDropsALineThatWasCutOff) {
  const auto path = folder / "journal";
  const std::vector<double> row{1.0 / 3.0, -2e-300, std::numeric_limits<double>::infinity()};
  {
    KeptFile file(path, "one");
    file.kept().keep("a 1", row);
    file.kept().keep("b", std::vector<double>{5.0});
  }
  const std::string whole = read_file(path);
  for (const std::size_t cut : {std::size_t{1}, std::size_t{3}, std::size_t{10}}) {
    std::ofstream(path, std::ios::binary) << whole.substr(0, whole.size() - cut);
    {
      KeptFile file(path, "one");
      EXPECT_EQ(file.rows(), 1u);
      EXPECT_EQ(file.kept().find("a 1").value(), row);
      EXPECT_FALSE(file.kept().find("b").has_value());
      file.kept().keep("b", std::vector<double>{6.0});
    }
    KeptFile again(path, "one");
    EXPECT_EQ(again.kept().find("b").value(), std::vector<double>{6.0}) << "what follows a cut line is whole";
  }
  std::string changed = whole;
  changed[changed.find("0.333")] = '1';
  std::ofstream(path, std::ios::binary) << changed;
  EXPECT_THROW(KeptFile(path, "one"), Error) << "a line that does not match its checksum was damaged, not interrupted";
}

TEST_F(CalibrateJournal, BeginsAnewForOtherWork) {
  const auto path = folder / "journal";
  KeptFile(path, "one").kept().keep("a", std::vector<double>{1.0});
  EXPECT_EQ(KeptFile(path, "two").rows(), 0u);
  EXPECT_THAT(read_file(path.string() + ".old"), HasSubstr("one")) << "what was kept is not lost";
  EXPECT_EQ(KeptFile(path, "one").rows(), 0u);
  std::ofstream(path, std::ios::binary) << std::string("\0\xff junk\n\n\t\t\n", 12);
  EXPECT_THROW(KeptFile(path, "one"), Error);
}

} // namespace
} // namespace platen::calibrate

// Damaged files of impedance programs: whatever the bytes, a reader gives a Record or an Error, and what it gives is
// sound. The mutations follow from a seed, so a failure can be run again.

#include "../import/text_files.hpp"
#include "mutate.hpp"

#include <cmath>
#include <random>

namespace platen::test {
namespace {

/// The kept corpus of the fuzzer, without the byte in front that chooses the reader.
std::vector<std::string> seeds() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(PLATEN_SOURCE_DIR "/fuzz/corpus/impedance_text"))
    out.push_back(read_file(entry.path()).substr(1));
  std::sort(out.begin(), out.end()); // a folder has no order
  return out;
}

const std::vector<std::string> pieces = {"\t", "\n", "\r\n", ",", "=", "<", ">", "</", "\"", "TABLE", "ZCURVE\tTABLE\t9\n",
                                         "-1", "nan", "1e999", "1e308", "0", "Data: Frequency", "End Comments",
                                         "Definition=", "Segment #", "\t\t\t", "9999999999999999999", std::string(1, '\0'),
                                         std::string(300, '\t'), std::string(300, ',')};

void expect_sound(const Record& record) {
  for (const Spectrum& s : record.spectra) {
    ASSERT_GT(s.size(), 0u);
    ASSERT_EQ(s.real.size(), s.size());
    ASSERT_EQ(s.imaginary.size(), s.size());
    ASSERT_TRUE(s.time.empty() || s.time.size() == s.size());
    for (std::size_t i = 0; i < s.size(); ++i) {
      ASSERT_TRUE(std::isfinite(s.frequency[i]) && s.frequency[i] > 0.0);
      ASSERT_TRUE(std::isfinite(s.real[i]) && std::isfinite(s.imaginary[i]));
    }
  }
  for (const Column& c : record.columns())
    ASSERT_EQ(std::visit([](const auto& v) { return v.size(); }, c.values), record.rows()) << c.name;
  ASSERT_TRUE(record.rows() > 0 || !record.spectra.empty());
}

/// @returns whether the bytes gave a record.
bool read_soundly(const std::filesystem::path& path) {
  try {
    expect_sound(read_measurement(path));
    return true;
  } catch (const Error& e) {
    EXPECT_NE(e.diagnostics().front().code.front(), 'B') << e.what();
    return false;
  }
}

TEST(ImpedanceMutations, EveryFileGivesARecordOrAnError) {
  const TemporaryFolder folder;
  const std::vector<std::string> texts = seeds();
  ASSERT_GE(texts.size(), 6u);
  std::mt19937_64 random(20260101);
  std::size_t records = 0;
  for (std::size_t n = 0; n < 6000; ++n) {
    const std::string text = mutate(texts[n % texts.size()], pieces, 6, random);
    SCOPED_TRACE(n);
    records += read_soundly(folder.write("f.txt", text)) ? 1 : 0;
    if (HasFailure()) FAIL() << text;
  }
  EXPECT_GT(records, 2000u); // most damage is local, and so must its effect be
  EXPECT_LT(records, 6000u);
}

TEST(ImpedanceMutations, EveryPrefixOfAFile) {
  const TemporaryFolder folder;
  for (const std::string& text : seeds())
    for (std::size_t length = 1; length <= text.size(); ++length) {
      read_soundly(folder.write("f.txt", text.substr(0, length)));
      if (HasFailure()) FAIL() << text.substr(0, length);
    }
}

// A cut file must not give a point that the whole file does not have.
TEST(ImpedanceMutations, ACutNumberIsNoPoint) {
  NEEDS_SHARED_DATA("impedance/Circuit1_EIS_1.z");
  const TemporaryFolder folder;
  for (const char* name : {"impedance/Circuit1_EIS_1.z", "impedance/exampleDataGamry.DTA", "impedance/exampleDataVersaStudio.par",
                           "impedance/exampleDataAutolab.txt", "lpscl_impedance/PEIS_LPSCl_IonBlocking_-25C_RelaxIS.txt"}) {
    const std::string whole = read_file(shared(name));
    const Record all = read_measurement(shared(name));
    const Spectrum& expected = all.spectra.at(0);
    const std::size_t step = whole.size() / 400 + 1;
    std::size_t read = 0;
    for (std::size_t length = step; length < whole.size(); length += step) {
      const auto path = folder.write("f.txt", whole.substr(0, length));
      try {
        const Record record = read_measurement(path);
        const Spectrum& s = record.spectra.at(0);
        ASSERT_LE(s.size(), expected.size());
        for (std::size_t i = 0; i < s.size(); ++i)
          ASSERT_TRUE(s.frequency[i] == expected.frequency[i] && s.real[i] == expected.real[i] && s.imaginary[i] == expected.imaginary[i])
              << name << " cut at " << length << ", point " << i;
        ++read;
      } catch (const Error&) {
      }
    }
    EXPECT_GT(read, 0u) << name;
  }
}

} // namespace
} // namespace platen::test

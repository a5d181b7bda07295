// Analyses stay with their record: HDF5 keeps them without loss, tables show them.
#include "record/io.hpp"

#include "record_hdf5_folder.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <limits>

namespace platen {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Two analyses, of a spectrum and of a series, with what numbers and texts can be.
Record analysed() {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  Record record;
  Spectrum& s = record.spectra.emplace_back();
  s.frequency = {10, 1};
  s.real = {5, 6};
  s.imaginary = {-1, -2};
  record.analyses.push_back({"circuit", 1, "R0-p(R1,C1)", "misses by 0.1 %", {{"weights", "modulus"}, {"a, \"b\"", ""}},
                             {{"R0", "ohm", 5.0, 0.1, 4.8, 5.2, "free"}, {"R1", "ohm", 1e-300, infinite, 0.0, infinite, "at bound"}, {"residual", "1", 0.001, std::nan(""), std::nan(""), std::nan(""), ""}},
                             {{"frequency", "Hz", {10, 1}}, {"empty", "1", {}}}});
  record.analyses.push_back({"contact", 0, "R1", "", {}, {}, {{"theta", "1", {0.5, std::nan(""), 0.9}}}});
  record.analyses.push_back({"kramers-kronig", 1, "", "too few points", {}, {}, {}});
  return record;
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

class RecordAnalyses : public Hdf5Folder {};

TEST_F(RecordAnalyses, Hdf5KeepsThemWithoutLoss) {
  const Record before = analysed();
  write_hdf5(before, folder_ / "a.h5");
  const Record after = read_hdf5(folder_ / "a.h5");
  ASSERT_EQ(after.analyses.size(), 3u);
  for (std::size_t k = 0; k < 3; ++k) {
    const Analysis &a = before.analyses[k], &b = after.analyses[k];
    EXPECT_EQ(a.kind, b.kind);
    EXPECT_EQ(a.spectrum, b.spectrum);
    EXPECT_EQ(a.method, b.method);
    EXPECT_EQ(a.verdict, b.verdict);
    EXPECT_EQ(a.settings, b.settings);
    ASSERT_EQ(a.values.size(), b.values.size());
    for (std::size_t n = 0; n < a.values.size(); ++n) {
      EXPECT_EQ(a.values[n].name, b.values[n].name);
      EXPECT_EQ(a.values[n].unit, b.values[n].unit);
      EXPECT_EQ(a.values[n].note, b.values[n].note);
      for (const auto member : {&AnalysisValue::value, &AnalysisValue::error, &AnalysisValue::low, &AnalysisValue::high})
        EXPECT_TRUE(same(a.values[n].*member, b.values[n].*member));
    }
    ASSERT_EQ(a.curves.size(), b.curves.size());
    for (std::size_t n = 0; n < a.curves.size(); ++n) {
      EXPECT_EQ(a.curves[n].name, b.curves[n].name);
      EXPECT_EQ(a.curves[n].unit, b.curves[n].unit);
      ASSERT_EQ(a.curves[n].values.size(), b.curves[n].values.size());
      for (std::size_t i = 0; i < a.curves[n].values.size(); ++i) EXPECT_TRUE(same(a.curves[n].values[i], b.curves[n].values[i]));
    }
  }
}

TEST_F(RecordAnalyses, WithoutThemTheFileIsTheOldOne) {
  Record record = analysed();
  record.analyses.clear();
  write_hdf5(record, folder_ / "none.h5");
  EXPECT_THAT(read_file(folder_ / "none.h5"), Not(HasSubstr("analyses")));
  EXPECT_TRUE(read_hdf5(folder_ / "none.h5").analyses.empty());
}

TEST_F(RecordAnalyses, TablesHaveARowForEveryNumber) {
  const Record record = analysed();
  EXPECT_EQ(to_analyses_csv(record.analyses),
            "analysis,kind,spectrum,method,name,value,standard_error,low,high,unit,note\n"
            "1,circuit,1,\"R0-p(R1,C1)\",verdict,,,,,,misses by 0.1 %\n"
            "1,circuit,1,\"R0-p(R1,C1)\",R0,5,0.1,4.8,5.2,ohm,free\n"
            "1,circuit,1,\"R0-p(R1,C1)\",R1,1e-300,inf,0,inf,ohm,at bound\n"
            "1,circuit,1,\"R0-p(R1,C1)\",residual,0.001,,,,1,\n"
            "2,contact,,R1,verdict,,,,,,\n"
            "3,kramers-kronig,1,,verdict,,,,,,too few points\n");
  EXPECT_EQ(to_curves_csv(record.analyses),
            "analysis,kind,spectrum,method,curve,unit,point,value\n"
            "1,circuit,1,\"R0-p(R1,C1)\",frequency,Hz,1,10\n"
            "1,circuit,1,\"R0-p(R1,C1)\",frequency,Hz,2,1\n"
            "2,contact,,R1,theta,1,1,0.5\n"
            "2,contact,,R1,theta,1,2,\n"
            "2,contact,,R1,theta,1,3,0.9\n");
}

TEST(RecordAnalysesKept, OneOfEachKindSpectrumAndMethod) {
  std::vector<Analysis> all;
  keep(all, {"circuit", 1, "R0", "first", {}, {}, {}});
  keep(all, {"circuit", 1, "R0-C1", "other circuit", {}, {}, {}});
  keep(all, {"circuit", 2, "R0", "other spectrum", {}, {}, {}});
  keep(all, {"circuit", 1, "R0", "again", {}, {}, {}});
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].verdict, "again");
  EXPECT_EQ(find_analysis(all, "circuit", 2), &all[2]);
  EXPECT_EQ(find_analysis(all, "contact", 0), nullptr);
  EXPECT_TRUE(all[0].curve("nothing").empty());
  EXPECT_EQ(all[0].value("R0"), nullptr);
  EXPECT_EQ(all[0].setting("weights"), "");
}

} // namespace
} // namespace platen

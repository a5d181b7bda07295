// Impedance on a page and in JSON: a view of what the record keeps, whatever that is.
#include "report/html_parts.hpp"
#include "report/impedance.hpp"
#include "report/report.hpp"

#include "impedance/analyse.hpp"
#include "impedance/circuit.hpp"
#include "impedance/stored.hpp"

#include "../impedance_decades.hpp"

#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace platen;
using namespace platen::report;
using ::testing::HasSubstr;
using ::testing::Not;

Record spectra(std::size_t count) {
  Record record;
  for (std::size_t k = 0; k < count; ++k) {
    Spectrum& s = record.spectra.emplace_back();
    s.frequency = decades(0.1, 1e6, 50);
    s.start = 1200.0 * static_cast<double>(k);
    const std::vector<double> p{10, 40 + 5 * static_cast<double>(k), 1e-6, 0.9};
    for (const auto& z : impedance::impedance(impedance::Circuit::parse("R0-p(R1,CPE1)"), p, s.frequency)) {
      s.real.push_back(z.real());
      s.imaginary.push_back(z.imag());
    }
  }
  return record;
}

TEST(ReportImpedance, WithoutAnalysesThereIsNothingToShow) {
  EXPECT_EQ(impedance_part(Record{}, "a"), "");
  EXPECT_EQ(text_analyses(Record{}), "");
}

TEST(ReportImpedance, TheFirstAndTheLastOfManyAreShownInFull) {
  Record record = spectra(6);
  impedance::analyse(record);
  const std::string part = impedance_part(record, "a");
  EXPECT_THAT(part, HasSubstr("(6 spectra)"));
  for (const char* id : {"a-spectra", "a-series", "a-z1-nyquist", "a-z6-bode", "a-z6-kk", "a-z1-drt"}) EXPECT_THAT(part, HasSubstr(id));
  EXPECT_THAT(part, Not(HasSubstr("a-z2-")));
  EXPECT_THAT(part, Not(HasSubstr("xmlns"))); // inline in a page
  EXPECT_THAT(text_analyses(record), HasSubstr("6 of 6 passed both tests"));
  // A single one has no series.
  Record one = spectra(1);
  impedance::analyse(one);
  EXPECT_THAT(impedance_part(one, "a"), Not(HasSubstr("a-series")));
  EXPECT_THAT(text_analyses(one), HasSubstr("R0-p(R1,CPE1) misses by"));
}

TEST(ReportImpedance, ThePlaneHasEqualLengthsForEqualOhms) {
  const SpectrumData data = spectrum_data(spectra(1).spectra[0], "a");
  const std::string svg = nyquist_figure(data, {}, "", "");
  EXPECT_THAT(svg, HasSubstr("xmlns"));
  EXPECT_THAT(svg, HasSubstr(">1 kHz</text>"));
  // Two points whose distances in both directions are known, from their markers ("M x-4,y").
  const auto place = [&](const std::string& tip) {
    const std::size_t title = svg.find(tip), from = svg.rfind("<path d=\"M", title) + 10;
    double x = 0, y = 0;
    const char *begin = svg.data() + from, *end = svg.data() + svg.size();
    begin = std::from_chars(begin, end, x).ptr + 1;
    EXPECT_EQ(std::from_chars(begin, end, y).ec, std::errc());
    return std::pair(x, y);
  };
  std::size_t top = 0;
  for (std::size_t k = 0; k < data.impedance.size(); ++k)
    if (-data.impedance[k].imag() > -data.impedance[top].imag()) top = k;
  const auto tip_of = [&](std::size_t k) {
    return fmt::format("{:+.4g}j ohm", data.impedance[k].imag());
  };
  const auto a = place(tip_of(top)), b = place(tip_of(data.impedance.size() - 1));
  const double per_x = (b.first - a.first) / (data.impedance.back().real() - data.impedance[top].real());
  const double per_y = (b.second - a.second) / (data.impedance.back().imag() - data.impedance[top].imag());
  EXPECT_NEAR(per_x / per_y, 1.0, 0.01);
}

TEST(ReportImpedance, WhatDoesNotFitTogetherIsNotDrawn) {
  Record record = spectra(2);
  impedance::analyse(record);
  for (Analysis& a : record.analyses) {
    for (AnalysisCurve& c : a.curves) {
      if (c.name == "model_real") c.values.pop_back();
      if (c.name == "gamma") c.values.front() = NAN;
    }
    if (a.kind == "circuit") a.method = "R0-nonsense";
  }
  record.analyses.push_back({"contact", 0, "R1", "made up", {{"settled", "yes"}}, {}, {{"time", "s", {0, 1}}, {"theta", "1", {0.5}}}});
  record.analyses.push_back({"circuit", 99, "R0", "of no spectrum", {}, {}, {}});
  record.analyses.push_back({"circuit", 1, "R0", "", {}, {{"R0", "ohm", NAN, NAN, NAN, NAN, ""}}, {}});
  const std::string part = impedance_part(record, "a");
  EXPECT_THAT(part, Not(HasSubstr("<svg")));
  EXPECT_THAT(part, HasSubstr("passed"));
}

TEST(ReportImpedance, JsonHasEveryAnalysis) {
  Record record = spectra(1);
  impedance::analyse(record);
  record.analyses.push_back({"polarisation", 0, "", "24 nA", {{"law", "constant"}}, {{"steady", "A", 24e-9, 1e-9, NAN, INFINITY, ""}}, {}});
  const auto said = nlohmann::json::parse(json(Assessment{}, record));
  ASSERT_EQ(said["analyses"].size(), 4u);
  const auto& dc = said["analyses"][3];
  EXPECT_TRUE(dc["spectrum"].is_null());
  EXPECT_EQ(dc["verdict"], "24 nA");
  EXPECT_EQ(dc["values"][0]["unit"], "A");
  EXPECT_EQ(dc["values"][0]["value"], 24e-9);
  EXPECT_TRUE(dc["values"][0]["high"].is_null());
  EXPECT_EQ(said["analyses"][0]["curves"][0]["values"].size(), 50u);
  EXPECT_EQ(nlohmann::json::parse(json_inspect(record))["analyses"].size(), 4u);
}

} // namespace

#include "report_made_up.hpp"

#include "report/format.hpp"

#include <charconv>
#include <functional>
#include <gmock/gmock.h>
#include <pugixml.hpp>
#include <set>

using namespace platen;
using testing::HasSubstr;
using testing::Not;

namespace {

/// Parses as XML. pugixml lets stray ampersands and angle brackets pass, so these are looked for as well.
pugi::xml_document parsed(const std::string& page) {
  pugi::xml_document document;
  const auto result = document.load_string(page.c_str(), pugi::parse_default | pugi::parse_doctype);
  EXPECT_TRUE(result) << result.description() << " near: " << page.substr(static_cast<std::size_t>(result.offset), 80);
  const auto is_entity = [&](std::size_t at) {
    const std::string_view rest = std::string_view(page).substr(at);
    for (const std::string_view entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"})
      if (rest.starts_with(entity)) return true;
    return false;
  };
  for (std::size_t at = page.find('&'); at != std::string::npos; at = page.find('&', at + 1))
    EXPECT_TRUE(is_entity(at)) << page.substr(at, 30);
  return document;
}

struct Walker : pugi::xml_tree_walker {
  std::function<void(const pugi::xml_node&)> see;
  bool for_each(pugi::xml_node& node) override {
    see(node);
    return true;
  }
};
void each(pugi::xml_document& document, std::function<void(const pugi::xml_node&)> see) {
  Walker walker;
  walker.see = std::move(see);
  document.traverse(walker);
}

/// Everything a reader would see under a node.
std::string text_of(const pugi::xml_node& node) {
  std::string out;
  for (const auto& child : node.children()) {
    const std::string_view name = child.name();
    if (name == "style" || name == "title") continue;
    out += child.type() == pugi::node_pcdata ? std::string(child.value()) + " " : text_of(child);
  }
  return out;
}

std::vector<TargetResult> two_targets() {
  TargetResult model, fitted;
  model.target = {"T08", "2a", "symmetric cell 30 min hold", "CCD", "failing_step", "mA/cm2", "stated", "model", "", 2.15, 1.9, 2.42};
  model.platen = 2.16;
  model.verdict = TargetVerdict::met;
  fitted.target = {"T01", "1b", "contact hold", "stack pressure after 30 min", "value", "MPa", "stated", "fitted", "", 23.0, 22.7, 23.3};
  fitted.platen = 22.0;
  fitted.verdict = TargetVerdict::missed;
  return {fitted, model};
}

} // namespace

TEST(ReportHtml, ACellPageIsWellFormedAndSaysTheVerdict) {
  const std::string page = report::html(made_up::ramp());
  auto document = parsed(page);
  const std::string text = text_of(document.child("html").child("body"));
  EXPECT_THAT(text, HasSubstr("hard short"));
  EXPECT_THAT(text, HasSubstr("last passed 3.00, failed at 4.00 mA/cm²"));
  EXPECT_THAT(text, HasSubstr("voltage drop at constant current"));
  EXPECT_THAT(text, HasSubstr("not tested"));
  EXPECT_THAT(text, HasSubstr(std::string(64, 'a')));
  EXPECT_THAT(text, HasSubstr("ramp.csv"));
}

TEST(ReportHtml, EveryAxisHasItsUnit) {
  auto document = parsed(report::html(made_up::ramp()));
  std::set<std::string> axis_texts;
  each(document, [&](const pugi::xml_node& node) {
    if (std::string_view(node.name()) == "text") axis_texts.insert(node.child_value());
  });
  for (const char* wanted : {"current density", "(mA/cm²)", "voltage", "(mV)", "stack pressure", "(MPa)", "test time (min)",
                             "current density of the step (mA/cm²)", "(Ω cm²)"})
    EXPECT_TRUE(axis_texts.contains(wanted)) << wanted;
}

TEST(ReportHtml, NothingIsFetchedAndNothingRuns) {
  report::Page page = made_up::ramp();
  page.record.provenance.sources.push_back({"https://example.org/x.csv", "bb"}); // shown as text, never a link
  auto document = parsed(report::html({page, made_up::ramp()}, two_targets(), "Two cells"));
  each(document, [&](const pugi::xml_node& node) {
    const std::string_view name = node.name();
    EXPECT_NE(name, "script");
    EXPECT_NE(name, "link");
    EXPECT_NE(name, "img");
    EXPECT_NE(name, "iframe");
    for (const auto& attribute : node.attributes()) {
      const std::string_view key = attribute.name(), value = attribute.value();
      EXPECT_EQ(value.find("://"), std::string_view::npos) << key << "=" << value;
      EXPECT_NE(key, "src");
      EXPECT_FALSE(key.starts_with("on")) << key;
      EXPECT_TRUE(!key.ends_with("href") || value.starts_with("#")) << value;
      EXPECT_TRUE(value.find("url(") == std::string_view::npos || value.starts_with("url(#")) << value;
    }
    if (name == "style") {
      EXPECT_EQ(std::string_view(node.child_value()).find("url("), std::string_view::npos);
      EXPECT_EQ(std::string_view(node.child_value()).find("@import"), std::string_view::npos);
    }
  });
}

TEST(ReportHtml, IdsAreUniqueAndLinksHaveTheirEnds) {
  auto document = parsed(report::html({made_up::ramp(), made_up::ramp(), made_up::ramp()}, {}, "Three"));
  std::set<std::string> ids;
  std::vector<std::string> wanted;
  each(document, [&](const pugi::xml_node& node) {
    if (const auto id = node.attribute("id")) {
      EXPECT_TRUE(ids.insert(id.value()).second) << id.value();
    }
    if (const auto href = node.attribute("href")) wanted.emplace_back(href.value() + 1);
    const std::string clip = node.attribute("clip-path").value();
    if (!clip.empty()) wanted.push_back(clip.substr(5, clip.size() - 6));
  });
  EXPECT_GE(wanted.size(), 3u);
  for (const std::string& id : wanted) EXPECT_TRUE(ids.contains(id)) << id;
}

TEST(ReportHtml, TextOfOthersStaysText) {
  report::Page page = made_up::ramp();
  const std::string evil = "</title></style><script>alert(1)</script>&\"'\x01\xFF";
  page.title = page.record.cell.electrolyte = page.record.cell.fixture = page.assessment.reason = evil;
  page.record.provenance = {evil, evil, evil, {{evil, evil}}, 0};
  page.record.events.push_back({100.0, evil, evil});
  page.record.warnings.push_back({Severity::warning, evil, evil, Place{evil, 1, 1, 1, evil}, {evil}});
  page.assessment.evidence.push_back({evil, 1.0, 2.0, evil, true, 1.0, evil});
  page.assessment.half_cycles.front().evidence.push_back({evil, 1.0, 2.0, evil, true, 1.0, evil});
  page.resolved.push_back({evil, evil, 1.0, evil, evil, evil, evil});
  page.record.set(Column{"contact_left", evil, evil, std::vector<double>(page.record.rows(), 0.5)});
  TargetResult target;
  target.target = {evil, evil, evil, evil, evil, evil, evil, evil, evil, 1.0, 0.5, 2.0};
  target.note = evil;
  const std::string html = report::html({page}, {target}, evil);
  parsed(html);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  page.assessment.ccd.reset();
  page.assessment.ccd_refused = evil;
  page.resolved.clear();
  page.record.study = evil;
  const std::string refused = report::html(page);
  parsed(refused);
  EXPECT_THAT(refused, Not(HasSubstr("<script")));
}

TEST(ReportHtml, TheShortIsMarkedWhereItHappened) {
  const report::Page page = made_up::ramp();
  auto document = parsed(report::html(page));
  // the frame of the first panel is the clip rectangle; the mark is the dashed path named after the verdict
  const auto svg = document.select_node("//svg[1]").node();
  const auto frame = svg.child("clipPath").child("rect");
  const double left = frame.attribute("x").as_double(), width = frame.attribute("width").as_double();
  const auto time = page.record.real(col::test_time);
  const double expected = left + width * (*page.assessment.onset - time.front()) / (time.back() - time.front());
  double found = -1.0;
  for (const auto& path : svg.children("path"))
    if (std::string_view(path.child("title").child_value()).starts_with("hard short") && path.attribute("stroke-dasharray")) {
      const std::string_view d = path.attribute("d").value(); // "M<x>,<y>V..."
      std::from_chars(d.data() + 1, d.data() + d.size(), found);
    }
  EXPECT_NEAR(found, expected, 0.06); // a tenth of a pixel is written
}

TEST(ReportHtml, MissingVoltageLeavesAGapInTheCurve) {
  const auto strokes = [](const report::Page& page) {
    auto document = parsed(report::html(page));
    // the voltage is the second panel of the first figure
    const auto group = document.select_node("(//svg)[1]/g[2]").node();
    const std::string d = group.child("path").attribute("d").value();
    return std::count(d.begin(), d.end(), 'M');
  };
  report::Page page = made_up::ramp();
  EXPECT_EQ(strokes(page), 1);
  auto voltage = page.record.real(col::voltage);
  for (std::size_t k = 100; k < 130; ++k) voltage[k] = std::nan("");
  EXPECT_EQ(strokes(page), 2);
}

TEST(ReportHtml, AWildVoltageDoesNotFlattenTheRest) {
  report::Page page = made_up::ramp(40); // 80 mA at most, 20 ohm: 0.8 V
  page.record.real(col::voltage)[5000] = 10.0; // the cycler's limit
  auto document = parsed(report::html(page));
  std::set<std::string> texts;
  each(document, [&](const pugi::xml_node& node) {
    if (std::string_view(node.name()) == "text") texts.insert(node.child_value());
  });
  EXPECT_TRUE(std::any_of(texts.begin(), texts.end(), [](const std::string& t) { return t.starts_with("beyond the frame"); }));
}

TEST(ReportHtml, ALongRecordMakesASmallPage) {
  const report::Page page = made_up::ramp(600); // 108 000 rows
  ASSERT_GE(page.record.rows(), 100000u);
  EXPECT_LT(report::html(page).size(), 1000000u);
}

TEST(ReportHtml, ARecordWithAlmostNothingStillMakesAPage) {
  report::Page page;
  page.title = "Empty";
  parsed(report::html(page));
  page.record.set(col::test_time, std::vector<double>{0.0});
  parsed(report::html(page));
  page.record.set(col::test_time, std::vector<double>{0.0, 1.0, 2.0});
  page.record.set(col::voltage, std::vector<double>(3, std::nan("")));
  page.record.set(col::current, std::vector<double>(3, std::nan("")));
  page.record.set(col::stack_pressure, std::vector<double>(3, std::nan("")));
  parsed(report::html(page));
  parsed(report::html({}, {}, "No cells"));
}

TEST(ReportHtml, WithoutAnAreaTheCurrentIsInMilliampere) {
  report::Page page = made_up::ramp();
  page.record.cell.area.reset();
  page.assessment.ccd.reset();
  page.assessment.ccd_refused = "the area of the cell is not known";
  const std::string html = report::html(page);
  parsed(html);
  EXPECT_THAT(html, HasSubstr(">(mA)<"));
  EXPECT_THAT(html, HasSubstr("CCD not stated"));
  EXPECT_THAT(html, HasSubstr("Why no CCD is stated: the area of the cell is not known."));
}

TEST(ReportHtml, ThePressureTableIsCutWithANote) {
  report::Page page = made_up::ramp();
  page.assessment.pressure.cycles.clear();
  for (std::size_t k = 1; k <= 500; ++k) page.assessment.pressure.cycles.push_back({k, 4e6, 6e6, 2e6});
  EXPECT_THAT(report::html(page), HasSubstr("482 rows left out"));
}

TEST(ReportHtml, AnOverviewGroupsTargetsByClassAndSaysWhichAreEvidence) {
  report::Page page = made_up::ramp();
  page.record.provenance.origin = "simulated";
  auto document = parsed(report::html({page}, two_targets(), "Overview"));
  const std::string text = text_of(document.child("html").child("body"));
  EXPECT_THAT(text, HasSubstr("Only rows of the class"));
  const auto model = text.find("model: what the laws give"), fitted = text.find("fitted: used to choose");
  ASSERT_NE(model, std::string::npos);
  ASSERT_NE(fitted, std::string::npos);
  EXPECT_LT(model, text.find("T08"));
  EXPECT_LT(text.find("T08"), fitted);
  EXPECT_LT(fitted, text.find("T01"));
  EXPECT_THAT(text, HasSubstr("3.00 – 4.00"));
  EXPECT_THAT(text, HasSubstr("30 min")); // axis and table
}

TEST(ReportHtml, AWholeReproductionBeginsWithWhatLeftOutFiguresSay) {
  std::vector<TargetResult> rows;
  for (const Target& target : ham2022_targets()) {
    rows.emplace_back();
    rows.back().target = target;
    rows.back().verdict = target.id == "T08" ? TargetVerdict::missed : TargetVerdict::met;
  }
  const std::string page = report::html(std::vector<report::Page>{}, rows, "Ham et al. 2022");
  const std::size_t headline = page.find("Predicted without their figure: "), beside = page.find("21 of 22 model rows are met, 1 missed (T08), 0 not evaluated");
  ASSERT_NE(headline, std::string::npos);
  ASSERT_NE(beside, std::string::npos);
  EXPECT_LT(headline, beside);
  EXPECT_LT(beside, page.find("<h2>"));
  rows[6].verdict = TargetVerdict::not_evaluated; // a model row: then the page is of some cells, not of the paper
  EXPECT_THAT(report::html(std::vector<report::Page>{}, rows, "some"), Not(HasSubstr("Predicted without their figure")));
}

TEST(ReportHtml, StatesOfASimulatedCellAreDrawn) {
  report::Page page = made_up::ramp();
  const std::vector<double> half(page.record.rows(), 0.5);
  page.record.set(Column{"contact_left", "1", "contact fraction", half});
  page.record.set(Column{"contact_right", "1", "contact fraction", half});
  page.record.set(Column{"charge_balance_left", "C/m2", "charge balance", std::vector<double>(page.record.rows(), -3e-9)});
  auto document = parsed(report::html(page));
  const std::string text = text_of(document.child("html").child("body"));
  EXPECT_THAT(text, HasSubstr("contact fraction"));
  EXPECT_THAT(text, HasSubstr("charge_balance_left"));
  EXPECT_THAT(text, HasSubstr("×10⁻")); // the residual, without its sign
}

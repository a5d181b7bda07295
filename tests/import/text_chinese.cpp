// Exports of Neware's program in Chinese: the shared English ones with their headings and step names translated must
// become the same records, in every encoding that Chinese Windows writes.
#include "record_looks.hpp"
#include "text_files.hpp"

#include <gmock/gmock.h>
#include <iconv.h>

namespace platen::test {
namespace {

using Words = std::vector<std::pair<std::string, std::string>>;

/// Longer words first, as they hold shorter ones.
const Words headings = {
    {"Chg. Spec. Energy(", "充电比能量("},  {"DChg. Spec. Cap.(", "放电比容量("},
    {"Chg. Spec. Cap.(", "充电比容量("},    {"Spec. Energy(", "比能量("},         {"Spec. Cap.(", "比容量("},
    {"DChg. Energy(", "放电能量("},         {"Chg. Energy(", "充电能量("},        {"DChg. Cap.(", "放电容量("},
    {"Chg. Cap.(", "充电容量("},            {"Contact resistance(", "接触电阻("}, {"Cumulative Time", "累计时间"},
    {"Total Time", "总时间"},               {"Step Time", "工步时间"},            {"Cycle Index", "循环号"},
    {"Step Index", "工步号"},               {"Step Number", "工步序号"},          {"Step Type", "工步类型"},
    {"DataPoint", "数据序号"},              {"Capacity(", "容量("},               {"Energy(", "能量("},
    {"Current(", "电流("},                  {"Voltage(", "电压("},                {"Power(", "功率("},
    {",Date", ",绝对时间"},                 {",Time", ",时间"},
};
const Words steps = {{"CCCV Chg", "恒流恒压充电"}, {"CC DChg", "恒流放电"}, {"CC Chg", "恒流充电"}, {"CV Chg", "恒压充电"}, {"Rest", "搁置"}};

std::string replaced(std::string text, const Words& words) {
  for (const auto& [from, to] : words)
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
  return text;
}

/// The first `levels` lines are headings, the other lines hold names of steps.
std::string translated(const std::string& english, int levels) {
  std::size_t body = 0;
  for (int k = 0; k < levels; ++k) body = english.find('\n', body) + 1;
  return replaced(replaced(english.substr(0, body), {{"DChg. Spec. Energy(", "放电比能量("}}), headings) + replaced(english.substr(body), steps);
}

std::string encoded(const std::string& utf8, const char* encoding) {
  const iconv_t handle = iconv_open(encoding, "UTF-8");
  std::string out(2 * utf8.size() + 16, '\0'), from = utf8;
  char* in = from.data();
  char* to = out.data();
  std::size_t left = from.size(), room = out.size();
  EXPECT_NE(iconv(handle, &in, &left, &to, &room), static_cast<std::size_t>(-1)) << encoding;
  iconv_close(handle);
  out.resize(out.size() - room);
  return out;
}

void expect_same(const Record& english, const Record& chinese) {
  EXPECT_EQ(codes(chinese), codes(english));
  ASSERT_EQ(chinese.rows(), english.rows());
  for (const Column& column : english.columns()) {
    const Column* twin = chinese.find(column.name);
    ASSERT_NE(twin, nullptr) << column.name;
    EXPECT_EQ(twin->unit, column.unit) << column.name;
    ASSERT_EQ(twin->values.index(), column.values.index()) << column.name;
    if (const auto* reals = std::get_if<std::vector<double>>(&column.values)) {
      const auto& others = std::get<std::vector<double>>(twin->values);
      for (std::size_t row = 0; row < reals->size(); ++row)
        ASSERT_TRUE((*reals)[row] == others[row] || (std::isnan((*reals)[row]) && std::isnan(others[row]))) << column.name << " " << row;
    } else {
      EXPECT_EQ(std::get<std::vector<std::int32_t>>(twin->values), std::get<std::vector<std::int32_t>>(column.values)) << column.name;
    }
  }
  EXPECT_EQ(chinese.columns().size(), english.columns().size());
}

class TextChinese : public testing::TestWithParam<std::pair<std::string, int>> {};

TEST_P(TextChinese, GivesTheRecordOfTheEnglishExport) {
  const auto& [name, levels] = GetParam();
  NEEDS_SHARED_DATA("neware_text/" + name);
  const Record english = read_measurement(shared("neware_text/" + name));
  ASSERT_TRUE(english.has(col::current) && english.has(col::cycle_count) && english.has(col::step_type));
  const std::string text = translated(read_file(shared("neware_text/" + name)), levels);
  ASSERT_NE(text.find("电流("), std::string::npos);
  ASSERT_EQ(text.find("Current("), std::string::npos);
  const TemporaryFolder folder;
  expect_same(english, read_measurement(folder.write("utf8.csv", text)));
  expect_same(english, read_measurement(folder.write("bom.csv", "\xEF\xBB\xBF" + text)));
  expect_same(english, read_measurement(folder.write("gbk.csv", encoded(text, "GBK"))));
  expect_same(english, read_measurement(folder.write("gb18030.csv", encoded(text, "GB18030"))));
  expect_same(english, read_measurement(folder.write("utf16.csv", "\xFF\xFE" + encoded(text, "UTF-16LE"))));
}

INSTANTIATE_TEST_SUITE_P(SharedFiles, TextChinese,
                         testing::Values(std::pair{"neware_uio.csv", 1}, std::pair{"nw_regular_export_ife_example.csv", 3}),
                         [](const auto& test) { return test.param.second == 1 ? "Flat" : "ThreeLevels"; });

Record read_text_file(const std::string& text) {
  const TemporaryFolder folder;
  return read_measurement(folder.write("made-up.csv", text));
}

TEST(TextChineseWords, ReadsFullWidthBracketsAndOldNames) {
  const std::string text = "记录序号,状态,步次,循环,测试时间(h:min:s.ms),电压（V）,电流（mA）,温度（℃）,绝对时间\n"
                           "1,静置,1,1,0:00:00.000,3.5,0,25.5,2024-02-29 12:30:15\n"
                           "2,恒流放电,2,1,0:00:10.500,3.25,-2,25.5,2024-02-29 12:30:25\n"
                           "3,恒压放电,3,2,0:00:20.000,3.0,-1,26,2024-02-29 12:30:35\n";
  for (const std::string& bytes : {text, encoded(text, "GBK")}) {
    const Record record = read_text_file(bytes);
    EXPECT_THAT(real(record, col::test_time), testing::ElementsAre(0.0, 10.5, 20.0));
    EXPECT_THAT(real(record, col::voltage), testing::ElementsAre(3.5, 3.25, 3.0));
    EXPECT_THAT(real(record, col::current), testing::ElementsAre(0.0, -0.002, -0.001));
    EXPECT_THAT(real(record, col::temperature), testing::ElementsAre(298.65, 298.65, 299.15));
    EXPECT_THAT(integer(record, col::step_type),
                testing::ElementsAre(static_cast<int>(StepType::rest), static_cast<int>(StepType::cc_discharge),
                                     static_cast<int>(StepType::cv_discharge)));
    EXPECT_THAT(integer(record, col::cycle_count), testing::ElementsAre(1, 1, 2));
  }
}

TEST(TextChineseWords, TheCurrentOfDischargingStepsGetsItsSign) {
  const Record record = read_text_file("总时间(s),工步类型,电流(A),电压(V)\n0,恒流充电,1,3\n1,恒流充电,1,3.1\n2,恒流放电,1,3\n3,恒流放电,1,2.9\n");
  EXPECT_THAT(real(record, col::current), testing::ElementsAre(1.0, 1.0, -1.0, -1.0));
  EXPECT_THAT(codes(record), testing::Contains("D022"));
}

TEST(TextChineseWords, Latin1IsNotTakenForChinese) {
  // German and degree signs alone between letters; two bytes from 0xA1 on side by side, as in "Gr\xF6\xDF" "e", are no word.
  const Record record = read_text_file("time/s;U/V;I/mA;Temperatur/\xB0" "C;Gr\xF6\xDF" "e\n0;3,5;1;25;1\n1;3,6;1;25;2\n2;3,7;1;26;3\n");
  EXPECT_EQ(record.metadata.at("text encoding").find("GB18030"), std::string::npos);
  EXPECT_EQ(record.rows(), 3U);
  EXPECT_TRUE(record.has("größe"));
}

} // namespace
} // namespace platen::test

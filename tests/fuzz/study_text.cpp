// Sentences and study files damaged at random: read or refused, never a crash, and every fault has a place in
// the text.
#include "base/file.hpp"
#include "study/read.hpp"
#include "study/sentence.hpp"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <random>

namespace {

using namespace platen;

class Damage {
public:
  explicit Damage(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }

  /// A few bytes changed, dropped, doubled or put in.
  std::string apply(std::string text) {
    static constexpr std::string_view marks = ",;:.-+9e \"'\\=[]{}#\n";
    const std::size_t edits = 1 + below(8);
    for (std::size_t k = 0; k < edits && !text.empty(); ++k) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
      case 0:
        text[at] = static_cast<char>(below(256));
        break;
      case 1:
        text.erase(at, 1 + below(6));
        break;
      case 2:
        text.insert(at, text.substr(at, 1 + below(9)));
        break;
      default:
        text.insert(at, 1, marks[below(marks.size())]);
        break;
      }
    }
    return text;
  }

private:
  std::mt19937_64 random_;
};

void expect_placed(const Error& error, std::size_t lines) {
  ASSERT_FALSE(error.diagnostics().empty());
  for (const Diagnostic& d : error.diagnostics()) {
    EXPECT_FALSE(d.code.empty());
    EXPECT_NE(d.code.front(), 'B') << error.what();
    ASSERT_TRUE(d.place.has_value()) << error.what();
    EXPECT_LE(d.place->line, lines) << error.what();
  }
}

TEST(StudyText, DamagedSentences) {
  Damage damage(1);
  std::size_t refused = 0;
  for (int k = 0; k < 20000; ++k) {
    const std::string text =
        damage.apply(std::string(sentence_forms()[damage.below(sentence_forms().size())].example));
    try {
      parse_sentence(text);
    } catch (const Error& error) {
      ++refused;
      expect_placed(error, 1);
      for (const Diagnostic& d : error.diagnostics())
        ASSERT_LE(d.place->column, std::max<std::size_t>(text.size(), 1)) << text;
    }
  }
  EXPECT_GT(refused, 10000u) << "the damage does not damage";
}

TEST(StudyText, ShuffledWords) {
  static constexpr std::array<std::string_view, 36> words{
      "Hold",  "at",     "25",      "MPa",  "for",     "30 min", "until", "Ramp", "from",
      "0.1",   "mA/cm2", "to",      "in",   "of",      "steps",  ",",     "and",  "V",
      "short", "per",    "between", "half", "cycle",   "Repeat", "times", ":",    ";",
      "Every", "1e999",  "-5",      "degC", "Measure", "Plate",  "or",    "Set",  "cycles"};
  Damage damage(2);
  for (int k = 0; k < 20000; ++k) {
    std::string text;
    for (std::size_t n = damage.below(25); n > 0; --n)
      text += std::string(words[damage.below(words.size())]) + " ";
    try {
      parse_sentence(text);
    } catch (const Error& error) {
      expect_placed(error, 1);
    }
  }
}

TEST(StudyText, DamagedFiles) {
  const std::filesystem::path examples = std::filesystem::path(PLATEN_SOURCE_DIR) / "studies/examples";
  const std::array<std::string, 2> whole{read_file(examples / "first.toml"), read_file(examples / "full-cell.toml")};
  Damage damage(3);
  std::size_t refused = 0;
  for (int k = 0; k < 600; ++k) {
    const std::string text = damage.apply(whole[static_cast<std::size_t>(k) % whole.size()]);
    try {
      parse_study(text, "damaged.toml", {});
    } catch (const Error& error) {
      ++refused;
      expect_placed(error, static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1);
    }
  }
  EXPECT_GT(refused, 60u) << "the damage does not damage";
}

} // namespace

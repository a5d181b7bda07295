// Catalogues of springs and goal files, damaged: read or refused with a code, never worse.

#include "advise/catalogue.hpp"
#include "advise/goal.hpp"
#include "base/file.hpp"
#include "mutate.hpp"

#include <gtest/gtest.h>

namespace platen::advise {
namespace {

const std::vector<std::string> pieces{",", ";", "\"", "\n", "\n\n", " / ", "lbf/mm", "1e999", "-1", "nan", "0", "%", "[[spring]]", "[knobs.hold_time]", "values = [", "]", "= \"", "\xff", "\r\n", "#"};

/// How many of the damaged texts were read; each of the others must say what is wrong, and where.
template <class Read> int read_of(const std::string& whole, int count, std::uint64_t seed, const Read& read) {
  std::mt19937_64 random(seed);
  int fine = 0;
  for (int k = 0; k < count; ++k) {
    const std::string text = test::mutate(whole, pieces, 4, random);
    try {
      read(text);
      ++fine;
    } catch (const Error& e) {
      for (const Diagnostic& d : e.diagnostics()) {
        EXPECT_FALSE(d.code.empty() || d.code[0] == 'B') << d.code << " " << d.message << "\n" << text;
        EXPECT_FALSE(d.message.empty());
      }
    }
  }
  return fine;
}

TEST(AdviseMutations, Catalogues) {
  const std::string csv = read_file(PLATEN_SOURCE_DIR "/data/springs/example.csv");
  const int fine = read_of(csv, 1500, 1, [](const std::string& text) {
    for (const CatalogueSpring& s : parse_catalogue(text, "damaged.csv", false).springs) {
      EXPECT_GT(s.rate, 0.0);
      EXPECT_GT(s.load_limit, 0.0);
      EXPECT_GT(s.travel, 0.0);
    }
  });
  EXPECT_GT(fine, 100);
  EXPECT_LT(fine, 1400) << "the damage does not damage";
  const std::string toml = "currency = \"EUR\"\n[[spring]]\nname = \"a\"\nrate = \"5.5 lb/mm\"\nload_limit = \"53 lb\"\nfree_length = \"30 mm\"\nsolid_length = \"18 mm\"\nprice = 2.4\n"
                           "[[spring]]\nname = \"b\"\nrate = \"1 N/mm\"\nload_limit = \"53 N\"\ntolerance = \"10 %\"\n";
  EXPECT_LT(read_of(toml, 800, 2, [](const std::string& text) { parse_catalogue(text, "damaged.toml", true); }), 700);
}

TEST(AdviseMutations, Goals) {
  const std::string goal = read_file(PLATEN_SOURCE_DIR "/examples/goal.toml");
  EXPECT_NO_THROW(parse_goal(goal, "goal.toml", {}));
  const int fine = read_of(goal, 1500, 3, [](const std::string& text) {
    const Question q = parse_goal(text, "damaged.toml", {});
    for (const KnobRange& r : q.knobs) EXPECT_LE(r.values.size(), most_values);
    EXPECT_GT(q.goal.probability, 0.0);
  });
  EXPECT_GT(fine, 100);
  EXPECT_LT(fine, 1400) << "the damage does not damage";
}

} // namespace
} // namespace platen::advise

// When a simulated cell has lost its contact: by what its resistance is against that with all voids closed.

#include "corpus/simulated.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace platen::corpus::simulated {
namespace {

TEST(CorpusContact, AVoidThatIsThreeQuartersFullHasTakenAThirdOfTheContact) {
  // (V4) with s = 4: 0.75^4 = 0.316; the cell is all interface
  const std::array side{Side{0.75, 4.0, 0.05}};
  EXPECT_NEAR(times_resistance(side, 0.05), 1.0 / (1.0 - std::pow(0.75, 4)), 1e-12);
  EXPECT_LT(times_resistance(side, 0.05), lost_rise);
}

TEST(CorpusContact, OnlyTheShareOfTheInterfacesGrows) {
  // nine tenths of the contact gone: an interface of 90 mV had 9 mV, beside 30 mV of the electrolyte
  const std::array side{Side{0.9, 1.0, -0.09}};
  EXPECT_NEAR(times_resistance(side, -0.12), 0.12 / 0.039, 1e-12);
  const std::array both{Side{0.9, 1.0, 0.045}, Side{0.9, 1.0, 0.045}};
  EXPECT_NEAR(times_resistance(both, 0.12), 0.12 / 0.039, 1e-12);
}

TEST(CorpusContact, ClosedVoidsChangeNothing) {
  const std::array side{Side{0.0, 4.0, 0.05}};
  EXPECT_DOUBLE_EQ(times_resistance(side, 0.06), 1.0);
  EXPECT_DOUBLE_EQ(times_resistance({}, 0.06), 1.0);
  EXPECT_EQ(times_resistance(std::array{Side{1.0, 1.0, 0.05}}, 0.05), std::numeric_limits<double>::infinity());
}

/// Four rows at one current; void and interfaces as given, electrolyte 10 mV.
Record rows(bool full, std::vector<double> filled, std::vector<double> interface) {
  Record r;
  const std::vector<double> none(filled.size(), 0.0);
  std::vector<double> time, voltage;
  for (std::size_t k = 0; k < filled.size(); ++k) {
    time.push_back(10.0 * static_cast<double>(k));
    voltage.push_back(0.01 + interface[k] + (full ? 3.7 : 0.0));
  }
  r.set(col::test_time, time);
  r.set(col::current, std::vector<double>(filled.size(), 1e-4));
  r.set(col::voltage, voltage);
  for (const std::string side : {"left", "right"}) {
    if (full && side == "left") continue;
    const bool here = side == "right";
    r.set(Column{"void_" + side, "1", "", here ? filled : none});
    r.set(Column{"voltage_film_" + side, "V", "", none});
    r.set(Column{"voltage_transfer_" + side, "V", "", here ? interface : none});
  }
  if (full) {
    r.set(Column{"voltage_open_circuit", "V", "", std::vector<double>(filled.size(), 3.65)});
    r.set(Column{"voltage_cathode_diffusion", "V", "", std::vector<double>(filled.size(), 0.05)});
  }
  r.cell.configuration = full ? Configuration::full : Configuration::symmetric;
  return r;
}

TEST(CorpusContact, OneRuleForSymmetricAndFullCells) {
  for (const bool full : {false, true}) {
    // the second row has a grown interphase, not less contact; the third and fourth nine tenths less of it
    const Record r = rows(full, {0.0, 0.0, 0.9, 0.9}, {0.01, 0.09, 0.09, 0.09});
    std::vector<Moment> moments;
    for (int k = 0; k < 4; ++k) moments.push_back({10.0 * k, 0.0, 0.0, 1});
    const auto lost = lost_contact_of(r, moments, 1.0);
    ASSERT_EQ(lost.size(), 1U) << full;
    EXPECT_EQ(lost[0].start, 20.0);
    EXPECT_EQ(lost[0].end, 30.0);
    for (Moment& m : moments) m.share = leak_begins; // with a short it is not asked
    EXPECT_TRUE(lost_contact_of(r, moments, 1.0).empty());
  }
}

} // namespace
} // namespace platen::corpus::simulated

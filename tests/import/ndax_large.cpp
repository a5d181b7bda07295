// Files so large that their members are unpacked side by side and the columns are made meanwhile (Container::unpack_ahead).
#include "import/container.hpp"
#include "import/neware/ndax.hpp"

#include "ndax_builder.hpp"
#include "record_looks.hpp"

#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platen {
namespace {

using testing::Each;
using testing::HasSubstr;

constexpr std::uint32_t rows = 200'000, rows_per_step = 1000, clock0 = 1700000000;

float voltage_of(std::uint32_t row) { return 3.0F + static_cast<float>(row * 2654435761U >> 8) * 0x1p-24F; }

ndax_builder::Members large(bool with_steps = true) {
  ndax_builder::Pages data(1, 17, 8), marks(18, 17, ndax_builder::mark_bytes(17)), steps(7, 17, ndax_builder::step_bytes(17));
  for (std::uint32_t row = 0; row < rows; ++row) {
    data.add(ndax_builder::sample(voltage_of(row), 0.25F));
    if (row % rows_per_step != 0) continue;
    marks.add(ndax_builder::mark(17, {.index = row + 1, .step_count = row / rows_per_step + 1, .step_time = 0, .interval = 1000,
                                      .clock = clock0 + row}));
    steps.add(ndax_builder::step(17, 0, 1, 1, row + 1));
  }
  ndax_builder::Members members = ndax_builder::xml_members();
  members.emplace_back("data.ndc", data.finish());
  members.emplace_back("data_runInfo.ndc", marks.finish());
  if (with_steps) members.emplace_back("data_step.ndc", steps.finish());
  return members;
}

std::string damage(std::string zip, const ndax_builder::Members& members, const std::string& name) {
  for (const auto& [member, bytes] : members)
    if (member == name) zip[zip.find(bytes) + bytes.size() / 2] ^= 1; // members are stored here
  return zip;
}

TEST(NdaxLarge, ReadsEveryRow) {
  const Record record = read_ndax(ndax_builder::zip(large()), "large.ndax");
  ASSERT_EQ(record.rows(), rows);
  EXPECT_THAT(codes(record), testing::IsEmpty());
  const std::span<const double> voltage = record.real(col::voltage), step_time = record.real(col::step_time);
  for (std::uint32_t row = 0; row < rows; ++row) {
    ASSERT_EQ(voltage[row], static_cast<double>(voltage_of(row))) << row;
    ASSERT_EQ(step_time[row], row % rows_per_step) << row;
  }
  EXPECT_THAT(record.real(col::current), Each(0.25));
  EXPECT_EQ(record.integer(col::step_count).back(), static_cast<std::int32_t>(rows / rows_per_step));
}

TEST(NdaxLarge, LacksTheColumnsOfAMissingTableOfSteps) {
  const Record record = read_ndax(ndax_builder::zip(large(false)), "large.ndax");
  EXPECT_EQ(record.rows(), rows);
  EXPECT_FALSE(record.has(col::step_index));
  EXPECT_FALSE(record.has(col::cycle_count));
}

TEST(NdaxLarge, NamesTheMemberThatIsDamaged) {
  const ndax_builder::Members members = large();
  const std::string zip = ndax_builder::zip(members, false);
  for (const std::string name : {"data.ndc", "data_runInfo.ndc"}) {
    try {
      read_ndax(damage(zip, members, name), "large.ndax");
      ADD_FAILURE() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.diagnostics().front().code, "D031");
      EXPECT_THAT(error.what(), HasSubstr("`" + name + "`"));
    }
  }
}

TEST(NdaxLarge, GivesEachMemberAwayOnceAndThenUnpacksAgain) {
  const std::string big(3 << 20, 'x');
  const std::string zip = ndax_builder::zip({{"a", big}, {"b", "small"}});
  Container container(zip, "t.zip");
  bool ran = false;
  container.unpack_ahead(std::array<std::string_view, 3>{"a", "b", "absent"}, [&] { ran = true; });
  EXPECT_TRUE(ran);
  for (int k = 0; k < 2; ++k) {
    EXPECT_EQ(container.unpack("a"), big);
    EXPECT_EQ(container.unpack("b"), "small");
  }
  EXPECT_THROW(container.unpack("absent"), Error);
}

TEST(NdaxLarge, CountsWhatIsUnpackedAheadAgainstTheLimits) {
  const std::string zip = ndax_builder::zip({{"a", std::string(3 << 20, 'x')}, {"b", std::string(3 << 20, 'y')}});
  ContainerLimits limits;
  limits.total_bytes = 5 << 20;
  Container container(zip, "t.zip", limits);
  container.unpack_ahead(std::array<std::string_view, 2>{"a", "b"}, [] {});
  EXPECT_EQ(container.unpack("a").size(), 3U << 20);
  EXPECT_THROW(container.unpack("b"), Error);
}

} // namespace
} // namespace platen

// Damaged HDF5 files: every one is refused, none crashes the library.

#include "../unit/record_hdf5_folder.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace platen;

namespace {

using DamagedHdf5 = Hdf5Folder;

} // namespace

TEST_F(DamagedHdf5, EveryTruncationIsSeen) {
  const std::string bytes = small();
  EXPECT_EQ(code(file(bytes)), "none");
  for (std::size_t n = 1; n < bytes.size(); n = n < 600 ? n + 7 : n + 97)
    EXPECT_THAT(code(file(bytes.substr(0, n))), testing::AnyOf("D065", "D068")) << n;
  EXPECT_EQ(code(file(bytes + "x")), "D068");
}

TEST_F(DamagedHdf5, EveryFlippedBitIsSeen) {
  const std::string bytes = small();
  for (std::size_t n = 0; n < bytes.size(); n += n < 512 ? 1 : 53) {
    std::string flipped = bytes;
    flipped[n] = static_cast<char>(flipped[n] ^ (1 << (n % 8)));
    EXPECT_THAT(code(file(flipped)), testing::AnyOf("D065", "D067", "D068")) << n;
  }
}

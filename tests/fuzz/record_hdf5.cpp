// Damaged HDF5 files: every one is refused, none crashes the library.

#include "base/file.hpp"
#include "record/io.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace platen;

namespace {

class DamagedHdf5 : public testing::Test {
protected:
  DamagedHdf5() : folder_(std::filesystem::temp_directory_path() / ("platen-fuzz-hdf5-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~DamagedHdf5() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path file(const std::string& bytes) const {
    std::ofstream(folder_ / "bytes.h5", std::ios::binary) << bytes;
    return folder_ / "bytes.h5";
  }

  static std::string code(const std::filesystem::path& path) {
    testing::internal::CaptureStderr();
    std::string out = "none";
    try {
      read_hdf5(path);
    } catch (const Error& e) {
      out = e.diagnostics().front().code;
    }
    EXPECT_EQ(testing::internal::GetCapturedStderr(), ""); // the library prints nothing
    return out;
  }

  std::string small() const {
    Record r;
    r.set(col::test_time, std::vector<double>{0, 1, 2});
    r.set(col::step_count, std::vector<std::int32_t>{1, 1, 2});
    r.metadata["key"] = "value";
    write_hdf5(r, folder_ / "small.h5");
    return read_file(folder_ / "small.h5");
  }

  std::filesystem::path folder_;
};

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

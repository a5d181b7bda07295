#pragma once
// A folder of its own for tests of HDF5 records, and what reading a file there comes to.

#include "base/file.hpp"
#include "record/io.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>

namespace platen {

class Hdf5Folder : public testing::Test {
protected:
  Hdf5Folder() : folder_(std::filesystem::temp_directory_path() / ("platen-record-hdf5-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~Hdf5Folder() override { std::filesystem::remove_all(folder_); }

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

} // namespace platen

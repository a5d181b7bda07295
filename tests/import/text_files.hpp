#pragma once
// Files for the tests of text import: temporary folders, the shared data, and a plain reader to compare with.

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "import/import.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <libdeflate.h>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace platen::test {

/// A folder of its own for each test, removed with it.
class TemporaryFolder {
public:
  TemporaryFolder() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::temp_directory_path() / ("platen-" + std::string(info->test_suite_name()) + "-" +
                                                      info->name() + "-" + std::to_string(::getpid()));
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path write(const std::string& name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path_ / name;
  }
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

inline std::filesystem::path shared(const std::string& name) {
  return std::filesystem::path(PLATEN_SHARED_DATA) / name;
}

#define NEEDS_SHARED_DATA(name)                                                                              \
  if (!std::filesystem::exists(platen::test::shared(name)))                                                  \
  GTEST_SKIP() << "SHARED DATA ABSENT: " << platen::test::shared(name)

inline std::string gunzip(const std::filesystem::path& path) {
  const std::string packed = read_file(path);
  std::uint32_t size = 0; // the last four bytes of a gzip file are the length of its content
  std::memcpy(&size, packed.data() + packed.size() - 4, 4);
  std::string out(size, '\0');
  const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> inflate(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (libdeflate_gzip_decompress(inflate.get(), packed.data(), packed.size(), out.data(), out.size(),
                                 nullptr) != LIBDEFLATE_SUCCESS)
    throw std::runtime_error("cannot unpack " + path.string());
  return out;
}

/// A table read the plain way: lines, one delimiter, strings. `skip` lines stand above the header.
struct PlainTable {
  std::map<std::string, std::vector<std::string>> columns;
  std::size_t rows = 0;

  PlainTable(const std::string& text, char delimiter, std::size_t skip = 0) {
    std::istringstream lines(text);
    std::string line;
    for (std::size_t i = 0; i < skip; ++i) std::getline(lines, line);
    std::getline(lines, line);
    const std::vector<std::string> names = split(line, delimiter);
    while (std::getline(lines, line)) {
      const std::vector<std::string> fields = split(line, delimiter);
      for (std::size_t c = 0; c < names.size() && c < fields.size(); ++c)
        columns[names[c]].push_back(fields[c]);
      ++rows;
    }
  }
  double number(const std::string& column, std::size_t row) const {
    return std::strtod(columns.at(column).at(row).c_str(), nullptr);
  }
  static std::vector<std::string> split(std::string line, char delimiter) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::vector<std::string> out(1);
    for (const char c : line) {
      if (c == delimiter)
        out.emplace_back();
      else
        out.back() += c;
    }
    return out;
  }
};

/// The first diagnostic of the Error that `call` throws; fails the test when it throws none.
template <class Call> Diagnostic fault_of(Call&& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.diagnostics().front();
  }
  ADD_FAILURE() << "no Error was thrown";
  return {};
}

inline const Diagnostic* warning(const Record& record, std::string_view code) {
  for (const Diagnostic& d : record.warnings)
    if (d.code == code) return &d;
  return nullptr;
}

} // namespace platen::test

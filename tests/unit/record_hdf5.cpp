#include "record_hdf5_folder.hpp"

#include "record/hdf5_store.hpp"
#include "record/io.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace platen;
using testing::HasSubstr;

namespace {

using RecordHdf5 = Hdf5Folder;

/// A record file whose checksum is right although its contents are not what Platen writes.
void sign(const std::filesystem::path& path, const std::filesystem::path& example) {
  std::string bytes = read_file(path), head = read_file(example).substr(0, 512);
  head.replace(head.find(": ", head.find("sha256")) + 2, 64, sha256(std::string_view(bytes).substr(512)));
  bytes.replace(0, 512, head);
  write_file(path, bytes);
}

} // namespace

TEST_F(RecordHdf5, RefusesOtherFiles) {
  EXPECT_EQ(code(folder_ / "missing.h5"), "D001");
  EXPECT_EQ(code(file("")), "D065");
  EXPECT_EQ(code(file("Test Time / s\n")), "D065");
  hdf5::create_file(folder_ / "foreign.h5", 512).create_group("x");
  EXPECT_EQ(code(folder_ / "foreign.h5"), "D065");
  try {
    read_hdf5(folder_ / "foreign.h5");
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr("no record of Platen"));
  }
}

TEST_F(RecordHdf5, RefusesNewerFormats) {
  std::string bytes = small();
  bytes.replace(bytes.find("format: 2"), 9, "format: 3");
  EXPECT_EQ(code(file(bytes)), "D067");
}

TEST_F(RecordHdf5, SignedNonsenseIsDamageToo) {
  small();
  const auto path = folder_ / "nonsense.h5";
  hdf5::create_file(path, 512);
  sign(path, folder_ / "small.h5");
  EXPECT_EQ(code(path), "D068");
  {
    const hdf5::Node root = hdf5::create_file(path, 512);
    const hdf5::Node columns = root.create_group("columns");
    for (const char* name : {"voltage", "current"}) {
      const std::vector<double> values(name[0] == 'v' ? 2 : 3, 1.0);
      const hdf5::Node array = columns.create(name, std::span(values));
      for (const char* key : {"name", "unit", "description"})
        array.set_attribute(key, std::string(key[0] == 'n' ? name : key[0] == 'u' ? (name[0] == 'v' ? "V" : "A") : ""));
      array.set_attribute("position", std::uint64_t{0});
    }
  }
  sign(path, folder_ / "small.h5");
  EXPECT_EQ(code(path), "D068"); // columns of different lengths
}

TEST_F(RecordHdf5, AConditionThatCannotBeIsRefused) {
  Record record;
  record.set(col::test_time, std::vector<double>{0.0, 1.0});
  record.cell.contact_hold_time = -300.0;
  const auto path = folder_ / "negative.h5";
  write_hdf5(record, path);
  try {
    (void)read_hdf5(path);
    FAIL() << "a hold of -300 s was read";
  } catch (const Error& error) {
    EXPECT_NE(error.diagnostics().front().message.find("`contact_hold_time` of the cell is -300 s"), std::string::npos) << error.what();
  }
}

TEST_F(RecordHdf5, CannotWriteIntoAMissingFolder) {
  try {
    write_hdf5(Record{}, folder_ / "no" / "such" / "a.h5");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.diagnostics().front().code, "D002");
  }
}

TEST_F(RecordHdf5, RecognisesItsOwn) {
  EXPECT_TRUE(is_hdf5_record(small()));
  EXPECT_FALSE(is_hdf5_record("\x89HDF\r\n\x1a\n"));
}

#pragma once
// Made-up cells for a library, and a folder for it.

#include "base/file.hpp"
#include "library/library.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>

namespace platen::library::test {

/// Cell number `k`: its data do not exist as files, their checksum is that of the number.
inline Entry made_up(int k, const std::string& name = "") {
  Entry e;
  e.name = name.empty() ? fmt::format("A{}", k) : name;
  e.origin = "measured";
  e.format = "delimited text";
  e.rows = 100 + k;
  e.inputs.fingerprint = sha256(fmt::format("{}", k));
  e.inputs.paths = {fmt::format("/lab/a{}.csv", k)};
  e.files = {{"data", fmt::format("/lab/a{}.csv", k), e.inputs.fingerprint, 1000 + k, ""},
             {"cell file", "/lab/a.cell.toml", sha256("cell"), std::nullopt, "area = \"1 cm2\"\n"}};
  e.facts = {{"area", 1e-4, "m2", "", "cell file"}, {"electrolyte", std::nullopt, "", "LPSCl", "cell file"}, {"stack_pressure", 5e6, "Pa", "5 MPa", "given"}};
  e.metadata = {{"channel", fmt::format("{}", k)}};
  e.study_values = {{"cell.area", 1e-4, "m2", "1 cm2", "stated"}, {"fixture.kind", std::nullopt, "", "springs", "assumed"}};
  e.judgement.program = "platen test";
  e.judgement.rules = current_rules();
  e.judgement.verdict = "hard short";
  e.judgement.reason = "the voltage fell";
  e.judgement.onset = 3600.0;
  e.judgement.onset_half_cycle = 7;
  e.judgement.ccd_last_passed = 10.0;
  e.judgement.ccd_failing_step = 12.5;
  e.judgement.ccd_grid = 2.5;
  e.judgement.half_cycles = 8;
  e.judgement.answer = fmt::format(R"({{"schema": "platen.assess/1", "number": {}}})", k);
  e.notes = {fmt::format("note of {}", k)};
  return e;
}

class LibraryFolder : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "platen-library-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    path = folder / "lab.sqlite";
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  Library fresh() {
    Library::create(path, "platen test");
    return {path, Access::write};
  }

  /// The code of the error that `act` throws; "" when it throws none.
  template <class Act> static std::string code_of(const Act& act) {
    try {
      act();
    } catch (const Error& error) {
      last() = error;
      return error.diagnostics().front().code;
    }
    return "";
  }
  /// What it said, with its hints.
  static std::string words() {
    std::string out;
    for (const Diagnostic& d : last().diagnostics()) out += render(d);
    return out;
  }

  static std::string one(Library& library, const std::string& sql) { return to_csv(library.query("SELECT " + sql, 0, nullptr)); }
  /// The first value of an answer.
  static Value value(Library& library, const std::string& sql) { return library.query(sql, 1, nullptr).rows.at(0).at(0); }
  static std::int64_t count(Library& library, const std::string& what) {
    return std::get<std::int64_t>(value(library, "SELECT count(*) FROM " + what));
  }

  std::filesystem::path folder, path;

private:
  static Error& last() {
    static Error error("", "");
    return error;
  }
};

/// A second library beside that of the folder, and what a merge of the two says.
class TwoLibraries : public LibraryFolder {
protected:
  Library other() {
    Library::create(folder / "other.sqlite", "platen test");
    return {folder / "other.sqlite", Access::write};
  }
  static std::string conflicts(const Merged& merged) {
    std::string out;
    for (const Diagnostic& d : merged.conflicts) out += d.message + "\n";
    return out;
  }
};

} // namespace platen::library::test

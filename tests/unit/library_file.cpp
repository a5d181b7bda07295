// Files that are no library, newer, older, damaged, locked or not to be written; SQL of users.

#include "library_made_up.hpp"

#include "groups/published.hpp"
#include "library/schema.hpp"

#include <array>
#include <atomic>
#include <cstdlib>
#include <thread>

namespace platen::library::test {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class LibraryFile : public LibraryFolder {
protected:
  std::string code_of_opening(Access access = Access::read) {
    return code_of([&] { Library(path, access).check(); });
  }
};

TEST_F(LibraryFile, AnExistingFileIsNeverOverwritten) {
  std::ofstream(path) << "something dear";
  EXPECT_EQ(code_of([&] { Library::create(path, "p"); }), "U020");
  EXPECT_EQ(read_file(path), "something dear");
}

TEST_F(LibraryFile, NothingIsLeftWhereNoneCanBeMade) {
  EXPECT_NE(code_of([&] { Library::create(folder / "missing" / "lab.sqlite", "p"); }), "");
  EXPECT_FALSE(fs::exists(folder / "missing"));
  EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(LibraryFile, WhatIsNoLibraryIsSaid) {
  EXPECT_EQ(code_of_opening(), "U025");
  std::ofstream(path) << std::string(5000, 'x');
  EXPECT_EQ(code_of_opening(), "D500");
  EXPECT_EQ(code_of_opening(Access::write), "D500");
  EXPECT_EQ(read_file(path), std::string(5000, 'x'));
  fs::remove(path);
  Connection::create(path).run("CREATE TABLE t (x)");
  EXPECT_EQ(code_of_opening(), "D500");
  fs::remove(path);
  std::ofstream empty(path);
  EXPECT_EQ(code_of_opening(Access::write), "D500");
  path = folder;
  EXPECT_EQ(code_of_opening(), "U025");
}

TEST_F(LibraryFile, ANewerVersionIsRefusedAndLeftAlone) {
  fresh().add(made_up(1));
  Connection(path, Access::write).run("PRAGMA user_version = 1000");
  const std::string before = read_file(path);
  EXPECT_EQ(code_of_opening(), "D501");
  EXPECT_THAT(words(), HasSubstr("version 1000"));
  EXPECT_EQ(code_of_opening(Access::write), "D501");
  EXPECT_EQ(read_file(path), before);
}

TEST_F(LibraryFile, AnOlderVersionIsBroughtUpWithItsData) {
  // The way is what counts here: three versions of a made-up schema.
  const std::array<std::string_view, 3> steps{"CREATE TABLE t (x INTEGER) STRICT; INSERT INTO t VALUES (1);",
                                              "ALTER TABLE t ADD COLUMN y TEXT; UPDATE t SET y = 'kept ' || x;", "CREATE TABLE u (z) "};
  Connection connection = Connection::create(path);
  migrate(connection, std::span(steps).first(1));
  connection.run("INSERT INTO t VALUES (2)");
  migrate(connection, steps);
  Statement rows(connection, "SELECT group_concat(y) FROM t");
  rows.step();
  EXPECT_EQ(rows.text(0), "kept 1,kept 2");
  EXPECT_NO_THROW(connection.run("SELECT z FROM u"));
  migrate(connection, steps); // and does nothing the second time
}

TEST_F(LibraryFile, ALibraryOfVersionOneIsBroughtUpByTheFirstWrite) {
  { // as the first version of Platen's libraries made it
    Connection connection = Connection::create(path);
    connection.run(fmt::format("PRAGMA application_id = {}", application_id));
    migrate(connection, migrations().first(1));
    connection.run("INSERT INTO cells (fingerprint, name, origin, format, row_count, added_at, added_by) VALUES ('" + std::string(64, 'a') +
                   "', 'old', 'measured', 'text', 3, '2024-01-01T00:00:00Z', 'p')");
  }
  EXPECT_EQ(code_of_opening(Access::read), "D508");
  EXPECT_EQ(Library(path, Access::write).named("old").name, "old");
  Library library(path, Access::write);
  EXPECT_EQ(count(library, "study_values"), 0);
  EXPECT_TRUE(library.add(made_up(1)).fresh);
}

TEST_F(LibraryFile, AStepThatFailsLeavesTheVersionBefore) {
  const std::array<std::string_view, 3> steps{"CREATE TABLE t (x INTEGER) STRICT;", "INSERT INTO t VALUES (5);", "INSERT INTO nothing VALUES (1);"};
  Connection connection = Connection::create(path);
  migrate(connection, std::span(steps).first(1));
  EXPECT_NE(code_of([&] { migrate(connection, steps); }), "");
  Statement rows(connection, "SELECT count(*) FROM t");
  rows.step();
  EXPECT_EQ(rows.integer(0), 0);
  Statement version(connection, "PRAGMA user_version");
  version.step();
  EXPECT_EQ(version.integer(0), 1);
}

TEST_F(LibraryFile, AnOlderLibraryCannotBeReadWithoutBeingBroughtUp) {
  fresh();
  Connection(path, Access::write).run("PRAGMA user_version = 0");
  EXPECT_EQ(code_of_opening(), "D508");
}

TEST_F(LibraryFile, TheViewFollowsTheProgram) {
  fresh().add(made_up(1));
  Connection(path, Access::write).run("DROP VIEW overview; CREATE VIEW overview AS SELECT 'old' AS name");
  Library library(path, Access::write);
  EXPECT_EQ(library.overview("", false).rows.size(), 1u);
  EXPECT_GT(library.overview("", false).columns.size(), 30u);
}

TEST_F(LibraryFile, ThePublishedCcdsComeWithItAndFollowTheProgram) {
  fresh();
  const auto carried = static_cast<std::int64_t>(groups::published_ccds().size());
  {
    Library library(path, Access::read);
    EXPECT_EQ(count(library, "published"), carried);
    EXPECT_EQ(one(library, "ccd_failing_step_A_m2 FROM published WHERE preparation = 'contact hold 30 min at 25 MPa'"), "ccd_failing_step_A_m2\n21.5\n");
    EXPECT_EQ(count(library, "published WHERE reference = '' OR basis = ''"), 0);
  }
  Connection(path, Access::write).run("DELETE FROM published; UPDATE about SET value = 'older' WHERE key = 'published_sha256'");
  Library library(path, Access::write);
  EXPECT_EQ(count(library, "published"), carried);
}

TEST_F(LibraryFile, DamageIsSaidAndNeverCrashes) {
  {
    Library library = fresh();
    for (int k = 0; k < 30; ++k) library.add(made_up(k));
  }
  const std::string whole = read_file(path);
  std::size_t noticed = 0;
  for (std::size_t page = 1; page < whole.size() / 4096; ++page) { // every page but the first in turn
    std::string damaged = whole;
    for (std::size_t k = 0; k < 64; ++k) damaged[page * 4096 + k] = static_cast<char>(0xA5 ^ k);
    std::ofstream(path, std::ios::binary) << damaged;
    const std::string code = code_of([&] {
      Library library(path, Access::read);
      const auto faults = library.check();
      if (!faults.empty()) throw Error(faults);
    });
    EXPECT_THAT(code, ::testing::AnyOf("D502", "")) << words();
    noticed += code.empty() ? 0 : 1;
  }
  EXPECT_GE(noticed, whole.size() / 4096 - 2); // free pages may hold anything
  EXPECT_THAT(words(), HasSubstr("put back a copy"));
  std::ofstream(path, std::ios::binary) << whole.substr(0, whole.size() / 2);
  EXPECT_EQ(code_of([&] {
              const auto faults = Library(path, Access::read).check();
              if (!faults.empty()) throw Error(faults);
            }),
            "D502");
}

/// Root may write everywhere: as long as this lives it is nobody.
class Nobody {
public:
  Nobody() : was_root_(::geteuid() == 0 && ::seteuid(65534) == 0) {}
  ~Nobody() {
    if (was_root_ && ::seteuid(0) != 0) std::abort();
  }
  Nobody(const Nobody&) = delete;
  Nobody& operator=(const Nobody&) = delete;

private:
  bool was_root_;
};

TEST_F(LibraryFile, ALibraryThatMayNotBeWrittenCanBeRead) {
  fresh().add(made_up(1));
  using fs::perms;
  fs::permissions(path, static_cast<perms>(0444));
  fs::permissions(folder, static_cast<perms>(0555));
  {
    const Nobody reader;
    EXPECT_EQ(Library(path, Access::read).overview("", false).rows.size(), 1u);
    EXPECT_EQ(code_of([&] { Library(path, Access::write).add(made_up(2)); }), "D503");
    EXPECT_THAT(words(), HasSubstr("must be writable"));
    EXPECT_EQ(code_of([&] { Library::create(folder / "new.sqlite", "p"); }), "D503");
  }
  fs::permissions(folder, perms::owner_all);
  EXPECT_EQ(Library(path, Access::read).cells(true).size(), 1u);
  EXPECT_FALSE(fs::exists(folder / "new.sqlite"));
}

TEST_F(LibraryFile, WhatAKilledWriterLeftIsPutInOrderByAReader) {
  fresh().add(made_up(1));
  const auto journal = fs::path(path.string() + "-journal");
  { // a writer that dies with its journal on disk and pages already changed
    Connection writer(path, Access::write);
    writer.run("PRAGMA cache_size = 2; PRAGMA cache_spill = 1; BEGIN IMMEDIATE");
    for (int k = 0; k < 400; ++k) writer.run("INSERT INTO notes (cell, written_at, text) VALUES (1, 'now', '" + std::string(500, 'x') + "')");
    fs::copy_file(path, folder / "copy.sqlite");
    fs::copy_file(journal, folder / "copy.sqlite-journal");
    writer.run("ROLLBACK");
  }
  ASSERT_GT(fs::file_size(folder / "copy.sqlite-journal"), 0u);
  Library library(folder / "copy.sqlite", Access::read);
  EXPECT_EQ(count(library, "notes"), 1);
  EXPECT_TRUE(library.check().empty());
}

TEST_F(LibraryFile, AQueryMayOnlyRead) {
  Library library = fresh();
  library.add(made_up(1));
  for (const char* sql : {"DELETE FROM cells", "INSERT INTO notes (cell, written_at, text) VALUES (1, 'x', 'y')", "DROP TABLE cells", "PRAGMA query_only = OFF",
                          "ATTACH 'other.sqlite' AS o", "VACUUM INTO 'copy.sqlite'", "CREATE TEMP TABLE t (x)", "BEGIN", "PRAGMA journal_mode = WAL"})
    EXPECT_EQ(code_of([&] { library.query(sql, 0, nullptr); }), "U022") << sql;
  EXPECT_EQ(code_of([&] { library.query("SELECT 1; DELETE FROM cells", 0, nullptr); }), "U022");
  EXPECT_EQ(code_of([&] { library.overview("1) OR (1); DELETE FROM cells; --", false); }), "U022");
  EXPECT_EQ(code_of([&] { library.query("SELECT load_extension('x')", 0, nullptr); }), "U021");
  EXPECT_EQ(count(library, "cells"), 1);
  EXPECT_FALSE(fs::exists("copy.sqlite"));
}

TEST_F(LibraryFile, WrongSqlNamesWhatThereIs) {
  Library library = fresh();
  EXPECT_EQ(code_of([&] { library.query("SELECT nam FROM cells", 0, nullptr); }), "U021");
  EXPECT_THAT(words(), ::testing::AllOf(HasSubstr("there is no column `nam`"), HasSubstr("did you mean `name`?"), HasSubstr("columns: "), HasSubstr("fingerprint"), HasSubstr("for example"), HasSubstr("SQL:1:8")));
  EXPECT_EQ(code_of([&] { library.query("SELECT name FROM cell", 0, nullptr); }), "U021");
  EXPECT_THAT(words(), HasSubstr("did you mean `cells`?"));
  EXPECT_EQ(code_of([&] { library.overview("stack_presure_MPa < 5", false); }), "U021");
  EXPECT_THAT(words(), HasSubstr("did you mean `stack_pressure_MPa`?"));
  EXPECT_EQ(code_of([&] { library.query("", 0, nullptr); }), "U021");
  EXPECT_EQ(code_of([&] { library.query("SELECT (", 0, nullptr); }), "U021");
  EXPECT_THAT(words(), HasSubstr("the SQL ends too early"));
  EXPECT_EQ(code_of([&] { library.overview("stack_pressure_MPa << AND 5", false); }), "U021");
  EXPECT_THAT(words(), ::testing::AllOf(HasSubstr("\"AND\" was not expected there"), HasSubstr("ccd_failing_step_mA_cm2"), HasSubstr("verdict = 'healthy'"), ::testing::Not(HasSubstr("fingerprint_of_rules"))));
  EXPECT_EQ(code_of([&] { library.overview("median(1) > 0", false); }), "U021");
  EXPECT_THAT(words(), HasSubstr("there is no function `median`"));
  EXPECT_EQ(code_of([&] { library.overview("name = 'A1", false); }), "U021");
  EXPECT_THAT(words(), HasSubstr("a text stands between two '"));
}

TEST_F(LibraryFile, ALimitCutsAndSaysSo) {
  Library library = fresh();
  for (int k = 0; k < 5; ++k) library.add(made_up(k));
  EXPECT_TRUE(library.query("SELECT * FROM cells", 3, nullptr).cut);
  EXPECT_EQ(library.query("SELECT * FROM cells", 3, nullptr).rows.size(), 3u);
  EXPECT_FALSE(library.query("SELECT * FROM cells", 5, nullptr).cut);
  EXPECT_EQ(library.query("SELECT * FROM cells", 0, nullptr).rows.size(), 5u);
}

TEST_F(LibraryFile, AnEndlessQueryCanBeStopped) {
  Library library = fresh();
  const std::atomic<bool> stop{true};
  EXPECT_THROW(library.query("WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n", 0, &stop), Cancelled);
}

TEST_F(LibraryFile, TwoWritersWaitForOneAnother) {
  fresh();
  const auto write = [&](int from) {
    Library library(path, Access::write);
    for (int k = from; k < from + 40; ++k) library.add(made_up(k));
  };
  std::thread one(write, 0), other(write, 20); // half of the cells are the same
  one.join();
  other.join();
  Library library(path, Access::read);
  EXPECT_EQ(count(library, "cells"), 60);
  EXPECT_TRUE(library.check().empty());
}

TEST_F(LibraryFile, CsvQuotesWhatMustBeQuoted) {
  Table table{.name = "", .columns = {"a", "b"}, .rows = {{std::string("x,\"y\""), 0.1}, {std::monostate(), std::int64_t{-3}}}, .cut = false};
  EXPECT_EQ(to_csv(table), "a,b\n\"x,\"\"y\"\"\",0.1\n,-3\n");
}

} // namespace
} // namespace platen::library::test

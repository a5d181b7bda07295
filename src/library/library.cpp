#include "library/library.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "library/rows.hpp"
#include "library/schema.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::library {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view init_hint = "`platen library init FILE` makes a new, empty one; `--library FILE` names another";

const fs::path& that_is_there(const fs::path& path) {
  std::error_code fault;
  const bool there = fs::exists(path, fault);
  if (fault) throw Error("D001", fmt::format("cannot open `{}`: {}", path.string(), fault.message()));
  if (!there) throw Error("U025", fmt::format("there is no library `{}`", path.string()), std::nullopt, {std::string(init_hint)});
  if (fs::is_directory(path, fault))
    throw Error("U025", fmt::format("`{}` is a folder; a library is one file", path.string()), std::nullopt, {std::string(init_hint)});
  return path;
}

Error taken(const fs::path& path) {
  return Error("U020", fmt::format("`{}` is there already", path.string()), std::nullopt,
               {"choose another name; a library is never overwritten"});
}

} // namespace

void Library::create(const fs::path& path, const std::string& program) {
  std::error_code fault;
  if (fs::exists(fs::symlink_status(path, fault))) throw taken(path);
  write_aside(path, [&](const fs::path& temporary) {
    Connection connection = Connection::create(temporary);
    connection.run(fmt::format("PRAGMA application_id = {}", application_id));
    accept(connection, Access::write);
    Transaction transaction(connection, Access::write);
    Statement about(connection, "INSERT INTO about (key, value) VALUES (?, ?)");
    Statement id(connection, "SELECT lower(hex(randomblob(16)))");
    id.step();
    about.bind("id").bind(id.text(0)).run();
    about.bind("created_at").bind(now(connection)).run();
    about.bind("created_by").bind(program).run();
    put_rules(connection, current_rules());
    transaction.commit();
    if (fs::exists(fs::symlink_status(path, fault))) throw taken(path); // made by another program meanwhile
  });
}

Library::Library(const fs::path& path, Access access, Waiting waiting) : waiting_(std::move(waiting)), connection_(that_is_there(path), access, waiting_) { accept(connection_, access); }

void Library::copy_to(const fs::path& path) {
  write_aside(path, [&](const fs::path& temporary) {
    Statement copy(connection_, "VACUUM INTO ?");
    copy.bind(std::string_view(temporary.string())).run();
  });
}

std::vector<Diagnostic> Library::check() {
  std::vector<Diagnostic> out;
  const Place place{.file = path().string(), .text = {}};
  const auto damaged = [&](std::string text) {
    out.push_back({Severity::error, "D502", fmt::format("the library is damaged: {}", text), place,
                   {"put back a copy that is whole; without one, `sqlite3 FILE .recover` saves what can be read"}});
  };
  Statement integrity(connection_, "PRAGMA integrity_check(20)");
  while (integrity.step())
    if (std::string said = integrity.text(0); said != "ok") {
      std::replace(said.begin(), said.end(), '\n', ';');
      damaged(std::move(said));
    }
  if (!out.empty()) return out;
  Statement pointers(connection_, "PRAGMA foreign_key_check");
  while (pointers.step()) damaged(fmt::format("row {} of {} points to nothing in {}", pointers.integer(1), pointers.text(0), pointers.text(2)));
  Statement half(connection_, "SELECT name FROM cells AS c WHERE (SELECT count(*) FROM judgements AS j WHERE j.cell = c.id AND j.is_current = 1) <> 1 "
                              "OR NOT EXISTS (SELECT 1 FROM files AS f WHERE f.cell = c.id AND f.role = 'data' AND f.is_current = 1) "
                              "OR NOT EXISTS (SELECT 1 FROM inputs AS i WHERE i.cell = c.id)");
  while (half.step()) damaged(fmt::format("the cell `{}` is not whole: a judgement or its files are missing", half.text(0)));
  return out;
}

} // namespace platen::library

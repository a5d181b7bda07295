// The published CCDs of the program as a table beside a lab's own cells.

#include "base/file.hpp"
#include "groups/published.hpp"
#include "library/schema.hpp"

namespace platen::library {
namespace {

using groups::Published;

void put(Connection& connection, const Published& p) {
  Statement insert(connection, "INSERT INTO published (name, as_stated_mA_cm2, ccd_last_passed_A_m2, ccd_failing_step_A_m2, electrolyte, stack, preparation, "
                               "temperature_K, capacity_low_C_m2, capacity_high_C_m2, lithium_metal, method, reference, confidence, basis, note) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(p.row.name).bind(p.as_stated).bind(p.row.last_passed).bind(p.row.failing_step).bind(p.electrolyte).bind(p.stack).bind(p.preparation);
  insert.bind(p.temperature).bind(p.capacity_low).bind(p.capacity_high).bind(std::int64_t{p.lithium_metal}).bind(p.method).bind(p.reference);
  insert.bind(p.confidence).bind(p.basis).bind(p.note).run();
}

/// The checksum of what was put there last.
std::string known(Connection& connection) {
  Statement statement(connection, "SELECT value FROM about WHERE key = 'published_sha256'");
  return statement.step() ? statement.text(0) : std::string();
}

} // namespace

void refresh_published(Connection& connection) {
  std::string text;
  for (const EmbeddedText& file : groups::literature()) text += file.text;
  const std::string sum = sha256(text);
  if (known(connection) == sum) return;
  Transaction transaction(connection, Access::write);
  connection.run("DELETE FROM published");
  for (const Published& p : groups::published_ccds()) put(connection, p);
  Statement(connection, "INSERT OR REPLACE INTO about (key, value) VALUES ('published_sha256', ?)").bind(sum).run();
  transaction.commit();
}

} // namespace platen::library

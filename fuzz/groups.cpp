// The tables that `platen compare` reads: CCDs of cells, and conditions of cells whose files do not say them.

#include "fuzz.hpp"

#include "groups/table.hpp"

namespace {

/// A table is read, or refused with words that say why.
template <class Read> auto rows_or_none(Read&& read) -> decltype(read()) {
  try {
    return read();
  } catch (const platen::Error& error) {
    if (error.diagnostics().empty()) std::abort();
    for (const platen::Diagnostic& d : error.diagnostics())
      if (platen::render(d).empty()) std::abort();
    return {};
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace platen::groups;
  const std::string text = platen::fuzz::bytes_of(data, size);
  is_ccd_table(text);
  auto rows = rows_or_none([&] { return read_ccd_table(text, "fuzz.csv"); });
  auto mapping = rows_or_none([&] { return read_mapping(text, "fuzz.csv"); });
  platen::Diagnostics notes;
  apply_mapping(rows, mapping, "fuzz.csv", notes);
  return 0;
}

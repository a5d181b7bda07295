#include "import/format.hpp"

#include "import/arbin/res.hpp"
#include "import/biologic/mpr.hpp"
#include "import/biologic/mps.hpp"
#include "import/foreign.hpp"
#include "import/impedance/gamry.hpp"
#include "import/impedance/relaxis.hpp"
#include "import/impedance/versastudio.hpp"
#include "import/impedance/zplot.hpp"
#include "import/neware/nda.hpp"
#include "import/neware/ndax.hpp"
#include "import/text/encoding.hpp"
#include "import/text/sniff.hpp"
#include "import/text/text.hpp"
#include "import/xlsx/xlsx.hpp"
#include "record/io.hpp"

#include <array>
#include <fmt/format.h>

namespace platen {
namespace {

// ---- Platen's own

Record read_own_hdf5(SourceFile&& file, const ImportOptions&, const work::Task&) { return read_hdf5(file.path); }

/// A CSV with some Battery Data Format headings but a time by another name ("Date") is delimited text like
/// any other.
bool is_whole_bdf(std::string_view bytes) {
  text::Lines lines(bytes);
  text::Line line;
  while (lines.next(line) && (line.text.empty() || line.text.front() == '#')) {}
  const auto names = [&](std::string_view time) { return line.text.find(time) != std::string_view::npos; };
  const bool timed = names("Test Time") || names("test_time_") || names("Unix Time") || names("unix_time_");
  return timed && is_bdf_csv(bytes);
}

Record read_bdf(SourceFile&& file, const ImportOptions& options, const work::Task& task) {
  const bool mapped = options.cell && !options.cell->columns.empty();
  return mapped ? text::read_text(std::move(file.bytes), file.path, options, task) : parse_bdf_csv(file.bytes, file.name());
}

// ---- Neware

bool is_ndax(std::string_view bytes) {
  constexpr std::size_t head = 512;
  return looks_like_ndax(std::as_bytes(std::span(bytes.substr(0, head))));
}

Record read_ndax_file(SourceFile&& file, const ImportOptions&, const work::Task& task) {
  return read_ndax(file.bytes, file.name(), task);
}

Record read_nda_file(SourceFile&& file, const ImportOptions&, const work::Task& task) {
  return read_nda(file.bytes, file.name(), task);
}

// ---- programs for impedance

std::string describe_zplot(const SourceFile& file) {
  return file.bytes.substr(0, 20).find("ZPLOT2") != std::string::npos ? "ZPlot text" : "Z60W text";
}

Record read_zplot_file(SourceFile&& file, const ImportOptions&, const work::Task&) {
  return read_zplot(std::move(file.bytes), file.name());
}

Record read_gamry_file(SourceFile&& file, const ImportOptions& options, const work::Task& task) {
  return read_gamry(std::move(file.bytes), file.name(), options, task);
}

Record read_versastudio_file(SourceFile&& file, const ImportOptions& options, const work::Task& task) {
  return read_versastudio(std::move(file.bytes), file.name(), options, task);
}

Record read_relaxis_file(SourceFile&& file, const ImportOptions&, const work::Task&) {
  return read_relaxis(std::move(file.bytes), file.name());
}

// ---- Arbin

Record read_res_file(SourceFile&& file, const ImportOptions& options, const work::Task& task) {
  return read_res(file.bytes, file.name(), options, task);
}

// ---- BioLogic

Record read_mpr_file(SourceFile&& file, const ImportOptions& options, const work::Task& task) {
  return biologic::read_mpr(file.bytes, file.name(), options, task);
}

Record read_mps_file(SourceFile&& file, const ImportOptions&, const work::Task&) {
  return biologic::protocol_record(file.bytes, file.name());
}

// ---- workbooks of several programs

Record read_xlsx_file(SourceFile&& file, const ImportOptions& options, const work::Task& task) {
  return read_xlsx(file.bytes, file.name(), options, task);
}

// ---- what is known and not read

bool is_foreign(std::string_view bytes) { return foreign_format(bytes).has_value(); }

Record refuse_foreign(SourceFile&& file, const ImportOptions&, const work::Task&) {
  const Foreign what = *foreign_format(file.bytes);
  throw Error("D005", fmt::format("the file is {}, which this version of Platen does not read", what.name), file.place(),
              {std::string(what.hint)});
}

Record refuse_binary(SourceFile&& file, const ImportOptions&, const work::Task&) {
  throw Error("D004", "the file is binary and of no kind that Platen knows", file.place(),
              {"Platen reads Neware .ndax and .nda, BioLogic .mpr, Arbin .res, Excel workbooks, delimited text of any program, "
               "Battery Data Format CSV and its own HDF5"});
}

// ---- everything else

Record read_any_text(SourceFile&& file, const ImportOptions& options, const work::Task& task) {
  return text::read_text(std::move(file.bytes), file.path, options, task);
}

std::string describe_any_text(const SourceFile& file) {
  const std::string found = text::describe_text(file.bytes);
  return found.empty() ? "text without a table" : found;
}

constexpr std::array table{
    Format{is_hdf5_record, [](const SourceFile&) { return std::string("Platen record (HDF5)"); }, read_own_hdf5, true},
    Format{is_ndax, [](const SourceFile& file) { return describe_ndax(file.bytes, file.name()); }, read_ndax_file, false, true},
    Format{looks_like_nda, [](const SourceFile& file) { return describe_nda(file.bytes, file.name()); }, read_nda_file, false, true},
    Format{biologic::is_mpr, [](const SourceFile& file) { return biologic::describe_mpr(file.bytes); }, read_mpr_file, false, true},
    Format{is_zplot, describe_zplot, read_zplot_file},
    Format{is_gamry, [](const SourceFile& file) { return describe_gamry(file.bytes); }, read_gamry_file},
    Format{is_versastudio, [](const SourceFile&) { return std::string("VersaStudio par"); }, read_versastudio_file},
    Format{is_relaxis, [](const SourceFile&) { return std::string("RelaxIS text"); }, read_relaxis_file},
    Format{looks_like_res, [](const SourceFile& file) { return describe_res(file.bytes, file.name()); }, read_res_file, false, true},
    Format{biologic::is_protocol, [](const SourceFile&) { return std::string("EC-Lab settings"); }, read_mps_file},
    Format{looks_like_xlsx, [](const SourceFile& file) { return describe_xlsx(file.bytes, file.name()); }, read_xlsx_file, false, true},
    Format{is_foreign, [](const SourceFile& file) { return std::string(foreign_format(file.bytes)->name); }, refuse_foreign},
    Format{text::looks_binary, [](const SourceFile&) { return std::string("binary, of no known kind"); }, refuse_binary},
    Format{is_whole_bdf, [](const SourceFile&) { return std::string("Battery Data Format CSV"); }, read_bdf},
    Format{[](std::string_view) { return true; }, describe_any_text, read_any_text},
};

} // namespace

std::span<const Format> formats() { return table; }

} // namespace platen

// Writing and reading a record changes nothing: random records through HDF5 (everything) and CSV (registry columns).

#include "base/file.hpp"
#include "numerics/random.hpp"
#include "record/io.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>

using namespace platen;
using numerics::RandomStream;

namespace {

class Folder {
public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("platen-roundtrip-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

private:
  std::filesystem::path path_;
};

std::size_t below(RandomStream& s, std::size_t n) { return static_cast<std::size_t>(s.bits() % n); }

std::string text(RandomStream& s) {
  static const std::vector<std::string> pieces{"a", "Ω", "電池", "\n", "\"", ",", "/", "é", " ", "#", ".", "🔋", "\t", "\\"};
  std::string out;
  for (std::size_t n = below(s, 12); n > 0; --n) out += pieces[below(s, pieces.size())];
  return out;
}

double number(RandomStream& s) { // any bit pattern: infinities, subnormals, NaN with payloads
  return below(s, 3) == 0 ? std::bit_cast<double>(s.bits()) : s.normal();
}

template <class T, class F> std::vector<T> many(std::size_t n, F&& draw) {
  std::vector<T> out(n);
  for (T& x : out) x = static_cast<T>(draw());
  return out;
}

Spectrum spectrum(RandomStream& s) {
  const std::size_t points = below(s, 30);
  const auto values = [&] { return many<double>(points, [&] { return number(s); }); };
  Spectrum out{values(), values(), values(), {}, s.normal(), s.normal(), static_cast<std::int32_t>(below(s, 100)),
               static_cast<Modulation>(below(s, 3)), {}, {}, {}, {}, text(s)};
  if (below(s, 2) == 0) out.time = values();
  for (auto* value : {&out.amplitude, &out.dc_voltage, &out.dc_current, &out.temperature})
    if (below(s, 2) == 0) *value = s.normal();
  return out;
}

Record random_record(std::uint64_t seed) {
  RandomStream s(seed, "record");
  Record r;
  const std::size_t rows = std::vector<std::size_t>{0, 1, 7, 40000}[below(s, 4)];
  for (const ColumnInfo& info : column_registry()) {
    if (below(s, 2) == 0) continue;
    if (info.kind == ColumnKind::real) r.set(info.name, many<double>(rows, [&] { return number(s); }));
    else r.set(info.name, many<std::int32_t>(rows, [&] { return s.bits(); }));
  }
  for (std::size_t n = below(s, 5); n > 0; --n) {
    Column c{text(s), text(s), text(s), many<double>(rows, [&] { return number(s); })};
    if (below(s, 2) == 0) c.values = many<std::int32_t>(rows, [&] { return s.bits(); });
    r.set(std::move(c));
  }
  r.cell.name = text(s);
  r.cell.fixture = text(s);
  r.cell.configuration = static_cast<Configuration>(below(s, 4));
  for (const CellField& field : cell_fields())
    if (below(s, 2) == 0) r.cell.*field.member = std::clamp(number(s), field.low, field.high); // what lies beyond is refused
  r.cell.cathode = text(s);
  for (const CellField& field : cell_fields()) {
    if (below(s, 4) == 0) r.cell.uncertainty[std::string(field.key)] = number(s);
    if (below(s, 3) == 0) r.cell.known_from[std::string(field.key)] = {text(s), text(s)};
  }
  for (std::size_t n = below(s, 4); n > 0; --n) r.metadata[text(s)] = text(s);
  for (std::size_t n = below(s, 4); n > 0; --n) r.events.push_back({number(s), text(s), text(s)});
  r.study = below(s, 2) == 0 ? "" : text(s) + std::string(100000, 'x'); // beyond the 64 KiB of an HDF5 attribute
  r.provenance = {text(s), text(s), text(s), {}, s.bits()};
  for (std::size_t n = below(s, 3); n > 0; --n) r.provenance.sources.push_back({text(s), text(s)});
  for (std::size_t n = below(s, 4); n > 0; --n) {
    Diagnostic d{below(s, 2) == 0 ? Severity::warning : Severity::error, text(s), text(s)};
    if (below(s, 2) == 0) d.place = Place{text(s), below(s, 1000), below(s, 1000), below(s, 1000), text(s)};
    for (std::size_t k = below(s, 3); k > 0; --k) d.hints.push_back(text(s));
    r.warnings.push_back(std::move(d));
  }
  for (std::size_t n = below(s, 3); n > 0; --n) r.spectra.push_back(spectrum(s));
  for (std::size_t n = below(s, 3); n > 0; --n)
    r.rejects.push_back({Place{text(s), below(s, 1000), below(s, 1000), below(s, 1000), text(s)}, text(s)});
  return r;
}

bool same(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

void expect_same_columns(const Record& a, const Record& b) {
  ASSERT_EQ(a.columns().size(), b.columns().size());
  for (std::size_t k = 0; k < a.columns().size(); ++k) {
    const Column &x = a.columns()[k], &y = b.columns()[k];
    EXPECT_EQ(x.name, y.name);
    EXPECT_EQ(x.unit, y.unit);
    EXPECT_EQ(x.description, y.description);
    ASSERT_EQ(x.values.index(), y.values.index());
    if (x.values.index() == 1) {
      EXPECT_EQ(x.values, y.values);
    } else {
      const auto &u = std::get<0>(x.values), &v = std::get<0>(y.values);
      ASSERT_EQ(u.size(), v.size());
      for (std::size_t row = 0; row < u.size(); ++row) ASSERT_TRUE(same(u[row], v[row])) << x.name << row;
    }
  }
}

void expect_same(const Spectrum& a, const Spectrum& b) {
  const auto as_bits = [](const std::vector<double>& v) {
    return many<std::uint64_t>(v.size(), [&, k = std::size_t{0}]() mutable { return std::bit_cast<std::uint64_t>(v[k++]); });
  };
  for (auto member : {&Spectrum::frequency, &Spectrum::real, &Spectrum::imaginary}) EXPECT_EQ(as_bits(a.*member), as_bits(b.*member));
  if (a.size() > 0) {
    EXPECT_EQ(as_bits(a.time), as_bits(b.time));
  }
  EXPECT_TRUE(same(a.start, b.start) && same(a.unix_time, b.unix_time));
  EXPECT_TRUE(a.cycle_count == b.cycle_count && a.modulation == b.modulation && a.label == b.label);
  for (auto member : {&Spectrum::amplitude, &Spectrum::dc_voltage, &Spectrum::dc_current, &Spectrum::temperature})
    EXPECT_EQ(a.*member, b.*member);
}

void expect_same(const Record& a, const Record& b) {
  expect_same_columns(a, b);
  EXPECT_EQ(a.cell.name, b.cell.name);
  EXPECT_EQ(a.cell.electrolyte, b.cell.electrolyte);
  EXPECT_EQ(a.cell.fixture, b.cell.fixture);
  EXPECT_EQ(a.cell.configuration, b.cell.configuration);
  for (const CellField& field : cell_fields()) {
    const auto &x = a.cell.*field.member, &y = b.cell.*field.member;
    EXPECT_TRUE(x.has_value() == y.has_value() && (!x || same(*x, *y))) << field.key;
  }
  EXPECT_EQ(a.cell.cathode, b.cell.cathode);
  EXPECT_EQ(a.cell.known_from, b.cell.known_from);
  ASSERT_EQ(a.cell.uncertainty.size(), b.cell.uncertainty.size());
  for (const auto& [key, value] : a.cell.uncertainty) {
    ASSERT_TRUE(b.cell.uncertainty.contains(key)) << key;
    EXPECT_TRUE(same(value, b.cell.uncertainty.at(key))) << key;
  }
  EXPECT_EQ(a.metadata, b.metadata);
  EXPECT_EQ(a.study, b.study);
  ASSERT_EQ(a.events.size(), b.events.size());
  for (std::size_t k = 0; k < a.events.size(); ++k)
    EXPECT_TRUE(same(a.events[k].time, b.events[k].time) && a.events[k].kind == b.events[k].kind && a.events[k].text == b.events[k].text);
  const Provenance &p = a.provenance, &q = b.provenance;
  EXPECT_TRUE(p.origin == q.origin && p.program == q.program && p.format == q.format && p.seed == q.seed);
  ASSERT_EQ(p.sources.size(), q.sources.size());
  for (std::size_t k = 0; k < p.sources.size(); ++k)
    EXPECT_TRUE(p.sources[k].path == q.sources[k].path && p.sources[k].sha256 == q.sources[k].sha256);
  ASSERT_EQ(a.warnings.size(), b.warnings.size());
  for (std::size_t k = 0; k < a.warnings.size(); ++k) {
    EXPECT_EQ(render(a.warnings[k]), render(b.warnings[k]));
    EXPECT_EQ(a.warnings[k].place.has_value(), b.warnings[k].place.has_value());
    EXPECT_EQ(a.warnings[k].hints, b.warnings[k].hints);
  }
  ASSERT_EQ(a.spectra.size(), b.spectra.size());
  for (std::size_t k = 0; k < a.spectra.size(); ++k) expect_same(a.spectra[k], b.spectra[k]);
  ASSERT_EQ(a.rejects.size(), b.rejects.size());
  for (std::size_t k = 0; k < a.rejects.size(); ++k) {
    const Reject &x = a.rejects[k], &y = b.rejects[k];
    EXPECT_TRUE(x.place.file == y.place.file && x.place.line == y.place.line && x.place.column == y.place.column &&
                x.place.length == y.place.length && x.place.text == y.place.text && x.reason == y.reason);
  }
}

} // namespace

TEST(RecordRoundTrip, Hdf5KeepsEverything) {
  const Folder folder;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    const Record record = random_record(seed);
    write_hdf5(record, folder / "a.h5");
    expect_same(record, read_hdf5(folder / "a.h5"));
  }
  write_hdf5(Record{}, folder / "a.h5");
  expect_same(Record{}, read_hdf5(folder / "a.h5"));
}

TEST(RecordRoundTrip, EqualRecordsMakeEqualFiles) {
  const Folder folder;
  write_hdf5(random_record(3), folder / "a.h5");
  std::this_thread::sleep_for(std::chrono::milliseconds(1100)); // HDF5 counts times of creation in seconds
  write_hdf5(random_record(3), folder / "b.h5");
  EXPECT_TRUE(read_file(folder / "a.h5") == read_file(folder / "b.h5"));
}

TEST(RecordRoundTrip, CsvKeepsNumbersInTheirOwnUnit) {
  RandomStream s(1, "csv");
  Record r;
  for (const std::string_view name : {col::test_time, col::voltage, col::current, col::stack_pressure, col::unix_time})
    r.set(name, many<double>(5000, [&] { return number(s); }));
  for (const std::string_view name : {col::cycle_count, col::step_count, col::step_index})
    r.set(name, many<std::int32_t>(5000, [&] { return s.bits(); }));
  r.set(col::step_type, many<std::int32_t>(5000, [&] { return s.bits() % 18; }));
  const Record back = parse_bdf_csv(to_csv(r), "x");
  for (const Column& c : r.columns()) {
    const Column* b = back.find(c.name);
    ASSERT_NE(b, nullptr) << c.name;
    if (c.values.index() == 1) {
      EXPECT_EQ(b->values, c.values) << c.name;
      continue;
    }
    const auto &u = std::get<0>(c.values), &v = std::get<0>(b->values);
    ASSERT_EQ(u.size(), v.size());
    for (std::size_t k = 0; k < u.size(); ++k) ASSERT_TRUE(same(u[k], v[k]) || (std::isnan(u[k]) && std::isnan(v[k]))) << c.name << k;
  }
}

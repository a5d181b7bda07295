#include "record/hdf5_spectra.hpp"

#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace platen::hdf5 {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The vectors of all spectra end to end; `length` tells them apart.
struct PointArray {
  const char* name;
  const char* unit;
  std::vector<double> Spectrum::*member;
};
constexpr std::array points{PointArray{"frequency", "Hz", &Spectrum::frequency}, PointArray{"real", "ohm", &Spectrum::real},
                            PointArray{"imaginary", "ohm", &Spectrum::imaginary}, PointArray{"time", "s", &Spectrum::time}};

/// One number for each spectrum; NaN where it is unknown.
struct OptionalNumber {
  const char* name;
  const char* unit;
  std::optional<double> Spectrum::*member;
};
constexpr std::array optional_numbers{
    OptionalNumber{"amplitude", "V or A, as modulation says", &Spectrum::amplitude}, OptionalNumber{"dc_voltage", "V", &Spectrum::dc_voltage},
    OptionalNumber{"dc_current", "A", &Spectrum::dc_current}, OptionalNumber{"temperature", "K", &Spectrum::temperature}};

} // namespace

std::string storable(std::string_view text) {
  std::string out;
  for (const char c : text) out += c != '\0' ? std::string_view(&c, 1) : std::string_view("\xEF\xBF\xBD");
  return out;
}

void need_equal(std::size_t a, std::size_t b, std::string_view what) {
  if (a != b) throw Fault(fmt::format("the lists of {} have different lengths", what));
}

void write_spectra(const Node& root, const std::vector<Spectrum>& spectra) {
  const Node group = root.create_group("spectra");
  for (const PointArray& array : points) {
    std::vector<double> joined;
    for (const Spectrum& s : spectra) joined.insert(joined.end(), (s.*array.member).begin(), (s.*array.member).end());
    group.create(array.name, std::span<const double>(joined)).set_attribute("unit", std::string(array.unit));
  }
  const auto counts = [&](const char* name, auto get) {
    group.create(name, std::span<const std::uint64_t>(numbers_of<std::uint64_t>(spectra, get)));
  };
  const auto numbers = [&](const char* name, const char* unit, auto get) {
    group.create(name, std::span<const double>(numbers_of<double>(spectra, get))).set_attribute("unit", std::string(unit));
  };
  counts("length", [](const Spectrum& s) { return s.size(); });
  counts("has_time", [](const Spectrum& s) { return !s.time.empty(); });
  counts("modulation", [](const Spectrum& s) { return static_cast<std::uint64_t>(s.modulation); });
  const std::vector<std::int32_t> cycles = numbers_of<std::int32_t>(spectra, [](const Spectrum& s) { return s.cycle_count; });
  group.create("cycle_count", std::span<const std::int32_t>(cycles));
  numbers("start", "s", [](const Spectrum& s) { return s.start; });
  numbers("unix_time", "s", [](const Spectrum& s) { return s.unix_time; });
  for (const OptionalNumber& number : optional_numbers)
    numbers(number.name, number.unit, [&](const Spectrum& s) { return (s.*number.member).value_or(nan); });
  group.create("label", texts_of(spectra, [](const Spectrum& s) { return s.label; }));
}

std::vector<Spectrum> read_spectra(const Node& root) {
  const Node group = root.open_group("spectra");
  const std::vector<std::string> labels = group.open_array("label").texts();
  const std::size_t n = labels.size();
  const auto fitting = [&](auto list, const char* what) {
    need_equal(list.size(), n, what);
    return list;
  };
  const auto lengths = fitting(group.open_array("length").counts(), "spectra"), timed = fitting(group.open_array("has_time").counts(), "spectra"),
             modulations = fitting(group.open_array("modulation").counts(), "spectra");
  const auto cycles = fitting(group.open_array("cycle_count").integers(), "spectra");
  const auto starts = fitting(group.open_array("start").doubles(), "spectra"), dates = fitting(group.open_array("unix_time").doubles(), "spectra");
  std::vector<Spectrum> out(n);
  for (std::size_t k = 0; k < n; ++k) {
    if (modulations[k] > static_cast<std::uint64_t>(Modulation::current)) throw Fault("a modulation is not one of ours");
    out[k].label = labels[k];
    out[k].modulation = static_cast<Modulation>(modulations[k]);
    out[k].cycle_count = cycles[k];
    out[k].start = starts[k];
    out[k].unix_time = dates[k];
  }
  for (const OptionalNumber& number : optional_numbers) {
    const auto values = fitting(group.open_array(number.name).doubles(), "spectra");
    for (std::size_t k = 0; k < n; ++k)
      if (!std::isnan(values[k])) out[k].*number.member = values[k];
  }
  for (const PointArray& array : points) {
    const std::vector<double> joined = group.open_array(array.name).doubles();
    std::size_t at = 0;
    for (std::size_t k = 0; k < n; ++k) {
      if (array.member == &Spectrum::time && timed[k] == 0) continue;
      if (lengths[k] > joined.size() - at) throw Fault("a spectrum ends too soon");
      const auto from = joined.begin() + static_cast<std::ptrdiff_t>(at);
      (out[k].*array.member).assign(from, from + static_cast<std::ptrdiff_t>(lengths[k]));
      at += lengths[k];
    }
    need_equal(at, joined.size(), "spectra");
  }
  return out;
}

void write_rejects(const Node& root, const std::vector<Reject>& rejects) {
  const Node group = root.create_group("rejects");
  const auto counts = [&](const char* name, auto get) {
    group.create(name, std::span<const std::uint64_t>(numbers_of<std::uint64_t>(rejects, get)));
  };
  group.create("file", texts_of(rejects, [](const Reject& r) { return r.place.file; }));
  group.create("text", texts_of(rejects, [](const Reject& r) { return r.place.text; }));
  group.create("reason", texts_of(rejects, [](const Reject& r) { return r.reason; }));
  counts("line", [](const Reject& r) { return r.place.line; });
  counts("column", [](const Reject& r) { return r.place.column; });
  counts("length", [](const Reject& r) { return r.place.length; });
}

std::vector<Reject> read_rejects(const Node& root) {
  const Node group = root.open_group("rejects");
  const auto files = group.open_array("file").texts(), texts = group.open_array("text").texts(), reasons = group.open_array("reason").texts();
  const auto lines = group.open_array("line").counts(), columns = group.open_array("column").counts(), lengths = group.open_array("length").counts();
  for (const std::size_t size : {texts.size(), reasons.size(), lines.size(), columns.size(), lengths.size()})
    need_equal(files.size(), size, "rejects");
  std::vector<Reject> out;
  for (std::size_t k = 0; k < files.size(); ++k) out.push_back({{files[k], lines[k], columns[k], lengths[k], texts[k]}, reasons[k]});
  return out;
}

} // namespace platen::hdf5

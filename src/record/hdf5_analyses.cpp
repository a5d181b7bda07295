#include "record/hdf5_analyses.hpp"

#include "record/hdf5_spectra.hpp"

#include <algorithm>
#include <array>

namespace platen::hdf5 {
namespace {

struct TextOf {
  const char* name;
  std::string Analysis::*member;
};
constexpr std::array texts{TextOf{"kind", &Analysis::kind}, TextOf{"method", &Analysis::method}, TextOf{"verdict", &Analysis::verdict}};

struct NumberOf {
  const char* name;
  double AnalysisValue::*member;
};
constexpr std::array numbers{NumberOf{"value", &AnalysisValue::value}, NumberOf{"value_error", &AnalysisValue::error},
                             NumberOf{"value_low", &AnalysisValue::low}, NumberOf{"value_high", &AnalysisValue::high}};

struct WordOf {
  const char* name;
  std::string AnalysisValue::*member;
};
constexpr std::array words{WordOf{"value_name", &AnalysisValue::name}, WordOf{"value_unit", &AnalysisValue::unit},
                           WordOf{"value_note", &AnalysisValue::note}};

/// Hands out the members of a joined list, so many for each analysis.
template <class T> class Dealt {
public:
  explicit Dealt(std::vector<T> all) : all_(std::move(all)) {}
  std::vector<T> next(std::uint64_t count) {
    if (count > all_.size() - at_) throw Fault("a list of the analyses ends too soon");
    const auto from = all_.begin() + static_cast<std::ptrdiff_t>(at_);
    at_ += count;
    return {from, from + static_cast<std::ptrdiff_t>(count)};
  }
  void finish() const { need_equal(at_, all_.size(), "analyses"); }

private:
  std::vector<T> all_;
  std::size_t at_ = 0;
};

/// `analyses` one after the other, each with what `get` takes of it.
template <class Get> auto joined(const std::vector<Analysis>& analyses, Get get) {
  decltype(get(analyses.front())) out;
  for (const Analysis& a : analyses) {
    auto part = get(a);
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

void read_settings(const Node& group, std::vector<Analysis>& out, const std::vector<std::uint64_t>& counts) {
  Dealt<std::string> keys(group.open_array("setting_key").texts()), values(group.open_array("setting_value").texts());
  for (std::size_t k = 0; k < out.size(); ++k) {
    const auto names = keys.next(counts[k]), said = values.next(counts[k]);
    for (std::size_t n = 0; n < names.size(); ++n) out[k].settings[names[n]] = said[n];
  }
  keys.finish();
  values.finish();
}

void read_values(const Node& group, std::vector<Analysis>& out, const std::vector<std::uint64_t>& counts) {
  for (const WordOf& word : words) {
    Dealt<std::string> all(group.open_array(word.name).texts());
    for (std::size_t k = 0; k < out.size(); ++k) {
      const auto mine = all.next(counts[k]);
      out[k].values.resize(mine.size());
      for (std::size_t n = 0; n < mine.size(); ++n) out[k].values[n].*word.member = mine[n];
    }
    all.finish();
  }
  for (const NumberOf& number : numbers) {
    Dealt<double> all(group.open_array(number.name).doubles());
    for (std::size_t k = 0; k < out.size(); ++k) {
      const auto mine = all.next(counts[k]);
      for (std::size_t n = 0; n < mine.size(); ++n) out[k].values[n].*number.member = mine[n];
    }
    all.finish();
  }
}

void read_curves(const Node& group, std::vector<Analysis>& out, const std::vector<std::uint64_t>& counts) {
  Dealt<std::string> names(group.open_array("curve_name").texts()), units(group.open_array("curve_unit").texts());
  Dealt<std::uint64_t> lengths(group.open_array("curve_length").counts());
  Dealt<double> points(group.open_array("curve_values").doubles());
  for (std::size_t k = 0; k < out.size(); ++k) {
    const auto name = names.next(counts[k]), unit = units.next(counts[k]);
    const auto length = lengths.next(counts[k]);
    for (std::size_t n = 0; n < name.size(); ++n) out[k].curves.push_back({name[n], unit[n], points.next(length[n])});
  }
  names.finish();
  units.finish();
  lengths.finish();
  points.finish();
}

} // namespace

void write_analyses(const Node& root, const std::vector<Analysis>& analyses) {
  if (analyses.empty()) return;
  const Node group = root.create_group("analyses");
  const auto counts = [&](const char* name, auto get) {
    group.create(name, std::span<const std::uint64_t>(numbers_of<std::uint64_t>(analyses, get)));
  };
  for (const TextOf& text : texts) group.create(text.name, texts_of(analyses, [&](const Analysis& a) { return a.*text.member; }));
  counts("spectrum", [](const Analysis& a) { return a.spectrum; });
  counts("setting_count", [](const Analysis& a) { return a.settings.size(); });
  counts("value_count", [](const Analysis& a) { return a.values.size(); });
  counts("curve_count", [](const Analysis& a) { return a.curves.size(); });
  group.create("setting_key", joined(analyses, [](const Analysis& a) { return texts_of(a.settings, [](const auto& s) { return s.first; }); }));
  group.create("setting_value", joined(analyses, [](const Analysis& a) { return texts_of(a.settings, [](const auto& s) { return s.second; }); }));
  for (const WordOf& word : words)
    group.create(word.name, joined(analyses, [&](const Analysis& a) { return texts_of(a.values, [&](const auto& v) { return v.*word.member; }); }));
  for (const NumberOf& number : numbers) {
    const auto all = joined(analyses, [&](const Analysis& a) { return numbers_of<double>(a.values, [&](const auto& v) { return v.*number.member; }); });
    group.create(number.name, std::span<const double>(all));
  }
  group.create("curve_name", joined(analyses, [](const Analysis& a) { return texts_of(a.curves, [](const auto& c) { return c.name; }); }));
  group.create("curve_unit", joined(analyses, [](const Analysis& a) { return texts_of(a.curves, [](const auto& c) { return c.unit; }); }));
  const auto lengths = joined(analyses, [](const Analysis& a) { return numbers_of<std::uint64_t>(a.curves, [](const auto& c) { return c.values.size(); }); });
  group.create("curve_length", std::span<const std::uint64_t>(lengths));
  std::vector<double> points;
  for (const Analysis& a : analyses)
    for (const AnalysisCurve& c : a.curves) points.insert(points.end(), c.values.begin(), c.values.end());
  group.create("curve_values", std::span<const double>(points));
}

std::vector<Analysis> read_analyses(const Node& root) {
  const std::vector<std::string> there = root.children();
  if (std::find(there.begin(), there.end(), "analyses") == there.end()) return {};
  const Node group = root.open_group("analyses");
  const auto spectra = group.open_array("spectrum").counts();
  std::vector<Analysis> out(spectra.size());
  for (std::size_t k = 0; k < out.size(); ++k) out[k].spectrum = spectra[k];
  for (const TextOf& text : texts) {
    const auto all = group.open_array(text.name).texts();
    need_equal(all.size(), out.size(), "analyses");
    for (std::size_t k = 0; k < out.size(); ++k) out[k].*text.member = all[k];
  }
  const auto counts = [&](const char* name) {
    auto all = group.open_array(name).counts();
    need_equal(all.size(), out.size(), "analyses");
    return all;
  };
  read_settings(group, out, counts("setting_count"));
  read_values(group, out, counts("value_count"));
  read_curves(group, out, counts("curve_count"));
  return out;
}

} // namespace platen::hdf5

#include "import/join_records.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <numeric>
#include <utility>

namespace platen {
namespace {

struct RowAt {
  double time;
  std::uint32_t part, row;
};

/// All rows in order of time.
std::vector<RowAt> order_rows(const std::vector<TestPart>& parts) {
  std::vector<RowAt> out;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    if (parts[p].record.rows() == 0) continue;
    const auto time = parts[p].record.real(col::test_time);
    double latest = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < time.size(); ++i) {
      // A clock that runs backwards within a file keeps its rows in the file's order.
      latest = std::max(latest, time[i] + parts[p].offset);
      out.push_back({latest, static_cast<std::uint32_t>(p), static_cast<std::uint32_t>(i)});
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const RowAt& a, const RowAt& b) { return a.time < b.time; });
  return out;
}

struct ColumnShape {
  std::string name, unit, description;
  bool whole = true;
};

/// The columns of all parts; one name with two units becomes two columns.
std::vector<ColumnShape> union_of_columns(const std::vector<TestPart>& parts) {
  std::vector<ColumnShape> out;
  for (const TestPart& part : parts)
    for (const Column& c : part.record.columns()) {
      const bool whole = std::holds_alternative<std::vector<std::int32_t>>(c.values);
      const auto same = std::find_if(out.begin(), out.end(), [&](const ColumnShape& s) { return s.name == c.name && s.unit == c.unit; });
      if (same == out.end()) out.push_back({c.name, c.unit, c.description, whole});
      else same->whole = same->whole && whole;
    }
  return out;
}

const Column* column_of(const Record& record, const ColumnShape& shape) {
  const Column* c = record.find(shape.name);
  return c != nullptr && c->unit == shape.unit ? c : nullptr;
}

template <class T> std::vector<T> gather(const std::vector<TestPart>& parts, const std::vector<RowAt>& rows, const ColumnShape& shape, T missing) {
  std::vector<const Column*> from;
  for (const TestPart& part : parts) from.push_back(column_of(part.record, shape));
  std::vector<T> out;
  out.reserve(rows.size());
  for (const RowAt& at : rows) {
    const Column* c = from[at.part];
    if (c == nullptr) out.push_back(missing);
    else std::visit([&](const auto& values) { out.push_back(static_cast<T>(values[at.row])); }, c->values);
  }
  return out;
}

class Joiner {
public:
  explicit Joiner(std::vector<TestPart> parts) : parts_(std::move(parts)), rows_(order_rows(parts_)) {
    for (const TestPart& part : parts_)
      for (const Spectrum& s : part.record.spectra)
        if (std::isfinite(s.start)) sweeps_.push_back(s.start + part.offset);
    std::sort(sweeps_.begin(), sweeps_.end());
  }

  Record join() {
    set_columns();
    set_time();
    set_counts();
    for (TestPart& part : parts_) take_rest(part);
    std::stable_sort(out_.spectra.begin(), out_.spectra.end(), [](const Spectrum& a, const Spectrum& b) { return a.start < b.start; });
    std::stable_sort(out_.events.begin(), out_.events.end(), [](const Event& a, const Event& b) { return a.time < b.time; });
    std::vector<std::string> formats;
    for (const TestPart& part : parts_)
      if (std::find(formats.begin(), formats.end(), part.record.provenance.format) == formats.end()) formats.push_back(part.record.provenance.format);
    out_.provenance.origin = parts_.front().record.provenance.origin;
    out_.provenance.format = fmt::format("{} files: {}", parts_.size(), fmt::join(formats, "; "));
    return std::move(out_);
  }

private:
  void set_columns() {
    if (rows_.empty()) return;
    std::vector<std::string> missing;
    for (const ColumnShape& shape : union_of_columns(parts_)) {
      if (shape.name == col::test_time || shape.name == col::step_count) continue;
      const bool everywhere = std::all_of(parts_.begin(), parts_.end(), [&](const TestPart& p) {
        return p.record.rows() == 0 || column_of(p.record, shape) != nullptr;
      });
      if (!everywhere && shape.whole) missing.push_back(fmt::format("`{}`", shape.name));
      Column column{free_name(shape.name), shape.unit, shape.description, {}};
      if (shape.whole) column.values = gather<std::int32_t>(parts_, rows_, shape, 0);
      else column.values = gather<double>(parts_, rows_, shape, std::numeric_limits<double>::quiet_NaN());
      keep_promise(column);
      out_.set(std::move(column));
    }
    if (!missing.empty())
      out_.warnings.push_back({Severity::warning, "D337", fmt::format("0 in the rows of files that do not have them: {}", fmt::join(missing, ", ")), std::nullopt, {}});
  }

  std::string free_name(const std::string& name) const {
    std::string out = name;
    for (int n = 2; out_.has(out); ++n) out = fmt::format("{}_{}", name, n);
    return out;
  }

  /// Capacities that never reset within a file do when the next one begins.
  void keep_promise(Column& column) {
    if (column.name != col::charging_capacity && column.name != col::discharging_capacity && column.name != col::net_capacity) return;
    const auto with_rows = std::count_if(parts_.begin(), parts_.end(), [](const TestPart& p) { return p.record.rows() > 0; });
    if (with_rows > 1) column.name += "_of_file";
  }

  void set_time() {
    if (rows_.empty()) return;
    std::vector<double> time;
    std::vector<std::int32_t> file;
    for (const RowAt& at : rows_) {
      time.push_back(parts_[at.part].record.real(col::test_time)[at.row] + parts_[at.part].offset);
      file.push_back(static_cast<std::int32_t>(at.part) + 1);
    }
    out_.set(col::test_time, std::move(time));
    out_.set(Column{"file", "1", "Which of the files of the test the row is from, from 1 in the order of the sources.", std::move(file)});
  }

  /// Steps run on over the files.
  void set_counts() {
    if (rows_.empty()) return;
    std::vector<std::span<const std::int32_t>> own;
    for (const TestPart& part : parts_)
      own.push_back(part.record.has(col::step_count) ? part.record.integer(col::step_count) : std::span<const std::int32_t>{});
    std::vector<std::int32_t> count(rows_.size(), 1);
    for (std::size_t i = 1; i < rows_.size(); ++i) {
      const RowAt &now = rows_[i], &before = rows_[i - 1];
      const bool other = now.part != before.part;
      const auto& steps = own[now.part];
      const bool swept = sweep_between(before.time, now.time);
      const bool next = swept || (!other && !steps.empty() && steps[now.row] != steps[before.row]);
      count[i] = count[i - 1] + (other || next ? 1 : 0);
    }
    out_.set(col::step_count, std::move(count));
  }

  /// Whether a spectrum was begun between two times.
  bool sweep_between(double from, double to) const {
    const auto after = std::upper_bound(sweeps_.begin(), sweeps_.end(), from);
    return after != sweeps_.end() && *after <= to;
  }

  void take_rest(TestPart& part) {
    Record& r = part.record;
    for (Spectrum& s : r.spectra) {
      s.start += part.offset;
      for (double& t : s.time) t += part.offset;
      out_.spectra.push_back(std::move(s));
    }
    for (Event& e : r.events) {
      e.time += part.offset;
      out_.events.push_back(std::move(e));
    }
    if (r.rows() > 0) out_.events.push_back({r.real(col::test_time)[0] + part.offset, "file", fmt::format("{} begins", part.name)});
    for (const auto& [key, value] : r.metadata) out_.metadata.emplace(key, value); // the first that says it
    for (Diagnostic& d : r.warnings) {
      if (!d.place) d.place = Place{part.name, 0, 0, 1, {}};
      out_.warnings.push_back(std::move(d));
    }
    for (Reject& reject : r.rejects)
      if (out_.rejects.size() < Record::kept_rejects) out_.rejects.push_back(std::move(reject));
    for (Provenance::Source& source : r.provenance.sources) {
      const auto same = [&](const Provenance::Source& s) { return s.path == source.path; };
      if (std::none_of(out_.provenance.sources.begin(), out_.provenance.sources.end(), same)) out_.provenance.sources.push_back(std::move(source));
    }
  }

  std::vector<TestPart> parts_;
  std::vector<RowAt> rows_;
  std::vector<double> sweeps_; ///< when each spectrum was begun
  Record out_;
};

} // namespace

Record join_records(std::vector<TestPart> parts) { return Joiner(std::move(parts)).join(); }

std::vector<std::size_t> runs_in_time(const std::vector<TestPart>& parts) {
  std::vector<RowAt> all = order_rows(parts);
  for (std::size_t p = 0; p < parts.size(); ++p)
    for (std::size_t k = 0; k < parts[p].record.spectra.size(); ++k) {
      const Spectrum& s = parts[p].record.spectra[k];
      for (const double t : s.time) all.push_back({t + parts[p].offset, static_cast<std::uint32_t>(p), static_cast<std::uint32_t>(k)});
    }
  std::erase_if(all, [](const RowAt& at) { return !std::isfinite(at.time); });
  std::stable_sort(all.begin(), all.end(), [](const RowAt& a, const RowAt& b) { return a.time < b.time; });
  std::vector<std::size_t> out(parts.size(), 0);
  for (std::size_t i = 0; i < all.size(); ++i)
    if (i == 0 || all[i].part != all[i - 1].part) ++out[all[i].part];
  return out;
}

} // namespace platen

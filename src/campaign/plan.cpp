#include "campaign/plan.hpp"

#include "base/file.hpp"
#include "campaign/axis.hpp"
#include "campaign/results.hpp"
#include "config/table.hpp"
#include "numerics/designs.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace platen::campaign {
namespace {

using config::Table;

constexpr std::array design_names = std::to_array<std::string_view>({"grid", "list", "latin hypercube", "sobol", "morris", "saltelli"});

/// Any combination of the axes' values, the last axis changing fastest.
class GridPoints : public Points {
public:
  explicit GridPoints(std::vector<Axis> axes) : axes_(std::move(axes)) {
    for (const Axis& axis : axes_) count_ = count_ > most_runs ? count_ : count_ * axis.values.size();
  }
  std::uint64_t count() const override { return count_; }
  void values(std::uint64_t index, std::span<double> out) const override {
    for (std::size_t k = axes_.size(); k-- > 0;) {
      out[k] = axes_[k].values[index % axes_[k].values.size()];
      index /= axes_[k].values.size();
    }
  }

private:
  std::vector<Axis> axes_;
  std::uint64_t count_ = 1;
};

class ListPoints : public Points {
public:
  explicit ListPoints(OverrideTable table) : table_(std::move(table)) {}
  std::uint64_t count() const override { return table_.rows(); }
  void values(std::uint64_t index, std::span<double> out) const override {
    const auto row = table_.row(static_cast<std::size_t>(index));
    std::copy(row.begin(), row.end(), out.begin());
  }

private:
  OverrideTable table_;
};

/// A design of the unit cube, which the axes map to their values.
template <class Design> class CubePoints : public Points {
public:
  CubePoints(Design design, std::vector<Axis> axes, std::uint64_t count) : design_(std::move(design)), axes_(std::move(axes)), count_(count) {}
  std::uint64_t count() const override { return count_; }
  void values(std::uint64_t index, std::span<double> out) const override {
    design_.point(index, out);
    for (std::size_t k = 0; k < axes_.size(); ++k) out[k] = axes_[k].at(out[k]);
  }

private:
  Design design_;
  std::vector<Axis> axes_;
  std::uint64_t count_;
};

template <class Design> std::shared_ptr<const Points> cube(Design design, const std::vector<Axis>& axes, std::uint64_t count) {
  return std::make_shared<CubePoints<Design>>(std::move(design), axes, count);
}

std::shared_ptr<const Points> points_of(const Plan& plan) {
  const std::size_t n = plan.axes.size();
  const std::uint64_t seed = plan.design_seed;
  switch (plan.design) {
  case DesignKind::latin_hypercube: {
    using Pairing = numerics::LatinHypercube::Pairing;
    return cube(numerics::LatinHypercube(plan.runs_stated, n, seed, plan.maximin ? Pairing::maximin : Pairing::plain), plan.axes, plan.runs_stated);
  }
  case DesignKind::sobol: return cube(numerics::SobolSequence(n, seed), plan.axes, plan.runs_stated);
  case DesignKind::morris: {
    numerics::MorrisDesign design(plan.runs_stated, n, seed, plan.levels);
    const std::uint64_t count = design.points();
    return cube(std::move(design), plan.axes, count);
  }
  case DesignKind::saltelli: {
    numerics::SaltelliDesign design(plan.runs_stated, n, seed);
    const std::uint64_t count = design.points();
    return cube(std::move(design), plan.axes, count);
  }
  default: return std::make_shared<GridPoints>(plan.axes);
  }
}

class PlanReader {
public:
  explicit PlanReader(const std::filesystem::path& path) : document_(config::Document::read(path)), root_(document_.root()) { plan_.file = path; }

  Plan read() {
    top();
    replicates();
    plan_.design == DesignKind::list ? list() : axes();
    results();
    try {
      document_.finish();
    } catch (const Error& error) {
      listed_.insert(listed_.begin(), error.diagnostics().begin(), error.diagnostics().end());
    }
    if (!listed_.empty()) throw Error(std::move(listed_));
    if (!plan_.points) plan_.points = points_of(plan_);
    auto sources = document_.sources();
    plan_.sources.insert(plan_.sources.begin(), sources.begin(), sources.end());
    if (plan_.runs() > most_runs) too_many();
    document_.diagnostics().throw_if_errors();
    return std::move(plan_);
  }

private:
  void top() {
    plan_.name = root_.text("name", plan_.file.stem().string()).value();
    plan_.description = root_.text("description", "").value();
    plan_.study = root_.folder("study") / root_.text("study").value();
    const std::string design = root_.choice("design", {design_names.begin(), design_names.end()}, "grid");
    for (std::size_t k = 0; k < design_names.size(); ++k)
      if (design_names[k] == design) plan_.design = static_cast<DesignKind>(k);
    const bool drawn = plan_.design != DesignKind::grid && plan_.design != DesignKind::list;
    constexpr auto most = static_cast<std::int64_t>(most_runs);
    if (drawn) plan_.runs_stated = static_cast<std::uint64_t>(root_.integer("runs", 1, most));
    if (drawn) plan_.design_seed = static_cast<std::uint64_t>(root_.integer("seed", 1, most, 1));
    if (plan_.design == DesignKind::morris) {
      plan_.levels = static_cast<std::uint64_t>(root_.integer("levels", 2, 1000, 4));
      if (plan_.levels % 2 != 0) root_.diagnostics().error("C131", "`levels` must be even", root_.value_place("levels"));
    }
    if (plan_.design == DesignKind::latin_hypercube) pairing();
    for (const char* key : {"runs", "seed"})
      if (!drawn && root_.has(key))
        root_.diagnostics().error("C130", fmt::format("a {} has no `{}`", design, key), root_.key_place(key), {"its values say how many runs there are"});
  }

  void pairing() {
    plan_.maximin = root_.choice("pairing", {"random", "maximin"}, "random") == "maximin";
    if (plan_.maximin && plan_.runs_stated > numerics::LatinHypercube::most_maximin_points)
      root_.diagnostics().error("C131", fmt::format("maximin pairing holds the distances of all points: at most {} runs", numerics::LatinHypercube::most_maximin_points), root_.value_place("pairing"),
                                {"`pairing = \"random\"`, or `design = \"sobol\"`"});
  }

  void replicates() {
    constexpr std::int64_t most = 1'000'000;
    const bool given = root_.has("replicates");
    plan_.replicates = static_cast<std::uint64_t>(root_.integer("replicates", 1, most, 1));
    plan_.first_seed = static_cast<std::uint64_t>(root_.integer("first_seed", 0, static_cast<std::int64_t>(most_runs), 1));
    const std::string seeds = root_.choice("seeds", {"shared", "own"}, "shared");
    if (given) plan_.seeds = seeds == "own" ? Seeds::own : Seeds::shared;
    for (const char* key : {"first_seed", "seeds"})
      if (!given && root_.has(key))
        root_.diagnostics().error("C130", fmt::format("`{}` has no use without `replicates`", key), root_.key_place(key), {"without replicates every run has the study's seed"});
  }

  void list() {
    if (root_.has("axis")) root_.diagnostics().error("C130", "a list has no axes: its table says what is varied", root_.key_place("axis"));
    const config::Text table = root_.text("table");
    if (!table.present()) return;
    const std::filesystem::path path = root_.folder("table") / table.value();
    try {
      const std::string text = read_file(path);
      OverrideTable read = parse_overrides(text, path.string());
      for (const OverrideColumn& column : read.columns) {
        Axis axis;
        axis.column = column;
        plan_.axes.push_back(std::move(axis));
      }
      plan_.points = std::make_shared<ListPoints>(std::move(read));
      plan_.sources.emplace_back(path.string(), text);
    } catch (const Error& error) {
      listed_.insert(listed_.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
  }

  void axes() {
    if (root_.has("table")) root_.diagnostics().error("C130", "only a list reads a `table`", root_.key_place("table"), {"write `design = \"list\"`"});
    for (const Table& table : root_.tables("axis")) {
      auto axis = read_axis(table, plan_.design);
      if (!axis) continue;
      const bool twice = std::any_of(plan_.axes.begin(), plan_.axes.end(), [&](const Axis& other) { return other.column.key == axis->column.key; });
      if (twice) root_.diagnostics().error("C124", fmt::format("two axes vary `{}`", axis->column.key), axis->column.place);
      if (axis->column.key == "seed" && plan_.seeds != Seeds::of_study)
        root_.diagnostics().error("C130", "the seed is varied by an axis and by `replicates`", axis->column.place, {"leave one of them out"});
      plan_.axes.push_back(std::move(*axis));
    }
    const bool drawn = plan_.design != DesignKind::grid;
    if (drawn && !root_.has("axis"))
      root_.diagnostics().error("C130", fmt::format("a {} needs an axis", label(plan_.design)), root_.place(), {"add `[[axis]]` with a `key`, `from` and `to`"});
    const std::size_t most = plan_.design == DesignKind::saltelli ? numerics::SaltelliDesign::most_factors
                             : drawn                              ? numerics::SobolSequence::most_dimensions
                                                                  : 64;
    if (plan_.axes.size() > most)
      root_.diagnostics().error("C130", fmt::format("{} axes, and a {} has at most {}", plan_.axes.size(), label(plan_.design), most), root_.key_place("axis"));
  }

  void too_many() {
    root_.diagnostics().error("C130", fmt::format("more than {} runs", most_runs), root_.place(), {"fewer values, runs or replicates; or several campaigns"});
  }

  void results() {
    if (!root_.has("results")) {
      plan_.results = default_results();
      plan_.result_places.assign(plan_.results.size(), root_.place());
      return;
    }
    for (const config::Text& text : root_.texts("results")) {
      if (std::find(plan_.results.begin(), plan_.results.end(), text.value()) != plan_.results.end())
        root_.diagnostics().error("C132", fmt::format("the result `{}` is asked for twice", text.value()), text.place());
      else if (!is_result(text.value()))
        root_.diagnostics().error("C132", fmt::format("there is no result `{}`", text.value()), text.place(), result_hints(text.value()));
      plan_.results.push_back(text.value());
      plan_.result_places.push_back(text.place());
    }
    if (plan_.results.empty()) root_.diagnostics().error("C132", "nothing is asked of the runs", root_.value_place("results"), {"for example `results = [\"ccd\"]`"});
  }

  config::Document document_;
  Table root_;
  Plan plan_;
  std::vector<Diagnostic> listed_; ///< faults of the list
};

} // namespace

std::string_view label(DesignKind kind) { return design_names[static_cast<std::size_t>(kind)]; }

std::vector<OverrideColumn> Plan::columns() const {
  std::vector<OverrideColumn> out;
  for (const Axis& axis : axes) out.push_back(axis.column);
  return out;
}

Plan read_plan(const std::filesystem::path& path) { return PlanReader(path).read(); }

} // namespace platen::campaign

#pragma once
// A campaign file: one study, what is varied in it, by which design, and what is asked of every run. Format: docs/formats/campaign.md.

#include "study/variants.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::campaign {

enum class DesignKind { grid, list, latin_hypercube, sobol, morris, saltelli };
/// As `design` in the file: "grid", "latin hypercube" ...
std::string_view label(DesignKind kind);

/// How a point of the unit interval becomes a value of an axis.
enum class Distribution { values, uniform, log_uniform, normal, log_normal };

/// One thing that is varied. Numbers are in the column's unit, words are indices into its words.
struct Axis {
  OverrideColumn column;
  Distribution distribution = Distribution::values;
  std::vector<double> values;   ///< of Distribution::values, and of every axis of a grid
  double low = 0.0, high = 0.0; ///< ends, or where a distribution is cut off
  double centre = 0.0, sigma = 0.0; ///< mean or median, standard deviation of the value or of its natural logarithm
  bool whole = false;           ///< only whole numbers

  /// The value at `x` in (0, 1): the quantile.
  double at(double x) const;
};

/// Points by their number, without the others.
class Points {
public:
  virtual ~Points() = default;
  virtual std::uint64_t count() const = 0;
  /// The values of point `index`, one per axis.
  virtual void values(std::uint64_t index, std::span<double> out) const = 0;
};

enum class Seeds { of_study, shared, own };

struct Plan {
  std::string name, description;
  std::filesystem::path file, study;
  DesignKind design = DesignKind::grid;
  std::uint64_t runs_stated = 0; ///< `runs` of the file: points, trajectories or rows
  std::uint64_t levels = 4;      ///< of Morris's design
  bool maximin = false;          ///< of a Latin hypercube: points pushed apart
  std::uint64_t design_seed = 1;
  std::vector<Axis> axes;        ///< of a list: its columns, with no values of their own
  std::uint64_t replicates = 1;
  std::uint64_t first_seed = 1;
  Seeds seeds = Seeds::of_study;
  std::vector<std::string> results;
  std::shared_ptr<const Points> points;
  std::vector<std::pair<std::string, std::string>> sources; ///< the campaign file, what it extends, the list: path and text
  std::vector<Place> result_places;                         ///< where each result is asked for

  std::uint64_t runs() const { return points->count() * replicates; }
  std::vector<OverrideColumn> columns() const;
};

/// More runs than any journal of this format is meant for.
inline constexpr std::uint64_t most_runs = 1'000'000'000;

/// @throws Error with every fault of the file (C001 to C012, C120 to C126, C130 to C134); D001.
Plan read_plan(const std::filesystem::path& path);

} // namespace platen::campaign

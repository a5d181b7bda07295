#pragma once
// Counterparts of the figures of Ham et al. (2022): what the paper says of each, over what the given cells did.

#include "report/svg_plot.hpp"
#include "report/report.hpp"
#include "targets/cells.hpp"
#include "targets/marks.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace platen::report {

/// The given cells by what the paper calls them; nullptr where none was given.
class PaperCells {
public:
  explicit PaperCells(const std::vector<Page>& pages);
  /// Symmetric cell after a contact hold of `minutes` at 25 MPa and room temperature.
  const Page* held(double minutes) const;
  std::vector<const Page*> held() const; ///< all of these, in the order given
  /// A cell or an empty fixture set to 25 MPa at `celsius`.
  const Page* pressed(Configuration configuration, double celsius) const;
  /// Full cell; loading in mg/cm2, stack pressure in MPa.
  const Page* full(std::string_view fixture, double loading, double pressure = 5.0,
                   targets::Test test = targets::Test::ramp) const;

private:
  const Page* page_of(const JudgedCell* cell) const;
  const std::vector<Page>& pages_;
  std::vector<JudgedCell> cells_;
};

/// How marks of one series are drawn, and where their places ("start") lie on the x axis.
struct MarkStyle {
  std::string name = {}; ///< of the series, in the legend; empty where there is one
  Ink ink = Ink::ink;
  Shape shape = Shape::diamond;
  double x_factor = 1.0; ///< the mark's unit of x to the axis's
  double aside = 0.0;    ///< shift along x, so that equal points of two series are both seen
  double start = 0.0, first_charge = 0.0, end = 0.0;
};

/// The paper's numbers of one figure.
class PaperMarks {
public:
  PaperMarks(std::string_view figure, const std::vector<TargetResult>& targets);
  /// Adds points, ranges, levels and accepted bands of the marks of `series` whose y is in the panel's unit, with their keys.
  void draw(Panel& panel, std::string_view series, const MarkStyle& style) const;
  /// Upright lines for marks that have no y, each with `label` and its number.
  void draw_upright(Figure& figure, std::string_view series, std::string_view label, Ink ink) const;
  /// The marks of one series.
  std::vector<const PublishedMark*> of(std::string_view series) const;

private:
  void point(Panel& panel, const PublishedMark& mark, double x, const MarkStyle& style) const;
  void accepted(Panel& panel, const PublishedMark& mark, double x) const;

  std::vector<PublishedMark> marks_;
  const std::vector<TargetResult>& targets_;
};

using Targets = std::vector<TargetResult>;

// Each picture is one <svg>, empty when no cell was given that it speaks of.
std::string paper_hold(const PaperCells& cells, const Targets& targets);                     ///< 1b
std::string paper_pressed(const PaperCells& cells, const Targets& targets, bool warm);       ///< 1c, 1d
std::string paper_ramps(const PaperCells& cells, const Targets& targets);                    ///< 2a
std::string paper_ccd_of_hold(const PaperCells& cells, const Targets& targets);              ///< 2b
/// One loading of 3b; `all` are the loadings that share its axes.
std::string paper_loading(const PaperCells& cells, const Targets& targets, double loading, const std::vector<double>& all);
std::string paper_swings(const PaperCells& cells, const Targets& targets);                   ///< 3c
std::string paper_ccd_of_loading(const PaperCells& cells, const Targets& targets);           ///< 3d
std::string paper_fixture(const PaperCells& cells, const Targets& targets, std::string_view fixture); ///< 4c and e, 4d and f
std::string paper_ccd_of_pressure(const PaperCells& cells, const Targets& targets);          ///< 5
std::string paper_life(const PaperCells& cells, const Targets& targets);                     ///< S6

} // namespace platen::report

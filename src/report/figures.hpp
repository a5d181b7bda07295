#pragma once
// The figures of the pages, each one <svg>; empty when the record does not hold what the figure shows.

#include "report/report.hpp"
#include "report/svg_plot.hpp"

#include <optional>
#include <string>
#include <vector>

namespace platen::report {

/// A stretch of a test, in test time (s). With `zero` the axis counts from there ("time from the short").
struct Window {
  double from = 0.0, to = 0.0;
  std::optional<double> zero;
};

/// The whole test; empty when there are fewer than two rows with a time.
std::optional<Window> whole_test(const Record& record);
/// From the first half cycle to the last; empty when there is none, or when a figure of the whole test shows it as well:
/// it is most of the test, and no contact hold flattens the pressure.
std::optional<Window> while_current_flows(const Page& page);
/// The half cycle of the short with its neighbours; empty without a short, or when that is most of the test anyway.
std::optional<Window> around_short(const Page& page);

/// Current density (current when the area is not known), voltage, stack pressure and, where it varies, temperature over
/// one time axis. Every second half cycle is shaded, events are ticks, the short is a line with its name.
std::string test_figure(const Page& page, const Window& window, const std::string& id);

/// States of a simulated cell: contact, voids, flaws, filaments, interphase, and the overpotentials against those that
/// open a flaw.
std::string states_figure(const Page& page, const Window& window, const std::string& id);

/// Test time (s) in the units of the axis of a figure of that stretch.
ToPixel time_axis(const Window& window);
/// A figure over test time without panels; the short is marked in it.
Figure time_figure(const Page& page, const Window& window, const std::string& id, std::string title);

// Where things go in a simulated cell; empty without the columns of that kind.
std::string current_parts_figure(const Page& page, const Window& window, const std::string& id); ///< ions, filaments, leakage; where lithium touches
std::string voltage_parts_figure(const Page& page, const Window& window, const std::string& id);
std::string pressure_parts_figure(const Page& page, const Window& window, const std::string& id);
std::string limit_figure(const Page& page, const Window& window, const std::string& id); ///< which law limits

/// What each small test said of each half cycle: one strip per test that was made, a bar as high as its figure in units of its
/// threshold (from the side of a healthy cell), at most two; those that fired are orange. The window of the onset is shaded.
std::string evidence_figure(const Page& page, const Window& window, const std::string& id);
/// Small tests that no half cycle of the record could be asked: they have no strip.
std::vector<std::string> tests_not_made(const Assessment& assessment);

/// Area-specific resistance of each step of the ramp against its current density, with the ionic floor.
std::string asr_figure(const Assessment& assessment, const std::string& id);

/// Resistance in every half cycle, marked by its verdict.
std::string half_cycle_figure(const Page& page, const std::string& id);

class PaperMarks;
/// CCD of each cell against its contact hold (log axis) as interval bars, over what the paper says of its Figure 2b when
/// `paper` is given.
std::string ccd_figure(const std::vector<const Page*>& pages, const PaperMarks* paper, const std::string& id);

Ink verdict_ink(Verdict verdict);

} // namespace platen::report

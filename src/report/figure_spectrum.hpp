#pragma once
// What the figures of spectra share.

#include "report/impedance.hpp"
#include "report/svg_plot.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace platen::report {

inline constexpr double frame_width = 762.0; ///< of Figure::width 860, without its margins

/// An empty figure: a file of its own called `name` when `id` is empty, else part of a page.
Figure figure_of(const SpectrumData& data, const std::string& id, const char* name, std::string_view title);

/// Points by rising frequency.
std::vector<std::size_t> order_of(const SpectrumData& data);
/// The points that lie nearest to whole powers of ten.
std::vector<std::size_t> decade_points(const SpectrumData& data);
std::string frequency_label(double frequency); ///< "1 kHz"
/// Frequency and impedance of a point in words.
std::string tip(const SpectrumData& data, std::size_t point);

} // namespace platen::report

#pragma once
// Figures of the judge's measurement, each one <svg>.

#include "report/corpus.hpp"
#include "report/svg_plot.hpp"

namespace platen::report {

std::string score_figure(const referee::Summary& summary);                   ///< found and false alarms against the decisive score
std::string operating_figure(const std::vector<referee::Summary>& summaries); ///< found against false alarms
std::string severity_figure(const std::vector<referee::Summary>& summaries);
std::string duration_figure(const std::vector<referee::Summary>& summaries);
std::string onset_figure(const Measurement& measurement);

} // namespace platen::report

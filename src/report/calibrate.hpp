#pragma once
// A calibration in words, as JSON and as a page.

#include "calibrate/calibrate.hpp"
#include "calibrate/set_file.hpp"

#include <string>
#include <string_view>

namespace platen::report {

std::string text_calibration(const calibrate::Calibration& calibration); ///< tables for a terminal
std::string json_calibration(const calibrate::Calibration& calibration, const calibrate::Inputs& inputs, std::string_view program); ///< platen.calibrate/1
std::string html_calibration(const calibrate::Calibration& calibration, const calibrate::Inputs& inputs, std::string_view program);

/// A number's value in the unit people read, without and with the unit.
std::string shown_number(const calibrate::Number& number, double si, int digits = 4);
std::string shown_quantity(const calibrate::Number& number, double si, int digits = 4);
/// "0.31 - 0.45", "> 2", "< 3", "open".
std::string shown_interval(const calibrate::Number& number, const calibrate::Knowledge& knowledge);

// Figures, each one <svg>; empty where there is nothing to draw.
/// What was measured and what the fit says of one series, with its bands, over the residuals in deviations.
std::string fit_figure(const calibrate::Calibration& calibration, std::size_t series, const std::string& id);
/// One number's profile, with 95 % and the value.
std::string profile_figure(const calibrate::Calibration& calibration, std::size_t profile, const std::string& id);
/// CCDs and lives as seen, and what the fit says with its bands.
std::string events_figure(const calibrate::Calibration& calibration, calibrate::Observed observed, const std::string& id);
/// Correlations of the numbers of the laws as shaded squares.
std::string correlation_figure(const calibrate::Calibration& calibration, const std::string& id);
/// Draws of the posterior of one number as a histogram, its prior beside it.
std::string posterior_figure(const calibrate::Calibration& calibration, std::size_t number, const std::string& id);

} // namespace platen::report

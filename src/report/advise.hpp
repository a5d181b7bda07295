#pragma once
// Advice in words, as JSON and as a page.

#include "advise/advise.hpp"

#include <string>
#include <string_view>

namespace platen::report {

std::string text_advice(const advise::Advice& advice); ///< tables and sentences for a terminal
std::string json_advice(const advise::Advice& advice); ///< platen.advise/1
/// A page of its own. `program` made it.
std::string html_advice(const advise::Advice& advice, std::string_view program);

// Pieces that text and page share.
std::string goal_in_words(const advise::Advice& advice);    ///< "carries 1.2 mA/cm2"
std::string what_to_do(const advise::Advice& advice);       ///< the answer, in sentences
std::string springs_in_words(const advise::Advice& advice); ///< the same about springs

// Figures, each one <svg>; empty without what they show.
/// Probability against hold time, one curve per hold pressure.
std::string hold_figure(const advise::Advice& advice, const std::string& id);
/// Probability of every candidate with what is not known, in the order of the list.
std::string candidates_figure(const advise::Advice& advice, const std::string& id);
/// Stack pressure that the springs leave: lowest to highest of each choice that will do, beside the fixed gap.
std::string springs_figure(const advise::Advice& advice, const std::string& id);

} // namespace platen::report

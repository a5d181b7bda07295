#pragma once
// Names by which code asks for one of the small tests: what a test is called is what it is known by, in files as well.

#include <string_view>

namespace platen::assessing {

inline constexpr std::string_view voltage_drop_name = "voltage drop at constant current"; ///< by whose falls others are dated
inline constexpr std::string_view course_leak_name = "leak in the course of the resistance";

} // namespace platen::assessing

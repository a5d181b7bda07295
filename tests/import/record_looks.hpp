#pragma once
// Short looks at a record, for the tests of the readers.

#include "record/record.hpp"

#include <string>
#include <vector>

namespace platen {

/// The code of the error that an action throws.
inline std::string thrown_code(const auto& action) {
  try {
    action();
  } catch (const Error& e) {
    return e.diagnostics().front().code;
  }
  return "nothing thrown";
}

/// The codes of the warnings.
inline std::vector<std::string> codes(const Record& record) {
  std::vector<std::string> out;
  for (const Diagnostic& d : record.warnings) out.push_back(d.code);
  return out;
}

inline std::vector<double> real(const Record& record, std::string_view name) {
  const std::span<const double> values = record.real(name);
  return {values.begin(), values.end()};
}

inline std::vector<std::int32_t> integer(const Record& record, std::string_view name) {
  const std::span<const std::int32_t> values = record.integer(name);
  return {values.begin(), values.end()};
}

} // namespace platen

#pragma once
// Small tests by name, and which of them are not to be made: what a test contributes is measured by leaving it out.

#include "assess/assessment.hpp"

namespace platen::assessing {

class Switches {
public:
  Switches() = default;
  /// @throws Error D105 when a name is that of no test.
  explicit Switches(const std::vector<std::string>& without);
  bool off(std::string_view name) const;
  /// The evidence as it is, or as a test that was not made.
  Evidence apply(Evidence evidence) const;

private:
  std::vector<std::string> without_;
};

} // namespace platen::assessing

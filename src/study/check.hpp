#pragma once
// Does the test fit the cell and the fixture?

#include "study/study.hpp"

namespace platen {

/// Refuses sentences that need what the cell or the fixture lacks (C057 to C066), with their places.
void check_test(const Study& study, Diagnostics& diagnostics);

} // namespace platen

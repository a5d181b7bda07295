#pragma once
// Advice to the system about memory.

#include <cstddef>

namespace platen {

/// Asks that `bytes` from `at` on, which were allocated but not written yet, lie in large pages: a column of millions of rows is
/// then written at the speed of memory and not of page faults. Changes no content; does nothing where it is not possible.
void prefer_large_pages(void* at, std::size_t bytes) noexcept;

} // namespace platen

#pragma once
// Advice to the system about memory.

#include <cstddef>

namespace platen {

/// Asks that `bytes` from `at` on, which were allocated but not written yet, lie in large pages: a column of millions of rows is
/// then written at the speed of memory and not of page faults. Changes no content; does nothing where it is not possible.
void prefer_large_pages(void* at, std::size_t bytes) noexcept;

/// From here on the process keeps the memory that it frees, for the next record: a record of 30,000 rows is 10 MB, and fresh pages
/// cost more than the numbers written into them. For programs that make one record after the other; does nothing where it is
/// not possible. The largest amount held stays what it was.
void keep_freed_memory() noexcept;

} // namespace platen

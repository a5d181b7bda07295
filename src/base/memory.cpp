#include "base/memory.hpp"

#include <climits>
#include <cstdint>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

namespace platen {

void prefer_large_pages(void* at, std::size_t bytes) noexcept {
#ifdef MADV_HUGEPAGE
  const long size = sysconf(_SC_PAGESIZE);
  if (size <= 0) return;
  const auto page = static_cast<std::uintptr_t>(size), first = reinterpret_cast<std::uintptr_t>(at);
  const std::uintptr_t begin = (first + page - 1) / page * page, end = (first + bytes) / page * page;
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#else
  (void)at;
  (void)bytes;
#endif
}

void keep_freed_memory() noexcept {
#ifdef __GLIBC__
  mallopt(M_MMAP_MAX, 0);            // large blocks come from the heap, too
  mallopt(M_TRIM_THRESHOLD, INT_MAX); // which is not given back
#endif
}

} // namespace platen

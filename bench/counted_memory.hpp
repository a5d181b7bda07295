#pragma once
// Counts every allocation of a benchmark, so that the peak is the peak and not what the system rounds it to. Include it in the
// one .cpp file of a program: it replaces the global operator new.

#include "base/memory.hpp"
#include "record/record.hpp"

#include <atomic>
#include <cstdlib>
#include <malloc.h>
#include <new>

namespace platen::bench {

inline std::atomic<std::size_t> held{0}, highest{0}, start{0};

inline void* counted(std::size_t size) {
  void* out = std::malloc(size);
  if (out == nullptr) throw std::bad_alloc();
  const std::size_t now = held += malloc_usable_size(out);
  if (now > highest) highest = now;
  return out;
}

inline void release(void* memory) noexcept {
  if (memory == nullptr) return;
  held -= malloc_usable_size(memory);
  std::free(memory);
}

/// From here on `peak` counts what is held beyond the present.
inline void restart_peak() { highest = start = held.load(); }
inline std::size_t peak() { return highest - start; }

inline std::size_t column_bytes(const Record& record) {
  std::size_t bytes = 0;
  for (const Column& column : record.columns())
    bytes += std::visit([](const auto& v) { return v.size() * sizeof v[0]; }, column.values);
  return bytes;
}

/// As the program does.
inline const bool keeps_memory = (keep_freed_memory(), true);

} // namespace platen::bench

void* operator new(std::size_t size) { return platen::bench::counted(size); }
void* operator new[](std::size_t size) { return platen::bench::counted(size); }
void operator delete(void* memory) noexcept { platen::bench::release(memory); }
void operator delete[](void* memory) noexcept { platen::bench::release(memory); }
void operator delete(void* memory, std::size_t) noexcept { platen::bench::release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { platen::bench::release(memory); }

#pragma once
// Little-endian numbers at any address, without misaligned reads. Bounds are the caller's to check.

#include <bit>
#include <cstdint>
#include <cstring>

namespace platen {

static_assert(std::endian::native == std::endian::little, "the readers of binary formats copy little-endian numbers");

template <class T> T load(const char* at) noexcept {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

} // namespace platen

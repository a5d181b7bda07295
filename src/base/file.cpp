#include "base/file.hpp"

#include "base/error.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <unistd.h>

namespace platen {
namespace {

struct Close {
  void operator()(std::FILE* f) const noexcept { std::fclose(f); }
};
using File = std::unique_ptr<std::FILE, Close>;

std::filesystem::path temporary_beside(const std::filesystem::path& path) {
  static std::atomic<unsigned> serial{0};
  std::filesystem::path out = path;
  out += fmt::format(".part-{}-{}", ::getpid(), serial++);
  return out;
}

Error cannot_write(const std::filesystem::path& path, std::string_view reason) {
  return Error("D002", fmt::format("cannot write `{}`: {}", path.string(), reason), std::nullopt,
               {"check that the folder exists, is writable and has space left"});
}

} // namespace

std::string read_file(const std::filesystem::path& path) {
  std::error_code fault;
  if (std::filesystem::is_directory(path, fault))
    throw Error("D001", fmt::format("`{}` is a folder; a file was expected", path.string()));
  const File file(std::fopen(path.c_str(), "rb"));
  if (!file) throw Error("D001", fmt::format("cannot open `{}`: {}", path.string(), std::strerror(errno)));
  std::string bytes;
  const auto size = std::filesystem::file_size(path, fault);
  if (!fault) bytes.reserve(size);
  std::array<char, 1 << 16> block{};
  while (const std::size_t got = std::fread(block.data(), 1, block.size(), file.get())) bytes.append(block.data(), got);
  if (std::ferror(file.get())) throw Error("D001", fmt::format("cannot read `{}`: {}", path.string(), std::strerror(errno)));
  return bytes;
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  write_aside(path, [&](const std::filesystem::path& aside) {
    File file(std::fopen(aside.c_str(), "wb"));
    if (!file) throw cannot_write(path, std::strerror(errno));
    const bool whole = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
    const bool flushed = whole && std::fflush(file.get()) == 0 && ::fsync(::fileno(file.get())) == 0;
    if (!flushed) throw cannot_write(path, std::strerror(errno));
  });
}

void write_aside(const std::filesystem::path& path, const std::function<void(const std::filesystem::path&)>& write) {
  const std::filesystem::path aside = temporary_beside(path);
  std::error_code fault;
  try {
    write(aside);
    std::filesystem::rename(aside, path);
  } catch (const std::filesystem::filesystem_error& e) {
    std::filesystem::remove(aside, fault);
    throw cannot_write(path, e.code().message());
  } catch (...) {
    std::filesystem::remove(aside, fault);
    throw;
  }
}

// FIPS 180-4. Written here because the alternatives are a TLS library as a dependency for thirty lines.
std::string sha256(std::string_view bytes) {
  static constexpr std::array<std::uint32_t, 64> k = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
      0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
      0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
      0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
      0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
      0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
      0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
  std::array<std::uint32_t, 8> h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  const auto block = [&](const unsigned char* p) {
    std::array<std::uint32_t, 64> w{};
    for (std::size_t i = 0; i < 16; ++i)
      w[i] = static_cast<std::uint32_t>(p[4 * i]) << 24 | static_cast<std::uint32_t>(p[4 * i + 1]) << 16 |
             static_cast<std::uint32_t>(p[4 * i + 2]) << 8 | p[4 * i + 3];
    for (std::size_t i = 16; i < 64; ++i) {
      const std::uint32_t s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
      const std::uint32_t s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    auto v = h;
    for (std::size_t i = 0; i < 64; ++i) {
      const std::uint32_t s1 = std::rotr(v[4], 6) ^ std::rotr(v[4], 11) ^ std::rotr(v[4], 25);
      const std::uint32_t t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
      const std::uint32_t s0 = std::rotr(v[0], 2) ^ std::rotr(v[0], 13) ^ std::rotr(v[0], 22);
      const std::uint32_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
      v = {t1 + t2, v[0], v[1], v[2], v[3] + t1, v[4], v[5], v[6]};
    }
    for (std::size_t i = 0; i < 8; ++i) h[i] += v[i];
  };
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t left = bytes.size();
  for (; left >= 64; left -= 64, data += 64) block(data);
  std::array<unsigned char, 128> tail{};
  std::copy(data, data + left, tail.begin());
  tail[left] = 0x80;
  const std::size_t padded = left < 56 ? 64 : 128;
  const std::uint64_t bits = static_cast<std::uint64_t>(bytes.size()) * 8;
  for (std::size_t i = 0; i < 8; ++i) tail[padded - 1 - i] = static_cast<unsigned char>(bits >> (8 * i));
  block(tail.data());
  if (padded == 128) block(tail.data() + 64);
  std::string out;
  for (const std::uint32_t word : h) out += fmt::format("{:08x}", word);
  return out;
}

} // namespace platen

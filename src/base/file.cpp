#include "base/file.hpp"

#include "base/error.hpp"
#include "base/memory.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <openssl/evp.h>
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
  if (!fault) {
    bytes.reserve(size);
    prefer_large_pages(bytes.data(), size);
  }
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

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw Error("B007", "the checksum of a file could not be computed");
  std::string out;
  for (const unsigned char byte : digest) out += fmt::format("{:02x}", byte);
  return out;
}

} // namespace platen

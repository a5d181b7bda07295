#pragma once
// The codes by which EC-Lab names the columns of its binary files.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace platen::biologic {

/// How a value is stored. A `flag` is some bits of the one byte that all flags of a row share.
enum class Raw : std::uint8_t { flag, u8, u16, u32, f32, f64 };

constexpr std::size_t size_of(Raw raw) noexcept {
  switch (raw) {
  case Raw::u16:
    return 2;
  case Raw::u32:
  case Raw::f32:
    return 4;
  case Raw::f64:
    return 8;
  default:
    return 1;
  }
}

/// What is known of a code.
struct ColumnCode {
  std::uint16_t code = 0;
  std::string heading; ///< as in EC-Lab's text export, "Ewe/V", UTF-8
  Raw raw = Raw::f32;
  bool seen = false;   ///< name and type were found in files; else the name is the vendor's and the type a guess
};

/// Empty: the code is not known.
std::optional<ColumnCode> find_code(std::uint16_t code);

/// What else some versions store under a code, with eight bytes. Empty: nothing known.
std::optional<ColumnCode> find_wide_code(std::uint16_t code);

/// The bits of a flag within the byte of flags.
struct FlagBits {
  const char* name; ///< "mode", "ox_red"
  std::uint8_t mask;
  const char* description;
};
/// nullptr: the code is no flag.
const FlagBits* find_flag(std::uint16_t code);

} // namespace platen::biologic

#pragma once
// Small things that every reader of text needs.

#include <string_view>

namespace platen {

/// `s` without the spaces and tabs at its ends.
inline std::string_view trim(std::string_view s) noexcept {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

} // namespace platen

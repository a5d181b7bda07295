#pragma once
// What long work has done so far, to be found again after an interruption.

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen::calibrate {

/// Rows of numbers by key, kept by the caller; both empty: nothing is kept. Called from several threads.
struct Kept {
  std::function<std::optional<std::vector<double>>(const std::string& key)> find;
  std::function<void(const std::string& key, std::span<const double> numbers)> keep;

  /// What was kept under `key`, if it has so many numbers; else what `make` returns, kept.
  template <class Make> std::vector<double> made(const std::string& key, std::size_t count, const Make& make) const {
    if (find) {
      std::optional<std::vector<double>> found = find(key);
      if (found && found->size() == count) return *found;
    }
    std::vector<double> numbers = make();
    if (keep) keep(key, numbers);
    return numbers;
  }
};

} // namespace platen::calibrate

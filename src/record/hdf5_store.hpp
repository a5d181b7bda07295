#pragma once
// HDF5 behind a small face: groups, one-dimensional arrays, texts. No type of the library leaves hdf5_store.cpp.

#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace platen::hdf5 {

/// The library refused; what() has its own words.
class Fault : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A group or an array of an open file; the file stays open while one of its nodes lives. Texts are UTF-8 and end at
/// the first NUL byte. Every function @throws Fault.
class Node {
public:
  Node() = default;
  Node(Node&& other) noexcept;
  Node& operator=(Node&& other) noexcept;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  ~Node();

  Node create_group(const std::string& name) const;
  /// Arrays in chunks, deflated; empty ones too. @returns the array, to hang attributes on.
  Node create(const std::string& name, std::span<const double> values) const;
  Node create(const std::string& name, std::span<const std::int32_t> values) const;
  Node create(const std::string& name, std::span<const std::uint64_t> values) const;
  Node create(const std::string& name, std::span<const std::string> values) const;
  void set_attribute(const std::string& name, const std::string& value) const;
  void set_attribute(const std::string& name, std::uint64_t value) const;
  /// Everything created so far is on disk afterwards; closing a node cannot report a full disk.
  void flush() const;

  Node open_group(const std::string& name) const;
  Node open_array(const std::string& name) const;
  /// Names of what a group holds, by name.
  std::vector<std::string> children() const;
  /// Whether an array holds whole numbers.
  bool is_integer() const;
  std::vector<double> doubles() const;
  std::vector<std::int32_t> integers() const;
  std::vector<std::uint64_t> counts() const;
  std::vector<std::string> texts() const;
  std::string text_attribute(const std::string& name) const;
  std::uint64_t count_attribute(const std::string& name) const;

private:
  friend Node create_file(const std::filesystem::path& path, std::size_t reserved);
  friend Node open_file(const std::filesystem::path& path);
  explicit Node(std::int64_t id) : id_(id) {}
  std::int64_t id_ = -1;
};

/// The root group of a new file whose first `reserved` bytes (a power of two, at least 512) the library leaves alone.
Node create_file(const std::filesystem::path& path, std::size_t reserved);
Node open_file(const std::filesystem::path& path);

} // namespace platen::hdf5

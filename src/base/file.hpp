#pragma once
// Whole files in and out. Writing goes aside and is renamed, so that nothing half-written is ever left behind.

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace platen {

/// The bytes of a file. @throws Error D001 when it cannot be opened or read (with the system's reason).
std::string read_file(const std::filesystem::path& path);

/// Writes `bytes` to a temporary neighbour of `path` and renames it into place.
/// @throws Error D002 when the folder is missing or not writable; nothing is left behind.
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// Calls `write` with a temporary path beside `path` and renames the result into place; removes it if `write` throws.
/// For writers (HDF5) that need a path of their own. @throws Error D002; whatever `write` throws.
void write_aside(const std::filesystem::path& path, const std::function<void(const std::filesystem::path&)>& write);

/// SHA-256 of `bytes` as 64 hexadecimal digits: the checksum kept in a record's provenance.
std::string sha256(std::string_view bytes);

} // namespace platen

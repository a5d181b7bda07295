#pragma once
// What a long run has done so far, in a file that only grows: killed at any instant, it keeps every record but one that was being
// written. A record is a line: eight hexadecimal digits (CRC-32 of the text), a blank, the text. Format: docs/formats/campaign.md.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace platen::work {

/// CRC-32 as in ISO 3309 (reflected, polynomial 0xEDB88320).
std::uint32_t crc32(std::string_view bytes) noexcept;

/// The text of a journal's line without its end. @returns false when the checksum is not that of the text.
bool journal_record(std::string_view line, std::string_view& text);

/// Reads a journal from its beginning, record by record, holding one piece of the file at a time.
class JournalReader {
public:
  /// @throws Error D001 (unreadable), D520 (no journal).
  explicit JournalReader(const std::filesystem::path& path);
  ~JournalReader();
  JournalReader(const JournalReader&) = delete;
  JournalReader& operator=(const JournalReader&) = delete;

  /// Who wrote it: the text of the first record behind the name of the format. Empty where not even that was written whole.
  const std::string& head() const noexcept { return head_; }
  /// The next record; valid until the next call. A last line without its end is none: it was being written.
  /// @returns false behind the last one. @throws Error D521 when a record is damaged (its byte is named).
  bool next(std::string_view& text);
  /// Where the record just read begins, in bytes.
  std::uint64_t offset() const noexcept { return offset_; }
  /// Where the next one will begin: the length of what is sound.
  std::uint64_t sound() const noexcept { return next_; }
  /// The record that begins at `offset`. Moves nothing. @throws Error D521.
  std::string at(std::uint64_t offset) const;

private:
  bool line(std::string_view& text);
  bool fill();
  [[noreturn]] void damaged(std::uint64_t offset) const;

  std::filesystem::path path_;
  int file_ = -1;
  std::string head_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0; ///< what is read and not yet used
  std::uint64_t offset_ = 0, next_ = 0;
};

/// Appends to a journal. One writer at a time; threads may share it.
class JournalWriter {
public:
  /// Begins a journal of `head`, a line that says whose it is, or goes on with the one at `path`, which must have the same head.
  /// What follows the last sound record is cut off.
  /// @throws Error D002 (cannot be written), D520, D521; D522 when its head is another; D523 when another process writes it.
  JournalWriter(const std::filesystem::path& path, std::string_view head);
  ~JournalWriter();
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  /// `text` holds no line end. In the system's hands on return: killing the process loses nothing any more.
  /// @throws Error D002 (disk full); nothing can be appended afterwards.
  void append(std::string_view text);
  /// On the disk on return, as far as the system can tell: now a power failure loses nothing either. @throws Error D002.
  void sync();

private:
  void write(std::string_view line);

  std::filesystem::path path_;
  int file_ = -1;
  bool failed_ = false;
  std::mutex mutex_;
};

} // namespace platen::work

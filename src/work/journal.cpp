#include "work/journal.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

namespace platen::work {
namespace {

constexpr std::string_view magic = "platen-journal 1 ";
constexpr std::size_t digits = 8, prefix = digits + 1; ///< checksum and blank before a record's text
constexpr std::size_t piece = 1U << 16U;               ///< bytes read at a time
constexpr std::size_t longest = 1U << 20U;             ///< bytes of one record

constexpr std::array<std::uint32_t, 256> table = [] {
  std::array<std::uint32_t, 256> out{};
  for (std::uint32_t k = 0; k < 256; ++k) {
    std::uint32_t c = k;
    for (int bit = 0; bit < 8; ++bit) c = (c & 1U) != 0 ? 0xEDB88320U ^ (c >> 1U) : c >> 1U;
    out[k] = c;
  }
  return out;
}();

std::string line_of(std::string_view text) { return fmt::format("{:08x} {}\n", crc32(text), text); }

/// Whether that may be what a kill left of a line's first bytes: a file of notes without a line's end is not to be written over.
bool begins_as_checksum(std::string_view begun) {
  for (std::size_t k = 0; k < std::min(begun.size(), prefix); ++k)
    if (k == digits ? begun[k] != ' ' : std::string_view("0123456789abcdef").find(begun[k]) == std::string_view::npos) return false;
  return true;
}

[[noreturn]] void cannot_write(const std::filesystem::path& path, int reason) {
  throw Error("D002", fmt::format("cannot write {}: {}", path.string(), std::strerror(reason))); // NOLINT(concurrency-mt-unsafe)
}

} // namespace

std::uint32_t crc32(std::string_view bytes) noexcept {
  std::uint32_t c = 0xFFFFFFFFU;
  for (const char byte : bytes) c = table[(c ^ static_cast<unsigned char>(byte)) & 0xFFU] ^ (c >> 8U);
  return c ^ 0xFFFFFFFFU;
}

bool journal_record(std::string_view line, std::string_view& text) {
  if (line.size() < prefix || line[digits] != ' ') return false;
  std::uint32_t stated = 0;
  const auto [end, fault] = std::from_chars(line.data(), line.data() + digits, stated, 16);
  if (fault != std::errc() || end != line.data() + digits) return false;
  text = line.substr(prefix);
  return crc32(text) == stated;
}

JournalReader::JournalReader(const std::filesystem::path& path) : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), buffer_(piece) {
  if (file_ < 0) throw Error("D001", fmt::format("cannot read {}: {}", path.string(), std::strerror(errno))); // NOLINT(concurrency-mt-unsafe)
  try {
    std::string_view text;
    if (!line(text)) {
      // killed while it was begun, or something else altogether
      const std::string_view begun(buffer_.data() + begin_, end_ - begin_);
      const std::string head_start = begun.size() > prefix ? std::string(begun.substr(prefix)) : std::string();
      if (!begins_as_checksum(begun) || !head_start.starts_with(magic.substr(0, std::min(magic.size(), head_start.size()))))
        throw Error("D520", fmt::format("{} is no journal of Platen", path.string()));
      return;
    }
    if (!text.starts_with(magic)) throw Error("D520", fmt::format("{} is no journal of Platen, or of a later version of it", path.string()));
    head_ = text.substr(magic.size());
  } catch (...) {
    ::close(file_);
    throw;
  }
}

JournalReader::~JournalReader() { ::close(file_); }

void JournalReader::damaged(std::uint64_t offset) const {
  throw Error("D521", fmt::format("{} is damaged: the record at byte {} does not fit its checksum", path_.string(), offset), std::nullopt,
              {"this is no trace of an interrupted run: copy the journal again, or delete it and begin anew"});
}

bool JournalReader::fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size()) {
    if (buffer_.size() >= longest) damaged(next_);
    buffer_.resize(2 * buffer_.size());
  }
  const ssize_t got = ::read(file_, buffer_.data() + end_, buffer_.size() - end_);
  if (got < 0) throw Error("D001", fmt::format("cannot read {}: {}", path_.string(), std::strerror(errno))); // NOLINT(concurrency-mt-unsafe)
  end_ += static_cast<std::size_t>(got);
  return got > 0;
}

bool JournalReader::line(std::string_view& text) {
  std::size_t looked = begin_;
  for (;;) {
    const auto* found = static_cast<const char*>(std::memchr(buffer_.data() + looked, '\n', end_ - looked));
    if (found != nullptr) {
      const auto length = static_cast<std::size_t>(found - buffer_.data()) - begin_;
      offset_ = next_;
      if (!journal_record({buffer_.data() + begin_, length}, text)) offset_ == 0 ? void(text = {}) : damaged(offset_);
      begin_ += length + 1;
      next_ += length + 1;
      return true;
    }
    looked = end_ - begin_; // fill moves what is there to the front
    if (!fill()) return false;
  }
}

bool JournalReader::next(std::string_view& text) { return line(text); }

std::string JournalReader::at(std::uint64_t offset) const {
  std::string out;
  for (std::size_t want = 512; want <= longest; want *= 2) {
    out.resize(want);
    const ssize_t got = ::pread(file_, out.data(), want, static_cast<off_t>(offset));
    if (got < 0) break;
    out.resize(static_cast<std::size_t>(got));
    const std::size_t end = out.find('\n');
    std::string_view text;
    if (end != std::string::npos) {
      if (!journal_record(std::string_view(out).substr(0, end), text)) break;
      return std::string(text);
    }
    if (static_cast<std::size_t>(got) < want) break;
  }
  damaged(offset);
}

JournalWriter::JournalWriter(const std::filesystem::path& path, std::string_view head)
    : path_(path), file_(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666)) {
  if (file_ < 0) cannot_write(path, errno);
  try {
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0)
      throw Error("D523", fmt::format("{} is being written by another process", path.string()), std::nullopt, {"wait for it to end, or name another file"});
    JournalReader reader(path);
    std::uint64_t sound = 0;
    if (!reader.head().empty()) {
      if (reader.head() != head)
        throw Error("D522", fmt::format("{} is the journal of something else", path.string()), std::nullopt,
                    {fmt::format("it is of: {}", reader.head()), fmt::format("asked for: {}", head), "delete it to begin anew, or name another file"});
      std::string_view text;
      while (reader.next(text)) {}
      sound = reader.sound();
    }
    if (::ftruncate(file_, static_cast<off_t>(sound)) != 0) cannot_write(path, errno);
    if (sound == 0) write(line_of(fmt::format("{}{}", magic, head)));
  } catch (...) {
    ::close(file_);
    throw;
  }
}

JournalWriter::~JournalWriter() { ::close(file_); }

void JournalWriter::write(std::string_view line) {
  while (!line.empty()) {
    const ssize_t done = ::write(file_, line.data(), line.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) {
      failed_ = true;
      cannot_write(path_, errno);
    }
    line.remove_prefix(static_cast<std::size_t>(done));
  }
}

void JournalWriter::append(std::string_view text) {
  const std::string line = line_of(text);
  const std::lock_guard lock(mutex_);
  if (failed_) throw Error("D002", fmt::format("cannot write {}: an earlier record could not be written", path_.string()));
  write(line);
}

void JournalWriter::sync() {
  const std::lock_guard lock(mutex_);
  if (::fdatasync(file_) != 0) cannot_write(path_, errno);
}

} // namespace platen::work

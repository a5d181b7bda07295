#include "import/container_stream.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <libdeflate.h>
#include <zlib.h>

namespace platen {
namespace {
constexpr std::size_t piece = 1 << 18;
} // namespace

struct MemberStream::State {
  std::string file, member;
  Container::Member source;
  std::uint64_t done = 0;
  std::uint32_t checksum = 0;
  std::size_t taken = 0; ///< packed bytes given to zlib
  bool finished = false;
  z_stream zlib{};
  bool inflating = false;

  Error damaged(std::string_view found) const {
    return Error("D031", fmt::format("`{}` inside `{}` cannot be unpacked: {}", member, file, found), whole_file(file),
                 {"copy the file again from the instrument's computer, or export it anew"});
  }

  /// Room for the next piece; one byte more than there should be shows a member that is longer.
  std::size_t room() const { return static_cast<std::size_t>(std::min<std::uint64_t>(piece, source.unpacked - done + 1)); }

  std::size_t copy(char* to, std::size_t most) {
    const std::size_t n = std::min(most, source.packed.size() - taken);
    std::copy_n(source.packed.data() + taken, n, to);
    taken += n;
    finished = taken == source.packed.size();
    return n;
  }

  std::size_t inflate_piece(char* to, std::size_t most) {
    zlib.next_out = reinterpret_cast<Bytef*>(to);
    zlib.avail_out = static_cast<uInt>(most);
    while (zlib.avail_out > 0 && !finished) {
      if (zlib.avail_in == 0) {
        const std::size_t n = std::min(piece, source.packed.size() - taken);
        zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(source.packed.data() + taken)); // read only
        zlib.avail_in = static_cast<uInt>(n);
        taken += n;
      }
      const int result = ::inflate(&zlib, Z_NO_FLUSH);
      if (result == Z_STREAM_END) finished = true;
      else if (result != Z_OK) throw damaged("its packed bytes are damaged or cut off");
    }
    return most - zlib.avail_out;
  }
};

MemberStream::MemberStream(Container& container, std::string_view member) : state_(std::make_unique<State>()) {
  state_->source = container.member(member);
  state_->file = container.file();
  state_->member = member;
  if (!state_->source.deflated) return;
  if (::inflateInit2(&state_->zlib, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  state_->inflating = true;
}

MemberStream::~MemberStream() {
  if (state_->inflating) ::inflateEnd(&state_->zlib);
}

bool MemberStream::append_to(std::string& out) {
  State& s = *state_;
  if (s.finished) return false;
  const std::size_t before = out.size(), room = s.room();
  out.resize(before + room);
  const std::size_t n = s.source.deflated ? s.inflate_piece(out.data() + before, room) : s.copy(out.data() + before, room);
  out.resize(before + n);
  s.checksum = libdeflate_crc32(s.checksum, out.data() + before, n);
  s.done += n;
  if (s.done > s.source.unpacked) throw s.damaged("it is longer than the table of members says");
  if (s.finished && s.done != s.source.unpacked) throw s.damaged("it is shorter than the table of members says");
  if (s.finished && s.checksum != s.source.checksum) throw s.damaged("its checksum does not fit its bytes");
  return n > 0;
}

std::uint64_t MemberStream::size() const noexcept { return state_->source.unpacked; }
std::uint64_t MemberStream::done() const noexcept { return state_->done; }

} // namespace platen

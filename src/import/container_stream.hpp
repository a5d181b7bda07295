#pragma once
// A member of a zip unpacked piece by piece, where all of it at once would take many times the memory of what is made of it.

#include "import/container.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace platen {

class MemberStream {
public:
  /// The container must outlive the stream. @throws Error as Container::unpack, before the first byte where it can be told.
  MemberStream(Container& container, std::string_view member);
  ~MemberStream();
  MemberStream(const MemberStream&) = delete;
  MemberStream& operator=(const MemberStream&) = delete;

  /// Appends the next piece (256 kB, less at the end). @returns false when there was nothing left. @throws Error D031 when the
  /// bytes are damaged or their checksum is wrong, which shows at the end only.
  bool append_to(std::string& out);

  std::uint64_t size() const noexcept; ///< unpacked, as the zip says; the limits hold for it
  std::uint64_t done() const noexcept; ///< unpacked so far

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace platen

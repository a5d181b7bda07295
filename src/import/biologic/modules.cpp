#include "import/biologic/modules.hpp"

#include "import/bytes.hpp"

#include <algorithm>

namespace platen::biologic {
namespace {

constexpr std::string_view module_magic = "MODULE";
constexpr std::size_t first_module = 52;
constexpr std::size_t short_name = 10, long_name = 25, date_length = 8;
constexpr std::size_t most_modules = 64; // a file has up to six

std::string_view trimmed(std::string_view s) {
  s = s.substr(0, s.find('\0'));
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

/// Reads the header at `at`. @returns its length, 0 when the file ends within it.
std::size_t read_header(std::string_view bytes, std::size_t at, Module& out) {
  constexpr std::size_t numbers = module_magic.size() + short_name + long_name;
  const std::string_view head = bytes.substr(at);
  if (head.size() < numbers + 4) return 0;
  out.wide = load<std::uint32_t>(head.data() + numbers) == 0xFFFFFFFF; // the place of the length is taken by a mark
  const std::size_t length = numbers + (out.wide ? 16 : 8) + date_length;
  if (head.size() < length) return 0;
  out.name = trimmed(head.substr(module_magic.size(), short_name));
  const char* p = head.data() + numbers + (out.wide ? 4 : 0);
  out.declared = load<std::uint32_t>(p);
  out.version = load<std::uint32_t>(p + 4);
  if (out.wide) out.version = load<std::uint32_t>(p + 8); // the old place holds 0
  out.date = trimmed(head.substr(length - date_length, date_length));
  return length;
}

} // namespace

const Module* Modules::find(std::string_view name) const {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Module& m) { return m.name == name; });
  return found != all.end() ? &*found : nullptr;
}

Modules split_modules(std::string_view bytes) {
  Modules out;
  std::size_t at = first_module;
  while (at < bytes.size() && out.all.size() < most_modules) {
    if (!bytes.substr(at).starts_with(module_magic)) {
      if (module_magic.starts_with(bytes.substr(at))) out.cut = true;
      else out.stray = at;
      return out;
    }
    Module module;
    const std::size_t header = read_header(bytes, at, module);
    if (header == 0) {
      out.cut = true;
      return out;
    }
    module.offset = at + header;
    module.bytes = bytes.substr(module.offset, module.declared);
    out.cut = module.bytes.size() < module.declared;
    at = module.offset + module.bytes.size();
    out.all.push_back(std::move(module));
  }
  out.cut = out.cut || bytes.size() < first_module;
  return out;
}

} // namespace platen::biologic

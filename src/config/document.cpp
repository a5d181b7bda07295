#include "config/node.hpp"

#include "base/file.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>
#include <tuple>

namespace platen::config {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_file = 4U << 20U; // bytes; a study of 4 MiB is a data file given by mistake
constexpr std::size_t deepest_inheritance = 16;

std::string read_text(const fs::path& path) {
  std::error_code ignored;
  if (fs::file_size(path, ignored) > largest_file && !ignored)
    throw Error("C012", "the file is larger than 4 MiB, which no TOML file of Platen's is",
                Place{path.string(), 0, 0, 1, ""},
                {"was a data file given where a study, cell or parameter file is wanted?"});
  return read_file(path);
}

/// A file or built-in on its way into the document.
struct Input {
  std::string name;     ///< shown
  std::string identity; ///< the same for the same file however it is written
  fs::path folder;
  std::string text;
};

Input input_from(const fs::path& path) {
  std::error_code fault;
  const fs::path canonical = fs::weakly_canonical(path, fault);
  return {path.string(), fault ? path.string() : canonical.string(), path.parent_path(), read_text(path)};
}

class Loader {
public:
  Loader(State& state, const FindBuiltIn& find) : state_(state), find_(find) {}

  /// Reads `input` and what it extends, and returns them merged. Faults are collected in the state.
  Node load(Input input) {
    chain_.push_back(input.identity);
    state_.sources.push_back(std::make_unique<Source>(input.name, input.folder, std::move(input.text)));
    const Source& source = *state_.sources.back();
    Node own;
    try {
      own = parse_toml(source);
    } catch (const Error& fault) {
      collect(fault);
      return own;
    }
    const auto extends = std::find_if(own.members.begin(), own.members.end(),
                                      [](const Member& m) { return m.key == "extends"; });
    if (extends == own.members.end()) return own;
    const Node base_name = extends->value;
    own.members.erase(extends);
    auto base_input = find_base(base_name, input.folder);
    if (!base_input) return own;
    Node merged = load(std::move(*base_input));
    merge(merged, std::move(own));
    return merged;
  }

private:
  void collect(const Error& fault) {
    for (const Diagnostic& d : fault.diagnostics()) state_.diagnostics.add(d);
  }

  std::optional<Input> find_base(const Node& name, const fs::path& folder) {
    const Place place = name.span.place();
    if (name.kind != Kind::text || name.text.empty()) {
      state_.diagnostics.error("C010", fmt::format("`extends` must be text, but is {}", describe(name.kind)),
                               place, {"for example `extends = \"symmetric.toml\"`"});
      return std::nullopt;
    }
    if (chain_.size() >= deepest_inheritance) {
      state_.diagnostics.error("C003",
                               fmt::format("more than {} files extend one another", deepest_inheritance),
                               place, {"extend an earlier file of the chain directly"});
      return std::nullopt;
    }
    try {
      Input input = open_base(name.text, folder);
      if (std::find(chain_.begin(), chain_.end(), input.identity) == chain_.end()) return input;
      state_.diagnostics.error("C003",
                               fmt::format("`{}` extends itself, directly or through others", input.name),
                               place, {"files that extend one another must end at one that extends nothing"});
    } catch (const Error& fault) {
      const Diagnostic& first = fault.diagnostics().front();
      if (first.code != "D001")
        collect(fault);
      else
        state_.diagnostics.error(
            "C002", fmt::format("cannot extend \"{}\": {}", name.text, first.message), place,
            {fmt::format("the path is taken relative to {}", folder.empty() ? "." : folder.string())});
    }
    return std::nullopt;
  }

  Input open_base(const std::string& name, const fs::path& folder) const {
    if (find_)
      if (auto built_in = find_(name))
        return {built_in->origin, built_in->origin, {}, std::move(built_in->text)};
    if (name.find('\0') != std::string::npos) throw Error("D001", "the name holds a zero byte");
    return input_from((folder / name).lexically_normal());
  }

  State& state_;
  const FindBuiltIn& find_;
  std::vector<std::string> chain_;
};

std::unique_ptr<State> load(Input input, const FindBuiltIn& find) {
  auto state = std::make_unique<State>();
  state->root = Loader(*state, find).load(std::move(input));
  state->diagnostics.throw_if_errors();
  return state;
}

void refuse_unknown(State& state, const Node& table) {
  const auto found = state.asked.find(&table);
  if (found == state.asked.end()) return;
  const Asked& asked = found->second;
  const std::vector<std::string> known(asked.keys.begin(), asked.keys.end());
  for (const Member& member : table.members) {
    if (asked.keys.contains(member.key)) {
      refuse_unknown(state, member.value);
      for (const Node& item : member.value.items) refuse_unknown(state, item);
      continue;
    }
    std::vector<std::string> hints;
    if (const auto meant = did_you_mean(member.key, known))
      hints.push_back(fmt::format("did you mean `{}`?", *meant));
    else if (!known.empty())
      hints.push_back(fmt::format("known here: {}", fmt::join(known, ", ")));
    state.diagnostics.error("C004",
                            asked.path.empty()
                                ? fmt::format("unknown key `{}`", member.key)
                                : fmt::format("unknown key `{}` in [{}]", member.key, asked.path),
                            member.key_span.place(), std::move(hints));
  }
}

} // namespace

Document Document::read(const fs::path& path, const FindBuiltIn& find) {
  return Document(load(input_from(path), find));
}

Document Document::parse(std::string text, std::string name, const fs::path& folder,
                         const FindBuiltIn& find) {
  std::string identity = name;
  return Document(load({std::move(name), std::move(identity), folder, std::move(text)}, find));
}

Document::Document(std::unique_ptr<State> state) : state_(std::move(state)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Table Document::root() const {
  state_->asked.try_emplace(&state_->root);
  return {state_.get(), &state_->root, ""};
}

Diagnostics& Document::diagnostics() const { return state_->diagnostics; }

void Document::refuse_unknown_keys() const { refuse_unknown(*state_, state_->root); }

void Document::finish() const {
  refuse_unknown_keys();
  if (!state_->diagnostics.has_errors()) return;
  std::vector<Diagnostic> errors;
  for (const Diagnostic& d : state_->diagnostics.items())
    if (d.severity == Severity::error) errors.push_back(d);
  const auto position = [this](const Diagnostic& d) {
    const Place place = d.place.value_or(Place{});
    const auto file = std::find_if(state_->sources.begin(), state_->sources.end(),
                                   [&](const auto& source) { return source->name() == place.file; });
    return std::tuple(file - state_->sources.begin(), place.file, place.line, place.column);
  };
  std::stable_sort(errors.begin(), errors.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return position(a) < position(b); });
  // a card that two layers name is read twice
  const auto same = [&](const Diagnostic& a, const Diagnostic& b) {
    return a.code == b.code && a.message == b.message && position(a) == position(b);
  };
  errors.erase(std::unique(errors.begin(), errors.end(), same), errors.end());
  throw Error(std::move(errors));
}

const std::vector<Resolved>& Document::resolved() const { return state_->resolved; }

std::vector<std::pair<std::string, std::string>> Document::sources() const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& source : state_->sources) out.emplace_back(source->name(), source->text());
  return out;
}

} // namespace platen::config

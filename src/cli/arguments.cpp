#include "cli/arguments.hpp"

#include "base/error.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace platen::cli {
namespace {

/// One verb as CLI11 sees it. Nothing is `required` here: an unknown option is the better news, and it is told first.
struct Parser {
  explicit Parser(const Verb& verb)
      : app(std::string(verb.summary), fmt::format("platen {}", verb.name)), texts(verb.options.size()),
        lists(verb.options.size()), switches(verb.options.size(), 0) {
    app.set_help_flag("-h,--help", "show this and do nothing else");
    app.allow_extras();
    app.get_formatter()->column_width(34);
    if (const Positional& p = verb.positional; !p.name.empty()) {
      const std::string name(p.name), help(p.help);
      auto* option = p.several ? app.add_option(name, words, help) : app.add_option(name, word, help);
      option->option_text(p.several ? "..." : " ");
    }
    for (std::size_t k = 0; k < verb.options.size(); ++k) {
      const Option& o = verb.options[k];
      const std::string name(o.name), help(o.help);
      if (o.value.empty()) options.push_back(app.add_flag(name, switches[k], help));
      else if (o.several) options.push_back(app.add_option(name, lists[k], help)->option_text(std::string(o.value))->expected(1)->take_all());
      else options.push_back(app.add_option(name, texts[k], help)->option_text(std::string(o.value)));
    }
    app.footer(std::string(verb.examples));
  }

  CLI::App app;
  std::string word;
  std::vector<std::string> words;
  std::vector<std::string> texts;
  std::vector<std::vector<std::string>> lists;
  std::vector<int> switches;
  std::vector<CLI::Option*> options;
};

std::string see_help(const Verb& verb) { return fmt::format("`platen {} --help` shows what it takes", verb.name); }

/// The one place where CLI11's words become ours.
Error reworded(const Verb& verb, const CLI::ParseError& fault) {
  const std::string text = fault.what();
  const std::string name = text.substr(0, text.find(':'));
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&fault) != nullptr && name.starts_with("--")) {
    const bool missing = text.find("missing") != std::string::npos;
    return Error("U004", missing ? fmt::format("`{}` needs a value", name) : fmt::format("`{}` is given twice", name),
                 std::nullopt, {see_help(verb)});
  }
  return Error("U010", fmt::format("the command line was not understood: {}", text), std::nullopt, {see_help(verb)});
}

/// @returns the options that were meant by words that are none.
std::vector<std::string> refuse_extras(const Verb& verb, const std::vector<std::string>& extras, Diagnostics& faults) {
  std::vector<std::string> names{"--help"};
  for (const Option& o : verb.options) names.emplace_back(o.name);
  std::vector<std::string> too_many, likely;
  for (const std::string& word : extras) {
    if (word.size() > 1 && word.starts_with('-')) {
      const std::string name = word.substr(0, word.find('='));
      const auto meant = did_you_mean(name, names);
      if (meant) likely.push_back(*meant);
      faults.error("U003", fmt::format("`platen {}` has no option `{}`", verb.name, name), std::nullopt,
                   {meant ? fmt::format("did you mean `{}`?", *meant) : see_help(verb)});
    } else {
      too_many.push_back(fmt::format("`{}`", word));
    }
  }
  if (!too_many.empty())
    faults.error("U009", fmt::format("more words than `platen {}` takes: {}", verb.name, fmt::join(too_many, " ")), std::nullopt,
                 {see_help(verb)});
  return likely;
}

/// Words that look like options and are none, of a command line that was not taken apart to its end.
std::vector<std::string> unknown_options(const Verb& verb, const std::vector<std::string>& words) {
  std::vector<std::string> out;
  for (const std::string& word : words) {
    if (word == "--") break;
    const std::string name = word.substr(0, word.find('='));
    const bool known = name == "--help" || std::any_of(verb.options.begin(), verb.options.end(), [&](const Option& o) { return o.name == name; });
    if (word.starts_with("--") && !known) out.push_back(word);
  }
  return out;
}

/// `likely`: options that were misspelt rather than left out.
void require(const Verb& verb, const Arguments& arguments, const std::vector<std::string>& likely, Diagnostics& faults) {
  if (const Positional& p = verb.positional; !p.name.empty() && p.required && arguments.words.empty())
    faults.error("U005", fmt::format("`platen {}` needs {}{}", verb.name, p.name, p.several ? "..." : ""), std::nullopt,
                 {fmt::format("{}: {}", p.name, p.help), see_help(verb)});
  for (const Option& o : verb.options)
    if (o.required && !arguments.has(o.name) && std::find(likely.begin(), likely.end(), o.name) == likely.end())
      faults.error("U005", fmt::format("`platen {}` needs `{} {}`", verb.name, o.name, o.value), std::nullopt,
                   {fmt::format("{}: {}", o.name, o.help), see_help(verb)});
}

} // namespace

std::optional<std::string> Arguments::value(std::string_view option) const {
  const auto found = given_.find(option);
  return found != given_.end() ? std::optional(found->second) : std::nullopt;
}

std::vector<std::string> Arguments::values(std::string_view option) const {
  const auto found = lists_.find(option);
  return found != lists_.end() ? found->second : std::vector<std::string>{};
}

void Arguments::give(std::string_view option, std::vector<std::string> values) {
  given_.insert_or_assign(std::string(option), values.empty() ? std::string() : values.front());
  lists_.insert_or_assign(std::string(option), std::move(values));
}

std::optional<std::uint64_t> Arguments::count(std::string_view option, std::uint64_t low, std::uint64_t high) const {
  const auto text = value(option);
  if (!text) return std::nullopt;
  std::uint64_t number = 0;
  const char* end = text->data() + text->size();
  const auto [stop, fault] = std::from_chars(text->data(), end, number);
  if (fault != std::errc() || stop != end || number < low || number > high)
    throw Error("U006", fmt::format("`{} {}`: a whole number from {} to {} was expected", option, *text, low, high));
  return number;
}

std::string Arguments::choice(std::string_view option, const std::vector<std::string>& allowed) const {
  const auto text = value(option);
  if (!text) return allowed.front();
  if (std::find(allowed.begin(), allowed.end(), *text) != allowed.end()) return *text;
  const auto meant = did_you_mean(*text, allowed);
  throw Error("U006", fmt::format("`{} {}`: one of {} was expected", option, *text, fmt::join(allowed, ", ")), std::nullopt,
              meant ? std::vector{fmt::format("did you mean `{}`?", *meant)} : std::vector<std::string>{});
}

double quantity_given(const std::string& text, std::string_view option, const Dimension& dimension) {
  const QuantityResult read = parse_quantity(text, dimension);
  if (read.fault != QuantityFault::none)
    throw Error("U006", fmt::format("`{} {}`: a quantity like \"{}\" was expected", option, text, example_quantity(dimension)));
  return read.quantity.value;
}

std::optional<Arguments> parse(const Verb& verb, const std::vector<std::string>& words) {
  Parser parser(verb);
  try {
    parser.app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::CallForHelp&) {
    return std::nullopt;
  } catch (const CLI::ParseError& fault) {
    Diagnostics faults;
    const Error told = reworded(verb, fault);
    for (const Diagnostic& d : told.diagnostics()) faults.add(d);
    refuse_extras(verb, unknown_options(verb, words), faults);
    faults.throw_if_errors();
  }
  Diagnostics faults;
  const std::vector<std::string> likely = refuse_extras(verb, parser.app.remaining(), faults);
  Arguments out;
  out.words = parser.words;
  if (!verb.positional.several && !parser.word.empty()) out.words.push_back(parser.word);
  for (std::size_t k = 0; k < verb.options.size(); ++k)
    if (parser.options[k]->count() > 0) {
      if (verb.options[k].several) out.give(verb.options[k].name, parser.lists[k]);
      else out.give(verb.options[k].name, parser.texts[k]);
    }
  require(verb, out, likely, faults);
  faults.throw_if_errors();
  return out;
}

std::string help(const Verb& verb) {
  Parser parser(verb);
  if (const Positional& p = verb.positional; !p.name.empty())
    parser.app.get_option(std::string(p.name))->required(p.required); // shown in the usage line
  return parser.app.help();
}

} // namespace platen::cli

#include "cli/program.hpp"

#include "cli/terminal.hpp"
#include "platen_version.hpp"
#include "report/report.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <new>

namespace platen::cli {
namespace {

constexpr std::string_view report_it = "please report it with the command, the file and the output of `platen version`";

std::string overview() {
  std::string out = "Platen answers for solid-state lithium cells: at what current density does this cell short, why,\n"
                    "and what would change it?\n\nUsage: platen VERB [OPTIONS] ...\n\nVerbs:\n";
  for (const Verb* v : verbs()) out += fmt::format("  {:<16} {}\n", v->name, v->summary);
  out += "\n`platen VERB --help` shows what a verb takes, with examples.\n"
         "Results go to stdout, everything else to stderr. With --json the answer, and any error, is JSON on stdout.\n"
         "Exit codes: 0 done, 1 the condition asked for is false, 2 command line or study, 3 data, 4 solver, 70 bug,\n"
         "130 interrupted. Colour and progress appear on a terminal only; NO_COLOR is obeyed.\n";
  return out;
}

/// Words of the verb's name at the start of the command line: "eis fit" takes two.
std::size_t name_words(const std::vector<std::string>& words) {
  if (words.size() < 2) return 1;
  const std::string two = words[0] + " " + words[1];
  const auto all = verbs();
  return std::any_of(all.begin(), all.end(), [&](const Verb* v) { return v->name == two; }) ? 2 : 1;
}

/// Verbs of two words that begin with this one: "library"; empty when it is a verb itself ("campaign"), or none begins so.
std::string group_overview(const std::string& word) {
  std::string out;
  const auto all = verbs();
  if (std::any_of(all.begin(), all.end(), [&](const Verb* v) { return v->name == word; })) return out;
  for (const Verb* v : verbs())
    if (v->name.starts_with(word + " ")) out += fmt::format("  {:<20} {}\n", v->name, v->summary);
  if (out.empty()) return out;
  return fmt::format("Usage: platen {} VERB [OPTIONS] ...\n\nVerbs:\n{}\n`platen {} VERB --help` shows what a verb takes, with examples.\n", word, out, word);
}

const Verb& find_verb(const std::string& name) {
  const auto all = verbs();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Verb* v) { return v->name == name; });
  if (found != all.end()) return **found;
  std::vector<std::string> names;
  for (const Verb* v : all) names.emplace_back(v->name);
  std::vector<std::string> hints;
  std::vector<std::string> longer; // "eis" alone, or with a wrong second word
  for (const std::string& n : names)
    if (n.starts_with(name.substr(0, name.find(' ')) + " ")) longer.push_back(n);
  if (!longer.empty()) throw Error("U001", fmt::format("no verb `{}`", name), std::nullopt, {fmt::format("verbs: {}", fmt::join(longer, ", "))});
  if (const auto meant = did_you_mean(name, names)) hints.push_back(fmt::format("did you mean `{}`?", *meant));
  hints.push_back(fmt::format("verbs: {}", fmt::join(names, ", ")));
  throw Error("U001", fmt::format("no verb `{}`", name), std::nullopt, std::move(hints));
}

int dispatch(const std::vector<std::string>& words) {
  if (words.empty()) throw Error("U002", "no verb given", std::nullopt, {"`platen --help` lists them"});
  const std::string& first = words.front();
  if (first == "--help" || first == "-h" || (first == "help" && words.size() == 1)) {
    print(overview());
    return Exit::done;
  }
  const bool help_asked = first == "help";
  const std::vector<std::string> said(words.begin() + (help_asked ? 1 : 0), words.end());
  const std::size_t count = name_words(said);
  std::string name = first == "--version" ? "version" : count == 2 ? said[0] + " " + said[1] : said[0];
  std::vector<std::string> rest(said.begin() + static_cast<std::ptrdiff_t>(count), said.end());
  if (help_asked) rest = {"--help"};
  if (count == 1 && !rest.empty() && (rest.front() == "--help" || rest.front() == "-h"))
    if (const std::string group = group_overview(name); !group.empty()) {
      print(group);
      return Exit::done;
    }
  const Verb& verb = find_verb(name);
  if (const auto arguments = parse(verb, rest)) return verb.run(*arguments);
  print(help(verb));
  return Exit::done;
}

bool wants_json(const std::vector<std::string>& words) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::find(words.begin(), end, "--json") != end;
}

int fail(const std::vector<Diagnostic>& diagnostics, bool json) {
  if (json)
    print(report::json(diagnostics));
  else
    tell(diagnostics);
  return exit_code(diagnostics);
}

/// @returns the verb's exit code; what it throws becomes the exit code of what went wrong.
int guarded(const std::vector<std::string>& words, bool json) {
  const auto bug = [&](std::string message) {
    return fail({{Severity::error, "B001", std::move(message), std::nullopt, {std::string(report_it)}}}, json);
  };
  try {
    const int code = dispatch(words);
    finish_output();
    return code;
  } catch (const Cancelled&) {
    note("interrupted\n");
    return Exit::interrupted;
  } catch (const Error& error) {
    return fail(error.diagnostics(), json);
  } catch (const std::bad_alloc&) {
    return bug("out of memory");
  } catch (const std::exception& unforeseen) {
    return bug(fmt::format("unexpected: {}", unforeseen.what()));
  } catch (...) {
    return bug("unexpected: something that is no std::exception was thrown");
  }
}

} // namespace

std::span<const Verb* const> verbs() {
  static constexpr std::array all{&verb::validate, &verb::bench_sheet, &verb::simulate, &verb::assess, &verb::checklist, &verb::compare, &verb::compare_mechanisms, &verb::calibrate, &verb::inspect,
                                  &verb::convert,  &verb::align,       &verb::pressure,    &verb::targets,     &verb::reproduce, &verb::advise, &verb::eis_inspect, &verb::eis_kk, &verb::eis_fit,
                                  &verb::eis_drt,  &verb::eis_series,  &verb::eis_arrhenius, &verb::dc,        &verb::library_init, &verb::library_add, &verb::library_list, &verb::library_show,
                                  &verb::library_query, &verb::library_note, &verb::library_overrule, &verb::library_remove, &verb::library_restore,
                                  &verb::library_reassess, &verb::library_export, &verb::library_import, &verb::library_check,
                                  &verb::corpus_measure, &verb::corpus_write, &verb::campaign, &verb::campaign_show, &verb::version};
  return all;
}

int exit_code(const std::vector<Diagnostic>& diagnostics) {
  const auto first = std::find_if(diagnostics.begin(), diagnostics.end(),
                                  [](const Diagnostic& d) { return d.severity == Severity::error; });
  const char letter = first == diagnostics.end() || first->code.empty() ? 'B' : first->code.front();
  switch (letter) {
  case 'C':
  case 'U': return Exit::bad_study;
  case 'D': return Exit::bad_data;
  case 'S': return Exit::solver_failed;
  default: return Exit::bug;
  }
}

int run(const std::vector<std::string>& arguments) {
  watch_for_interrupts();
  try {
    return guarded(arguments, wants_json(arguments));
  } catch (...) { // the fault could not even be told
    return Exit::bug;
  }
}

} // namespace platen::cli

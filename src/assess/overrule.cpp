#include "assess/overrule.hpp"

#include "record/overrules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

namespace platen {
namespace {

constexpr std::array verdicts{Verdict::healthy,      Verdict::soft_short,   Verdict::hard_short, Verdict::fake_stable,
                              Verdict::contact_loss, Verdict::cannot_tell};

std::string_view trimmed(std::string_view s) {
  const auto first = s.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view{} : s.substr(first, s.find_last_not_of(" \t\r\n") - first + 1);
}

[[noreturn]] void refuse(std::string_view text, std::string message) {
  throw Error("D106", fmt::format("\"{}\" overrules nothing: {}", text, message), std::nullopt,
              {"write `half cycle 12: healthy, the cable was touched` or `cell: soft short, seen under the microscope`"});
}

std::optional<std::size_t> half_cycle_of(std::string_view subject, std::string_view text) {
  constexpr std::string_view words = "half cycle ";
  if (subject == "cell") return std::nullopt;
  if (!subject.starts_with(words)) refuse(text, "it begins with neither `half cycle N:` nor `cell:`");
  const std::string_view number = trimmed(subject.substr(words.size()));
  std::size_t out = 0;
  const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), out);
  if (fault != std::errc{} || end != number.data() + number.size() || out == 0)
    refuse(text, fmt::format("\"{}\" is not the number of a half cycle; the first is 1", number));
  return out - 1;
}

Verdict verdict_of(std::string_view word, std::string_view text) {
  for (const Verdict v : verdicts)
    if (label(v) == word) return v;
  std::string names;
  for (const Verdict v : verdicts) names += fmt::format("{}{}", names.empty() ? "" : ", ", label(v));
  refuse(text, fmt::format("\"{}\" is no verdict; verdicts are: {}", word, names));
}

} // namespace

Overrule parse_overrule(std::string_view whole) {
  const std::string_view text = trimmed(whole);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) refuse(text, "there is no colon between what it is about and the verdict");
  Overrule out;
  out.half_cycle = half_cycle_of(trimmed(text.substr(0, colon)), text);
  const std::string_view rest = trimmed(text.substr(colon + 1));
  const std::size_t comma = rest.find(',');
  out.verdict = verdict_of(trimmed(rest.substr(0, comma)), text);
  if (comma != std::string_view::npos) out.reason = trimmed(rest.substr(comma + 1));
  if (out.reason.empty()) refuse(text, "it gives no reason after the verdict");
  return out;
}

void add_overrule(Record& record, const std::string& text) {
  parse_overrule(text);
  keep_overrule(record, trimmed(text));
}

std::vector<Overrule> overrules_of(const Record& record) {
  std::vector<Overrule> out;
  std::vector<Diagnostic> faults;
  for (const auto& [number, text] : kept_overrules(record)) {
    try {
      out.push_back(parse_overrule(text));
    } catch (const Error& error) {
      faults.insert(faults.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
  }
  if (!faults.empty()) throw Error(std::move(faults));
  return out;
}

void keep_program_verdicts(Record& record, const Assessment& assessment, std::string_view program) {
  const auto stated = kept_overrules(record);
  for (std::size_t k = 0; k < std::min(stated.size(), assessment.overruled.size()); ++k) {
    const Overruled& o = assessment.overruled[k];
    const std::string about = o.half_cycle ? fmt::format("half cycle {}", *o.half_cycle + 1) : "cell";
    keep_program_verdict(record, stated[k].first, fmt::format("{}: {}, {} ({})", about, label(o.program), o.program_reason, program));
  }
}

} // namespace platen

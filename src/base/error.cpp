#include "base/error.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <numeric>

namespace platen {
namespace {

std::string paint(std::string_view text, const char* code, bool colour) {
  return colour ? fmt::format("\033[{}m{}\033[0m", code, text) : std::string(text);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = std::tolower(static_cast<unsigned char>(a[i - 1])) ==
                        std::tolower(static_cast<unsigned char>(b[j - 1]));
      const std::size_t substituted = diagonal + (same ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

} // namespace

std::string render(const Diagnostic& d, bool colour) {
  const bool is_error = d.severity == Severity::error;
  std::string out = paint(fmt::format("{}[{}]", is_error ? "error" : "warning", d.code), is_error ? "1;31" : "1;33", colour);
  out += fmt::format(": {}\n", d.message);
  if (d.place) {
    const Place& p = *d.place;
    const std::string number = p.line > 0 ? std::to_string(p.line) : std::string();
    const std::string margin(number.size(), ' ');
    out += fmt::format("{} --> {}", margin, p.file);
    if (p.line > 0) out += fmt::format(":{}", p.line);
    if (p.line > 0 && p.column > 0) out += fmt::format(":{}", p.column);
    out += '\n';
    if (p.line > 0 && !p.text.empty()) {
      out += fmt::format(" {} | {}\n", number, p.text);
      if (p.column > 0) {
        // Tabs are kept so that the caret stands under the character a terminal shows.
        std::string lead = p.text.substr(0, std::min(p.column - 1, p.text.size()));
        for (char& c : lead) c = c == '\t' ? '\t' : ' ';
        const std::string caret = "^" + std::string(p.length > 0 ? p.length - 1 : 0, '~');
        out += fmt::format(" {} | {}{}\n", margin, lead, paint(caret, "1;31", colour));
      }
    }
  }
  for (const std::string& hint : d.hints) out += fmt::format("{}: {}\n", paint("hint", "1;36", colour), hint);
  return out;
}

Error::Error(Diagnostic diagnostic) : Error(std::vector<Diagnostic>{std::move(diagnostic)}) {}

Error::Error(std::vector<Diagnostic> diagnostics) : diagnostics_(std::move(diagnostics)) {
  if (diagnostics_.empty()) diagnostics_.push_back({Severity::error, "B001", "an error without a diagnostic"});
  for (const Diagnostic& d : diagnostics_) text_ += render(d);
}

Error::Error(std::string code, std::string message, std::optional<Place> place, std::vector<std::string> hints)
    : Error(Diagnostic{Severity::error, std::move(code), std::move(message), std::move(place), std::move(hints)}) {}

void Diagnostics::error(std::string code, std::string message, std::optional<Place> place,
                        std::vector<std::string> hints) {
  add({Severity::error, std::move(code), std::move(message), std::move(place), std::move(hints)});
}

void Diagnostics::warning(std::string code, std::string message, std::optional<Place> place,
                          std::vector<std::string> hints) {
  add({Severity::warning, std::move(code), std::move(message), std::move(place), std::move(hints)});
}

bool Diagnostics::has_errors() const noexcept {
  return std::any_of(items_.begin(), items_.end(), [](const Diagnostic& d) { return d.severity == Severity::error; });
}

std::vector<Diagnostic> Diagnostics::warnings() const {
  std::vector<Diagnostic> out;
  std::copy_if(items_.begin(), items_.end(), std::back_inserter(out),
               [](const Diagnostic& d) { return d.severity == Severity::warning; });
  return out;
}

void Diagnostics::throw_if_errors() const {
  std::vector<Diagnostic> errors;
  std::copy_if(items_.begin(), items_.end(), std::back_inserter(errors),
               [](const Diagnostic& d) { return d.severity == Severity::error; });
  if (!errors.empty()) throw Error(std::move(errors));
}

std::optional<std::string> did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string* best = nullptr;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = &candidate;
      best_distance = distance;
    }
  }
  return best != nullptr ? std::optional<std::string>(*best) : std::nullopt;
}

} // namespace platen

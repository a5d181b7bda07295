#include "campaign/read_explored.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace platen::campaign {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

struct Spoken {
  std::string_view column, name;
};
/// In the order in which results are offered.
constexpr auto known_results = std::to_array<Spoken>({{"ccd_continuous", "critical current density"},
                                                      {"ccd", "failing step of the ramp"},
                                                      {"judged.ccd", "critical current density as judged"},
                                                      {"life", "life in cycles"},
                                                      {"first_swing", "first swing of stack pressure"},
                                                      {"largest_swing", "largest swing of stack pressure"},
                                                      {"last_passed", "last step passed"},
                                                      {"capacity", "charge passed until contact"}});

bool is_ccd(std::string_view name) { return name == "ccd" || name == "ccd_continuous" || name == "judged.ccd"; }

std::optional<std::size_t> place_of(const std::vector<TableColumn>& columns, std::string_view name) {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const TableColumn& c) { return c.name == name; });
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

bool read_number(std::string_view& text, double& out) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (fault != std::errc() || !std::isfinite(out)) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

/// "flaw.depth: log from 1 to 14"
std::optional<DesignNote::Spread> spread_of(std::string_view text) {
  DesignNote::Spread out;
  const std::size_t colon = text.find(": ");
  if (colon == std::string_view::npos) return std::nullopt;
  out.key = std::string(text.substr(0, colon));
  text.remove_prefix(colon + 2);
  for (const std::string_view scale : {"log from", "linear from"})
    if (text.starts_with(scale)) {
      out.log = scale.starts_with("log");
      text.remove_prefix(scale.size());
      if (!read_number(text, out.low) || !text.starts_with(" to")) return std::nullopt;
      text.remove_prefix(3);
      if (!read_number(text, out.high) || !(out.low < out.high) || (out.log && !(out.low > 0.0))) return std::nullopt;
      return out;
    }
  return std::nullopt;
}

ExploredAxis axis_of(const NumberTable& table, std::size_t k, const DesignNote& note) {
  const TableColumn& column = table.head.axes[k];
  ExploredAxis out{spoken(column.name), column.unit == "1" ? "" : column.unit, {}, false, 0.0, 0.0, {}};
  if (!table.axis_words[k].empty()) {
    std::set<std::string> words(table.axis_words[k].begin(), table.axis_words[k].end());
    out.words.assign(words.begin(), words.end());
    for (const std::string& word : table.axis_words[k])
      out.values.push_back(static_cast<double>(std::lower_bound(out.words.begin(), out.words.end(), word) - out.words.begin()));
    return out;
  }
  out.values = table.axes[k];
  const auto said = std::find_if(note.axes.begin(), note.axes.end(), [&](const auto& s) { return s.key == column.name; });
  if (said != note.axes.end()) {
    out.log = said->log;
    out.low = said->low;
    out.high = said->high;
    return out;
  }
  const auto finite = levels(out);
  out.low = finite.empty() ? 0.0 : finite.front();
  out.high = finite.empty() ? 0.0 : finite.back();
  if (!(out.low < out.high)) out.high = out.low + 1.0; // a single value has its place, too
  return out;
}

/// Runs without this result although they were carried out, and what they are bounds of.
void take_bounds(const NumberTable& table, std::string_view name, ExploredResult& result) {
  const auto ccd = place_of(table.head.results, "ccd"), passed = place_of(table.head.results, "last_passed"), end = place_of(table.head.results, "end");
  for (std::size_t r = 0; r < table.rows(); ++r) {
    if (!table.done[r]) continue;
    if (is_ccd(name) && std::isnan(result.values[r])) {
      if (passed) result.values[r] = table.results[*passed][r];
      result.beyond[r] = 1;
    }
    if (name != "life" || std::isnan(result.values[r])) continue;
    const bool no_short = end && !table.result_words[*end].empty() ? table.result_words[*end][r] != "shorted" : ccd && std::isnan(table.results[*ccd][r]);
    result.beyond[r] = no_short ? 1 : 0;
  }
}

/// Points of a design with the mean over their replicates in the place of their runs.
void pool_replicates(Explored& e, std::size_t replicates) {
  if (replicates < 2) return;
  const std::size_t points = e.runs() / replicates;
  ExploredResult pooled{e.result.name, e.result.unit, {}, {}};
  for (std::size_t p = 0; p < points; ++p) {
    double sum = 0.0, count = 0.0;
    bool beyond = false;
    for (std::size_t r = p * replicates; r < (p + 1) * replicates; ++r) {
      beyond = beyond || e.result.beyond[r] != 0;
      if (!std::isfinite(e.result.values[r])) continue;
      sum += e.result.values[r];
      count += 1.0;
    }
    pooled.values.push_back(count > 0.0 ? sum / count : none);
    pooled.beyond.push_back(beyond ? 1 : 0);
  }
  for (ExploredAxis& axis : e.axes) {
    std::vector<double> values;
    for (std::size_t p = 0; p < points; ++p) values.push_back(axis.values[p * replicates]);
    axis.values = std::move(values);
  }
  e.result = std::move(pooled);
}

[[noreturn]] void not_the_design(std::string_view design, std::size_t runs, std::size_t factors) {
  throw Error("D526", fmt::format("{} runs of {} factors are not those of the design `{}`", runs, factors, design), std::nullopt,
              {"give the table that `platen campaign` wrote, whole and in its order"});
}

/// Where Morris's points lie in the unit cube: a factor moves by half of it, and upwards where its value rises.
std::vector<double> morris_points(const Explored& e) {
  const std::size_t k = e.axes.size();
  std::vector<double> out(e.runs() * k, 0.25);
  for (std::size_t i = 0; i < e.runs(); ++i) {
    if (i % (k + 1) == 0) continue;
    std::size_t moved = 0;
    for (std::size_t f = 0; f < k; ++f) {
      const double change = e.axes[f].values[i] - e.axes[f].values[i - 1];
      if (change != 0.0) ++moved;
      out[i * k + f] = out[(i - 1) * k + f] + (change > 0.0 ? 0.5 : change < 0.0 ? -0.5 : 0.0);
    }
    if (moved > 1) not_the_design("morris", e.runs(), k);
  }
  return out;
}

} // namespace

std::string spoken(const std::string& column) {
  for (const Spoken& s : known_results)
    if (s.column == column) return std::string(s.name);
  return column.starts_with("values.") ? column.substr(7) : column;
}

std::vector<std::string> comments_of(const DesignNote& note) {
  std::vector<std::string> out{fmt::format("design {}", note.design)};
  for (const DesignNote::Spread& s : note.axes)
    if (s.low < s.high) out.push_back(fmt::format("axis {}: {} from {} to {}", s.key, s.log ? "log" : "linear", s.low, s.high));
  return out;
}

DesignNote design_note(const std::vector<std::string>& comments) {
  DesignNote out;
  for (const std::string_view line : comments) {
    if (line.starts_with("design ")) out.design = std::string(line.substr(7));
    if (!line.starts_with("axis ")) continue;
    if (auto spread = spread_of(line.substr(5))) out.axes.push_back(std::move(*spread));
  }
  return out;
}

std::vector<std::string> explorable(const NumberTable& table) {
  std::vector<std::string> out;
  const auto numbers = [&](std::size_t k) {
    return table.result_words[k].empty() && std::any_of(table.results[k].begin(), table.results[k].end(), [](double v) { return std::isfinite(v); });
  };
  for (const Spoken& s : known_results)
    if (const auto k = place_of(table.head.results, s.column); k && numbers(*k)) out.emplace_back(s.column);
  for (std::size_t k = 0; k < table.head.results.size(); ++k)
    if (const std::string& name = table.head.results[k].name; numbers(k) && std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  return out;
}

Explored explored(const NumberTable& table, const std::string& result) {
  const auto offered = explorable(table);
  if (std::find(offered.begin(), offered.end(), result) == offered.end()) {
    std::vector<std::string> hints;
    if (const auto meant = did_you_mean(result, offered)) hints.push_back(fmt::format("did you mean `{}`?", *meant));
    std::string list;
    for (const std::string& name : offered) list += (list.empty() ? "" : ", ") + name;
    hints.push_back(list.empty() ? "it has no result that is a number" : "results that are numbers: " + list);
    throw Error("U006", fmt::format("the table has no numbers called `{}`", result), std::nullopt, std::move(hints));
  }
  const std::size_t column = *place_of(table.head.results, result);
  const DesignNote note = design_note(table.head.comments);
  Explored out;
  const std::string& unit = table.head.results[column].unit;
  out.result = {spoken(result), unit == "1" ? "" : unit, table.results[column], std::vector<std::uint8_t>(table.rows(), 0)};
  take_bounds(table, result, out.result);
  for (std::size_t k = 0; k < table.head.axes.size(); ++k) out.axes.push_back(axis_of(table, k, note));
  const bool morris = note.design == "morris", saltelli = note.design == "saltelli";
  if (morris || saltelli) {
    out.sampling = morris ? Sampling::morris : Sampling::saltelli;
    const std::size_t replicates = 1 + static_cast<std::size_t>(table.replicates.empty() ? 0 : *std::max_element(table.replicates.begin(), table.replicates.end()));
    const std::size_t k = out.axes.size(), block = (morris ? k + 1 : k + 2) * replicates;
    if (k == 0 || out.runs() == 0 || out.runs() % block != 0) not_the_design(note.design, out.runs(), k);
    pool_replicates(out, replicates);
    if (morris) out.points = morris_points(out);
    return out;
  }
  std::erase_if(out.axes, [](const ExploredAxis& axis) { return levels(axis).size() < 2; });
  if (out.axes.empty()) throw Error("D526", "nothing was varied in this campaign: there is nothing to draw a result against", std::nullopt, {"its table says what there is"});
  if (note.design == "grid") out.sampling = Sampling::grid;
  return out;
}

} // namespace platen::campaign

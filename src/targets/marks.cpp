#include "targets/marks.hpp"

#include "base/error.hpp"
#include "targets/rows.hpp"
#include "targets/targets.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen {
namespace {

constexpr std::size_t fields_per_mark = 10;
constexpr std::string_view less = " - ";

/// Takes numbers from the text of a field, or from the row of the targets that it names, and notes that row in the mark.
class NumberReader {
public:
  explicit NumberReader(PublishedMark& mark) : mark_(mark) {}

  /// "21", "T01" or "25 - T04".
  std::optional<double> read(std::string_view text) {
    if (text.empty()) return std::nullopt;
    if (const std::size_t at = text.find(less); at != std::string_view::npos)
      return one(text.substr(0, at)) - one(text.substr(at + less.size()));
    return one(text);
  }

private:
  double one(std::string_view text) {
    if (const auto value = targets::whole_number(text)) return *value;
    static const std::vector<Target> targets = ham2022_targets();
    const auto row = std::find_if(targets.begin(), targets.end(), [&](const Target& t) { return t.id == text; });
    if (row == targets.end() || !row->value)
      throw Error("B020", fmt::format("data/targets/ham2022-figures.csv: `{}` is neither a number nor a row with one", text));
    mark_.rows.push_back(row->id);
    if (mark_.basis.empty()) mark_.basis = row->basis;
    mark_.at_least = mark_.at_least || row->compare == "at_least";
    return *row->value;
  }

  PublishedMark& mark_;
};

bool is_place(std::string_view text) { return text == "start" || text == "first charge" || text == "cycling"; }

PublishedMark to_mark(const std::vector<std::string>& f) {
  PublishedMark m;
  m.figure = f[0];
  m.series = f[1];
  m.basis = f[8];
  m.source = f[9];
  m.x_unit = f[4];
  m.y_unit = f[7];
  NumberReader number(m);
  if (is_place(f[2])) m.place = f[2];
  else m.x = number.read(f[2]);
  m.x_to = number.read(f[3]);
  m.y = number.read(f[5]);
  m.y_to = number.read(f[6]);
  return m;
}

} // namespace

std::vector<PublishedMark> ham2022_marks() {
  std::vector<PublishedMark> out;
  for (const auto& fields : targets::published_rows("ham2022-figures", fields_per_mark)) out.push_back(to_mark(fields));
  return out;
}

} // namespace platen

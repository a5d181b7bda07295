#include "import/arbin/res.hpp"

#include "import/arbin/jet.hpp"
#include "import/container.hpp"
#include "import/text/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <utility>

namespace platen {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double days_to_1970 = 25569.0, day = 86400.0; // Access counts days from 1899-12-30
constexpr std::string_view main_table = "Channel_Normal_Table", auxiliary_table = "Auxiliary_Table",
                           tests_table = "Global_Table", names_table = "Aux_Global_Data_Table",
                           events_table = "Event_Table", version_table = "Version_Table";

double unix_of(double days) { return (days - days_to_1970) * day; }

/// Units of Channel_Normal_Table, which its names leave out.
struct Unit {
  std::string_view column, unit;
};
constexpr std::array units{
    Unit{"Test_Time", "s"},           Unit{"Step_Time", "s"},       Unit{"Current", "A"},
    Unit{"Voltage", "V"},             Unit{"Power", "W"},           Unit{"Charge_Capacity", "Ah"},
    Unit{"Discharge_Capacity", "Ah"}, Unit{"Charge_Energy", "Wh"},  Unit{"Discharge_Energy", "Wh"},
    Unit{"dV/dt", "V/s"},             Unit{"Internal_Resistance", "ohm"}, Unit{"AC_Impedance", "ohm"},
};

/// Data_Type of Auxiliary_Table, in the order in which Global_Table counts the channels of each kind.
struct Kind {
  std::string_view name, unit;
};
constexpr std::array kinds{
    Kind{"Voltage", "V"}, Kind{"Temperature", "C"}, Kind{"Pressure", ""}, Kind{"pH", ""},
    Kind{"Flow_Rate", ""}, Kind{"Concentration", ""}, Kind{"Digital_Input", ""}, Kind{"Digital_Output", ""},
};

/// An auxiliary channel; ordered by kind, then index.
struct Channel {
  int type = 0, index = 0;
  auto operator<=>(const Channel&) const = default;
};

struct ChannelName {
  std::string nickname, unit;
};

class ResReader {
public:
  ResReader(std::string_view bytes, const std::string& name, const ImportOptions& options, const work::Task& task)
      : database_(bytes, name), file_bytes_(bytes.size()), place_(whole_file(name)), options_(options), task_(task) {}

  Record read() {
    if (!database_.has(main_table))
      throw Error("D374", fmt::format("the Access database `{}` is no results file of Arbin's: it has no `{}`", place_.file, main_table),
                  place_, {"Platen reads Arbin's .res files; export other databases as CSV"});
    const jet::Table main = database_.open(main_table);
    read_rows(main);
    table_.file = place_.file;
    table_.layout = fmt::format("{}, table {}", database_.version(), main_table);
    table_.dialect.first_line = 1;
    if (!points_.empty()) read_auxiliary();
    Record record = points_.empty() ? empty_record() : built();
    record.provenance.origin = "measured";
    record.provenance.format = describe();
    describe_test(record);
    read_events(record);
    const auto& notes = notes_.items();
    record.warnings.insert(record.warnings.begin(), notes.begin(), notes.end());
    return record;
  }

  std::string describe() const {
    std::string version;
    each(version_table, [&](const jet::Table& t, const jet::Row& row) {
      if (version.empty()) version = text(t, row, "Version_Schema_Field");
    });
    return fmt::format("Arbin .res, {}{}{}", database_.version(), version.empty() ? "" : ", ", version);
  }

private:
  static double number(const jet::Table& table, const jet::Row& row, std::string_view column) {
    const auto at = table.find(column);
    return at ? row.number(table.columns[*at]) : nan;
  }
  static std::string text(const jet::Table& table, const jet::Row& row, std::string_view column) {
    const auto at = table.find(column);
    return at ? row.text(table.columns[*at]) : std::string();
  }

  /// Rows of a table that may be missing or damaged; then there are none.
  template <class Take> void each(std::string_view name, Take&& take) const {
    if (!database_.has(name)) return;
    try {
      const jet::Table table = database_.open(name);
      database_.rows(table, [&](const jet::Row& row) { take(table, row); });
    } catch (const Error&) {
      return;
    }
  }

  void read_rows(const jet::Table& main) {
    const auto point = main.find("Data_Point"), test = main.find("Test_ID"), time = main.find("Test_Time");
    if (!point || !time)
      throw Error("D374", fmt::format("`{}` of `{}` has no Data_Point or no Test_Time", main_table, place_.file), place_,
                  {"this is not the table that Arbin's MITS Pro writes; export the test as CSV"});
    std::vector<const jet::Column*> kept;
    for (const jet::Column& column : main.columns) {
      if (column.name == "Test_ID") continue;
      kept.push_back(&column);
      table_.columns.push_back(text_column(column));
    }
    std::vector<double> other_tests;
    std::size_t untimed = 0, seen = 0;
    const std::size_t damaged = database_.rows(main, [&](const jet::Row& row) {
      if (++seen % 65536 == 0) task_.check();
      const double id = test ? row.number(main.columns[*test]) : 1.0;
      const double at = row.number(main.columns[*point]), t = row.number(main.columns[*time]);
      if (!std::isfinite(at) || !std::isfinite(t) || !std::isfinite(id)) {
        ++untimed;
        return;
      }
      if (points_.empty()) test_ = id;
      if (id != test_) {
        if (std::find(other_tests.begin(), other_tests.end(), id) == other_tests.end() && other_tests.size() < 100)
          other_tests.push_back(id);
        return;
      }
      points_.push_back({at, points_.size()});
      for (std::size_t c = 0; c < kept.size(); ++c) {
        const double value = row.number(*kept[c]);
        table_.columns[c].values.push_back(table_.columns[c].kind == text::Kind::date ? unix_of(value) : value);
      }
    });
    note_rows(main, damaged, untimed, other_tests.size());
    order_rows();
  }

  text::TextColumn text_column(const jet::Column& column) const {
    text::TextColumn out;
    out.heading.raw = out.heading.name = column.name;
    const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.column == column.name; });
    if (unit != units.end()) out.heading.unit = unit->unit;
    out.kind = column.name == "DateTime" ? text::Kind::date : text::Kind::number;
    return out;
  }

  void note_rows(const jet::Table& main, std::size_t damaged, std::size_t untimed, std::size_t others) {
    if (damaged + untimed > 0)
      notes_.warning("D370", fmt::format("{} rows of `{}` are damaged and left out", damaged + untimed, main_table), place_);
    if (main.stated_rows > seen_rows(damaged, untimed, others, main))
      notes_.warning("D378", fmt::format("`{}` should have {} rows, {} are here", main_table, main.stated_rows, points_.size()),
                     place_, {"the file was cut off or damaged: copy it again from the instrument's computer"});
    if (others > 0)
      notes_.warning("D375", fmt::format("the file holds {} tests; the one with Test_ID {:.0f} was read", others + 1, test_), place_,
                     {"export the others to files of their own with Arbin's Data Watcher"});
  }

  /// Rows accounted for; with several tests in one file those of the others are not counted one by one.
  std::size_t seen_rows(std::size_t damaged, std::size_t untimed, std::size_t others, const jet::Table& main) const {
    return others > 0 ? main.stated_rows : points_.size() + damaged + untimed;
  }

  /// A table has no order of its own: rows stand as the instrument numbered them.
  void order_rows() {
    table_.rows = points_.size();
    if (std::is_sorted(points_.begin(), points_.end())) return;
    std::sort(points_.begin(), points_.end());
    for (text::TextColumn& column : table_.columns) {
      std::vector<double> ordered;
      ordered.reserve(points_.size());
      for (const auto& [point, row] : points_) ordered.push_back(column.values[row]);
      column.values = std::move(ordered);
    }
    for (std::size_t row = 0; row < points_.size(); ++row) points_[row].second = row;
  }

  /// The row of a data point; empty when there is none.
  std::optional<std::size_t> row_of(double point) const {
    // Points are numbered without gaps in every file met so far, so the first guess is nearly always right.
    const double guess = point - points_.front().first;
    if (guess >= 0.0 && guess < static_cast<double>(points_.size()))
      if (const auto& found = points_[static_cast<std::size_t>(guess)]; found.first == point) return found.second;
    const auto found = std::lower_bound(points_.begin(), points_.end(), std::pair(point, std::size_t{0}));
    if (found == points_.end() || found->first != point) return std::nullopt;
    return found->second;
  }

  void read_auxiliary() {
    if (!database_.has(auxiliary_table)) return;
    const jet::Table table = database_.open(auxiliary_table);
    const auto test = table.find("Test_ID"), point = table.find("Data_Point"), index = table.find("Auxiliary_Index"),
               type = table.find("Data_Type");
    if (!point || !index || !type) return;
    // A channel takes a value of every row, so a damaged file must not bring up new ones with each of its rows.
    std::size_t strays = 0, room = (std::size_t{1} << 20) + file_bytes_;
    for (const std::string_view quantity : {"X", "dX/dt"}) {
      const auto value = table.find(quantity);
      if (!value) continue;
      std::map<Channel, std::vector<double>> channels;
      const std::size_t damaged = database_.rows(table, [&](const jet::Row& row) {
        if (test && row.number(table.columns[*test]) != test_) return;
        const double i = row.number(table.columns[*index]), k = row.number(table.columns[*type]);
        const auto at = row_of(row.number(table.columns[*point]));
        if (!at || !(i >= 0.0 && i < 32768.0) || !(k >= 0.0 && k < 32768.0)) {
          ++strays;
          return;
        }
        const Channel channel{static_cast<int>(k), static_cast<int>(i)};
        auto found = channels.find(channel);
        if (found == channels.end() && room < table_.rows) {
          ++strays;
          return;
        }
        if (found == channels.end()) {
          room -= table_.rows;
          found = channels.emplace(channel, std::vector<double>(table_.rows, nan)).first;
        }
        found->second[*at] = row.number(table.columns[*value]);
      });
      strays += damaged;
      add_channels(std::move(channels), quantity == "X" ? "" : "_slope", quantity == "X" ? "" : "/s");
    }
    if (strays > 0)
      notes_.warning("D376", fmt::format("{} values of auxiliary channels belong to no row or are damaged, and were left out", strays),
                     place_);
  }

  void add_channels(std::map<Channel, std::vector<double>> channels, std::string_view suffix, std::string_view per) {
    const std::map<Channel, ChannelName> names = channel_names();
    for (auto& [channel, values] : channels) {
      const auto type = static_cast<std::size_t>(channel.type);
      const Kind kind = type < kinds.size() ? kinds[type] : Kind{"Type", ""};
      text::TextColumn column;
      column.heading.name = type < kinds.size() ? fmt::format("Aux_{}_{}{}", kind.name, channel.index, suffix)
                                                : fmt::format("Aux_Type{}_{}{}", channel.type, channel.index, suffix);
      column.heading.raw = column.heading.name;
      column.heading.unit = kind.unit;
      if (const auto named = names.find(channel); named != names.end()) {
        if (!named->second.nickname.empty()) column.heading.raw += fmt::format(" ({})", named->second.nickname);
        if (!named->second.unit.empty()) column.heading.unit = named->second.unit;
      }
      if (!column.heading.unit.empty()) column.heading.unit += per;
      column.kind = text::Kind::number;
      column.values = std::move(values);
      table_.columns.push_back(std::move(column));
    }
  }

  std::map<Channel, ChannelName> channel_names() const {
    std::map<Channel, ChannelName> out;
    each(names_table, [&](const jet::Table& t, const jet::Row& row) {
      const double i = number(t, row, "Auxiliary_Index"), k = number(t, row, "Data_Type");
      if (!(i >= 0.0 && i < 32768.0) || !(k >= 0.0 && k < 32768.0) || out.size() > 10000) return;
      out[{static_cast<int>(k), static_cast<int>(i)}] = {text(t, row, "Nickname"), text(t, row, "Unit")};
    });
    return out;
  }

  Record built() {
    text::TableOptions wanted;
    if (options_.cell) wanted.mapping = options_.cell->columns;
    text::name_columns(table_, wanted);
    return text::build_record(table_, options_);
  }

  static Record empty_record() {
    Record record;
    for (const std::string_view name : {col::test_time, col::current, col::voltage}) record.set(name, std::vector<double>{});
    return record;
  }

  void describe_test(Record& record) const {
    each(tests_table, [&](const jet::Table& t, const jet::Row& row) {
      if (!points_.empty() && number(t, row, "Test_ID") != test_) return;
      for (const jet::Column& column : t.columns) {
        if (std::string words = row.text(column); !words.empty()) record.metadata.try_emplace(column.name, std::move(words));
        const double value = row.number(column);
        if (column.name == "Start_DateTime" && std::isfinite(value))
          record.metadata.try_emplace("start", fmt::format("{:.3f} s since 1970-01-01, taken as UTC", unix_of(value)));
        if (column.name == "Channel_Index" && std::isfinite(value))
          record.metadata.try_emplace("channel", fmt::format("{}", value + 1.0));
      }
    });
  }

  void read_events(Record& record) const {
    each(events_table, [&](const jet::Table& t, const jet::Row& row) {
      const double time = number(t, row, "Test_Time");
      if (number(t, row, "Test_ID") != test_ || !std::isfinite(time)) return;
      record.events.push_back({time, "instrument", text(t, row, "Event_Describe")});
    });
    std::stable_sort(record.events.begin(), record.events.end(),
                     [](const Event& a, const Event& b) { return a.time < b.time; });
  }

  jet::Database database_;
  std::size_t file_bytes_;
  Place place_;
  const ImportOptions& options_;
  const work::Task& task_;
  text::TextTable table_;
  Diagnostics notes_;
  double test_ = 1.0;
  std::vector<std::pair<double, std::size_t>> points_; ///< Data_Point and row, ascending
};

} // namespace

bool looks_like_res(std::string_view bytes) noexcept { return jet::Database::is(bytes); }

std::string describe_res(std::string_view bytes, const std::string& name) {
  try {
    const ImportOptions options;
    const work::Task task;
    return ResReader(bytes, name, options, task).describe();
  } catch (const Error& e) {
    return "Access database: " + e.diagnostics().front().message;
  }
}

Record read_res(std::string_view bytes, const std::string& name, const ImportOptions& options, const work::Task& task) {
  return ResReader(bytes, name, options, task).read();
}

} // namespace platen

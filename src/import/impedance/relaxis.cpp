#include "import/impedance/relaxis.hpp"

#include "import/impedance/points.hpp"
#include "import/text/encoding.hpp"
#include "import/text/number.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numbers>
#include <optional>
#include <utility>

namespace platen {
namespace {

using namespace impedance_files;

/// Columns of one spectrum in a line of headings; `none` where there is no such column.
struct Block {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t frequency = none, real = none, imaginary = none, modulus = none, phase = none;
  bool usable() const { return (real != none && imaginary != none) || (modulus != none && phase != none); }
};

/// "Data: Frequency<tab>Data: Z'<tab>Data: Z''<tab>Data: |Z|<tab>Data: Theta (Z)", once for each spectrum
/// beside another; columns of a fit ("Model: Z'") are passed over.
std::vector<Block> blocks_of(const std::vector<std::string_view>& headings) {
  std::vector<Block> out;
  for (std::size_t i = 0; i < headings.size(); ++i) {
    std::string_view heading = trim(headings[i]);
    if (!heading.starts_with("Data:")) continue;
    heading = trim(heading.substr(5));
    if (heading.starts_with("Frequency")) {
      out.emplace_back();
      out.back().frequency = i;
    }
    if (out.empty()) continue;
    Block& block = out.back();
    const auto claim = [&](std::size_t& place, std::string_view name) {
      if (place == Block::none && (heading == name || heading.starts_with(std::string(name) + " ")))
        place = i;
    };
    claim(block.imaginary, "Z''");
    claim(block.real, "Z'");
    claim(block.modulus, "|Z|");
    claim(block.phase, "Theta");
  }
  std::erase_if(out, [](const Block& b) { return !b.usable(); });
  return out;
}

/// The number behind "DC=" in "DC=-0.080042, TM=33.74": the mean voltage.
std::optional<double> mean_voltage(std::string_view conditions) {
  for (const std::string_view part : text::split(conditions, ',')) {
    const std::string_view word = trim(part);
    if (word.starts_with("DC=")) return text::parse_number(word.substr(3), '.');
  }
  return std::nullopt;
}

class Reader {
public:
  Reader(std::string text, const std::string& name)
      : text_(std::move(text)), name_(name), decimal_(decimal_mark(text_)) {}

  Record read() {
    record_.provenance.origin = "measured";
    record_.provenance.format = "RelaxIS text";
    text::Lines lines(text_);
    for (text::Line line; lines.next(line);) {
      if (trim(line.text).empty()) continue;
      const auto fields = text::split(line.text, '\t');
      if (auto blocks = blocks_of(fields); !blocks.empty()) {
        finish_group();
        blocks_ = std::move(blocks);
        width_ = fields.size();
      } else if (blocks_.empty()) {
        take_header(line.text);
      } else if (rows_.empty() && trim(fields.front()).find('=') != std::string_view::npos) {
        conditions_ = fields;
      } else {
        rows_.push_back({line, fields, lines.ended()});
      }
    }
    finish_group();
    points_.finish(record_, begun_);
    return std::move(record_);
  }

private:
  struct Row {
    text::Line line;
    std::vector<std::string_view> fields;
    bool ended;
  };

  void take_header(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const std::string key = text::to_utf8(trim(line.substr(0, colon)));
    const std::string value = text::to_utf8(trim(line.substr(colon + 1)));
    if (key.size() > 100 || value.empty() || value.size() > 500 || record_.metadata.size() > 50) return;
    record_.metadata.emplace(key == "Date" ? "exported on" : key, value);
  }

  void finish_group() {
    for (const Block& block : blocks_) {
      Spectrum head;
      for (std::size_t i = block.frequency; i < conditions_.size() && i < next_block(block); ++i) {
        const std::string_view word = trim(conditions_[i]);
        if (const auto dc = mean_voltage(word)) head.dc_voltage = dc;
        if (!word.empty() && word.find('=') == std::string_view::npos && !word.starts_with("Model:"))
          head.label = text::to_utf8(word);
        else if (word.find('=') != std::string_view::npos)
          record_.metadata[fmt::format("conditions {}", ++described_)] = text::to_utf8(word);
      }
      points_.begin(std::move(head));
      for (const Row& row : rows_) take(row, block);
    }
    rows_.clear();
    conditions_.clear();
  }

  std::size_t next_block(const Block& block) const {
    const auto after = std::find_if(blocks_.begin(), blocks_.end(),
                                    [&](const Block& b) { return b.frequency > block.frequency; });
    return after != blocks_.end() ? after->frequency : width_;
  }

  void take(const Row& row, const Block& block) {
    const std::size_t end = std::min(next_block(block), row.fields.size());
    const bool blank =
        std::all_of(row.fields.begin() + static_cast<std::ptrdiff_t>(std::min(block.frequency, end)),
                    row.fields.begin() + static_cast<std::ptrdiff_t>(end),
                    [](std::string_view f) { return trim(f).empty(); });
    if (blank && row.ended) return; // a shorter spectrum beside a longer one
    if (!row.ended && row.fields.size() < width_)
      return points_.refuse(row.line,
                            fmt::format("the file ends after field {} of {}", row.fields.size(), width_));
    Point p;
    p.frequency = number_at(row.fields, block.frequency, decimal_);
    if (block.real != Block::none && block.imaginary != Block::none) {
      p.real = number_at(row.fields, block.real, decimal_);
      p.imaginary = number_at(row.fields, block.imaginary, decimal_);
    } else {
      const double modulus = number_at(row.fields, block.modulus, decimal_);
      const double phase = number_at(row.fields, block.phase, decimal_) * std::numbers::pi / 180.0;
      p.real = modulus * std::cos(phase);
      p.imaginary = modulus * std::sin(phase);
    }
    points_.add(row.line, p);
  }

  std::string text_, name_;
  char decimal_;
  Record record_;
  Points points_{name_};
  std::vector<Block> blocks_;
  std::vector<std::string_view> conditions_;
  std::vector<Row> rows_;
  std::size_t width_ = 0, described_ = 0;
  double begun_ = std::numeric_limits<double>::quiet_NaN(); // the date is that of the export
};

} // namespace

bool is_relaxis(std::string_view bytes) noexcept {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const std::string_view first = bytes.substr(0, std::min<std::size_t>(bytes.find('\n'), 100));
  return first.starts_with("RelaxIS") && first.find("export") != std::string_view::npos;
}

Record read_relaxis(std::string bytes, const std::string& name) {
  return Reader(text::decode(std::move(bytes)).text, name).read();
}

} // namespace platen

#include "corpus/corpus.hpp"

#include "corpus/described.hpp"
#include "corpus/simulated.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace platen::corpus {
namespace {

/// The kind of a seed: kinds take turns in proportion to their shares, so that any hundred cells in a row hold all of them.
template <class Table> const auto& kind_of(const Table& table, std::uint64_t seed) {
  constexpr std::uint64_t spread = 37; // prime to 100: the cells of one kind do not stand in a row
  int slot = static_cast<int>(seed * spread % 100);
  for (const auto& kind : table) {
    slot -= kind.share;
    if (slot < 0) return kind;
  }
  return table.back();
}

template <class Table> constexpr int shares(const Table& table) {
  int sum = 0;
  for (const auto& kind : table) sum += kind.share;
  return sum;
}
static_assert(shares(described::table) == 100 && shares(simulated::table) == 100);

template <class Table> std::vector<std::string> names(const Table& table) {
  std::vector<std::string> out;
  for (const auto& kind : table) out.emplace_back(kind.name);
  return out;
}

Twins make(Generator generator, std::uint64_t seed, WithTwin with_twin, const work::Task& task) {
  if (generator == Generator::simulated) return simulated::make(kind_of(simulated::table, seed), seed, with_twin, task);
  const described::Kind& kind = kind_of(described::table, seed);
  described::Test test = kind.full ? described::full_cell(kind, seed, task) : described::symmetric_cell(kind, seed, task);
  Benched benched = record_on(test.bench, test.ideal, std::move(test.moments), std::move(test.label), with_twin);
  return {{Generator::described, seed, std::move(benched.record), std::move(benched.label)}, std::move(benched.twin)};
}

Twins named(Twins twins) {
  Cell& cell = twins.cell;
  cell.record.cell.name = fmt::format("{} {}", label(cell.generator), cell.seed);
  cell.record.provenance = {.origin = "simulated through instrument", .program = {}, .format = fmt::format("labelled cell, {}", label(cell.generator)),
                            .sources = {}, .seed = cell.seed};
  return twins;
}

} // namespace

std::string_view label(Generator generator) { return generator == Generator::simulated ? "simulated" : "described"; }

std::vector<std::string> set_labels() {
  std::vector<std::string> out{"development"};
  for (std::uint64_t n = 2; n < static_cast<std::uint64_t>(Set::last); ++n) out.push_back(fmt::format("evaluation-{}", n - 1));
  out.emplace_back("final");
  return out;
}

std::string label(Set set) { return set_labels()[static_cast<std::size_t>(set) - 1]; }

Set set_of(std::string_view label) {
  const std::vector<std::string> labels = set_labels();
  return static_cast<Set>(std::find(labels.begin(), labels.end(), label) - labels.begin() + 1);
}

std::uint64_t seed_of(Set set, std::uint64_t number) { return 1'000'000 * static_cast<std::uint64_t>(set) + number; }

Cell make_cell(Generator generator, std::uint64_t seed, const work::Task& task) { return named(make(generator, seed, WithTwin::no, task)).cell; }

Twins make_twins(Generator generator, std::uint64_t seed, const work::Task& task) { return named(make(generator, seed, WithTwin::yes, task)); }

std::vector<std::string> kinds(Generator generator) { return generator == Generator::simulated ? names(simulated::table) : names(described::table); }

} // namespace platen::corpus

#pragma once
// Labelled cells generated from seeds: records whose truth is known. Theory: docs/theory/corpus.md.

#include "corpus/label.hpp"
#include "corpus/twin.hpp"
#include "record/record.hpp"
#include "work/work.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace platen::corpus {

/// `simulated`: cells of the simulator; their truth is read from its states. `described`: waveforms made up from what the
/// literature describes, without any law of the simulator.
enum class Generator { simulated, described };
std::string_view label(Generator generator);

/// Disjoint sets of seeds, counted from 1. Faults of the judge's logic may be sought in `development`; `last` gives final figures only,
/// once; the evaluation sets between them gave those of earlier judges and are no longer unseen.
enum class Set : std::uint64_t { development = 1, last = 6 };
/// "development", "evaluation-1" and on, "final", in order.
std::vector<std::string> set_labels();
std::string label(Set set);
/// The set with one of these labels.
Set set_of(std::string_view label);

/// Seed of cell `number` (from 0, below a million) of a set: as many millions as the set's count, plus the number. Both generators have
/// cells of every seed.
std::uint64_t seed_of(Set set, std::uint64_t number);

struct Cell {
  Generator generator = Generator::described;
  std::uint64_t seed = 0;
  Record record;
  Label label;
};

/// One labelled cell: the same for the same generator and seed, on any number of cores.
/// @throws Error S0xx when the simulator fails on a drawn study; Cancelled.
Cell make_cell(Generator generator, std::uint64_t seed, const work::Task& task = {});

/// The same cell, and what its leak did to each row.
struct Twins {
  Cell cell;
  Twin twin;
};
/// @throws as make_cell.
Twins make_twins(Generator generator, std::uint64_t seed, const work::Task& task = {});

/// Every kind of cell that a generator draws, in the order of docs/theory/corpus.md.
std::vector<std::string> kinds(Generator generator);

} // namespace platen::corpus

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

/// Disjoint sets of seeds. Faults of the judge's logic may be sought in `development`; `evaluation` gave figures several times while the
/// judge was mended; `earlier` gave final figures twice, `former` once; `last` gives final figures only, once.
enum class Set { development, evaluation, earlier, former, last };
std::string_view label(Set set);
/// The set with a label.
Set set_of(std::string_view label);

/// Seed of cell `number` (from 0, below a million) of a set: 1 000 000 to 5 000 000 plus the number. Both generators have
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

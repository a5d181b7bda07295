#pragma once
// What stands between a cell and its record: an instrument drawn at random, rows that were lost or written on a change of
// the voltage, tests that were interrupted, and what nobody wrote down.

#include "corpus/draws.hpp"
#include "corpus/label.hpp"
#include "corpus/twin.hpp"
#include "instrument/instrument.hpp"

#include <cstdint>
#include <vector>

namespace platen::corpus {

struct Bench {
  Instrument instrument;
  double interval = 10.0;       ///< s between rows
  double voltage_step = 0.0;    ///< V; a row is written also when the voltage has changed by this. 0: in time alone
  double lost_rows = 0.0;       ///< share
  double ends_at = 1.0;         ///< share of the test after which nobody recorded any more
  double gap_at = 0.0;          ///< share of the test at which power failed
  double gap = 0.0;             ///< s, for how long; 0: it did not
  double thickness_error = 1.0, conductivity_error = 1.0; ///< 1, factors between the cell and its sheet
  bool geometry = true;         ///< area, thickness and conductivity are on the sheet
  bool area = true;             ///< the area at least is
  bool pressure = true, temperature = true, steps = true; ///< columns that are there
  std::uint64_t seed = 1;

  /// Rows that the ideal record needs, s apart.
  double ideal_interval() const { return voltage_step > 0.0 ? std::max(0.5, 0.2 * interval) : interval; }
};

/// What a test asks of its instrument.
struct Need {
  double half_cycle = 0.0; ///< s, usual duration
  double duration = 0.0;   ///< s, of the whole test
  double current = 0.0;    ///< A, the largest
  double voltage = 0.0;    ///< V, of a healthy cell at that current
};
/// Nobody runs a test of which the instrument would show nothing: noise and resolution are small against that voltage.
Bench draw_bench(Draws& draws, const Need& need, std::uint64_t seed);

/// The record that the bench would have written of `ideal`, and its label: what `course` says of the leak as far as the
/// record goes. `label` has its kind and its lost contacts.
struct Benched {
  Record record;
  Label label;
  Twin twin; ///< where `ideal` has the columns of one and it is asked for, else empty
};
enum class WithTwin { no, yes };
Benched record_on(const Bench& bench, const Record& ideal, std::vector<Moment> course, Label label, WithTwin with_twin = WithTwin::no);

} // namespace platen::corpus

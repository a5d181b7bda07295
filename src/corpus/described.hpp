#pragma once
// The second generator: waveforms made up from described phenomenology.

#include "corpus/corpus.hpp"
#include "corpus/course.hpp"
#include "corpus/leak.hpp"

#include <array>
#include <string_view>

namespace platen::corpus::described {

/// What is remarkable about a cell, beside or instead of a short.
enum class Look { plain, voids, break_in, temperature, interphase, tightened, contact_lost, contact_regained };

struct Kind {
  std::string_view name;
  bool full = false;
  Look look = Look::plain;
  LeakKind leak = LeakKind::none;
  int share = 1; ///< of a hundred cells
};

/// Shares add up to 100.
inline constexpr std::array table{
    Kind{"healthy", false, Look::plain, LeakKind::none, 8},
    Kind{"healthy, voids refilled", false, Look::voids, LeakKind::none, 5},
    Kind{"healthy, native layers break in", false, Look::break_in, LeakKind::none, 5},
    Kind{"healthy, temperature drifts", false, Look::temperature, LeakKind::none, 4},
    Kind{"healthy, interphase grows", false, Look::interphase, LeakKind::none, 4},
    Kind{"healthy, tightened again", false, Look::tightened, LeakKind::none, 3},
    Kind{"healthy full cell", true, Look::plain, LeakKind::none, 6},
    Kind{"healthy full cell, voids refilled", true, Look::voids, LeakKind::none, 2},
    Kind{"healthy full cell, temperature drifts", true, Look::temperature, LeakKind::none, 2},
    Kind{"healthy full cell, tightened again", true, Look::tightened, LeakKind::none, 1},
    Kind{"contact lost", false, Look::contact_lost, LeakKind::none, 4},
    Kind{"contact lost and regained", false, Look::contact_regained, LeakKind::none, 4},
    Kind{"full cell, contact lost", true, Look::contact_lost, LeakKind::none, 3},
    Kind{"collapse to a wire", false, Look::plain, LeakKind::collapse, 5},
    Kind{"falls in steps", false, Look::plain, LeakKind::staircase, 3},
    Kind{"dips with recovery", false, Look::plain, LeakKind::dips, 4},
    Kind{"flickering contact", false, Look::plain, LeakKind::flicker, 4},
    Kind{"slow percolation", false, Look::plain, LeakKind::percolation, 4},
    Kind{"dissolves at reversal", false, Look::plain, LeakKind::dissolves, 4},
    Kind{"one direction only", false, Look::plain, LeakKind::one_direction, 3},
    Kind{"burns out", false, Look::plain, LeakKind::burns_out, 3},
    Kind{"shorted before the test", false, Look::plain, LeakKind::from_the_start, 3},
    Kind{"faint leak", false, Look::plain, LeakKind::faint, 3},
    Kind{"full cell, collapse to a wire", true, Look::plain, LeakKind::collapse, 3},
    Kind{"full cell, growing leak", true, Look::plain, LeakKind::percolation, 3},
    Kind{"full cell, flickering contact", true, Look::plain, LeakKind::flicker, 2},
    Kind{"full cell, dips with recovery", true, Look::plain, LeakKind::dips, 2},
    Kind{"full cell, dissolves at reversal", true, Look::plain, LeakKind::dissolves, 1},
    Kind{"full cell, shorted before the test", true, Look::plain, LeakKind::from_the_start, 1},
    Kind{"full cell, faint leak", true, Look::plain, LeakKind::faint, 1},
};

/// A made-up test with the truth of every moment, before an instrument saw it.
struct Test {
  Record ideal;
  std::vector<Moment> moments;
  Label label; ///< kind and lost contacts
  Bench bench;
};
/// What `course` gathered of a cell of `kind`, as a test on `bench`; spends the course.
inline Test finished(Course& course, const Kind& kind, const Bench& bench) {
  Test out;
  out.label.kind = kind.name;
  out.label.lost_contact = course.lost_contact();
  out.moments = course.take_moments();
  out.ideal = course.take_record();
  out.bench = bench;
  return out;
}
Test symmetric_cell(const Kind& kind, std::uint64_t seed, const work::Task& task);
Test full_cell(const Kind& kind, std::uint64_t seed, const work::Task& task);

} // namespace platen::corpus::described

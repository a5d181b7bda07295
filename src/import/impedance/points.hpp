#pragma once
// Points of impedance spectra on their way into a record: what every text format of impedance has in common.

#include "base/error.hpp"
#include "import/sweeps.hpp"
#include "import/text/sniff.hpp"
#include "import/text/time.hpp"
#include "record/record.hpp"

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace platen::impedance_files {

/// One point as a file has it. NaN: the file does not say.
struct Point {
  double frequency = std::numeric_limits<double>::quiet_NaN(); ///< Hz
  double real = std::numeric_limits<double>::quiet_NaN();      ///< ohm
  double imaginary = std::numeric_limits<double>::quiet_NaN(); ///< ohm, negative for a capacitor
  double time = std::numeric_limits<double>::quiet_NaN();      ///< s
  double voltage = std::numeric_limits<double>::quiet_NaN();   ///< V, the mean under the modulation
  double current = std::numeric_limits<double>::quiet_NaN();   ///< A, likewise
};

/// Takes the points of a file one after another; refuses those that cannot be one.
class Points {
public:
  explicit Points(std::string file) : file_(std::move(file)) {}

  /// The points that follow belong together: one sweep, or several (see `split_sweeps`). @param head what the
  /// file says of them: label, modulation, amplitude, mean voltage.
  void begin(Spectrum head);
  /// Takes the point, or refuses it: a frequency that is not positive, an impedance that is no number.
  void add(const text::Line& line, const Point& point);
  void refuse(const text::Line& line, std::string reason);
  std::size_t taken() const noexcept { return taken_; }
  std::size_t refused() const noexcept { return refused_; }

  /// Puts spectra, rejects and a warning (D350) into the record. Spectra without points are left out. `start`
  /// of a spectrum is the time of its first point; `begun` (s since 1970) plus that time is its `unix_time`.
  /// @throws Error D351 when there is no point at all.
  void finish(Record& record, double begun = std::numeric_limits<double>::quiet_NaN());

private:
  struct Group {
    Spectrum head;
    ImpedanceRows rows;
  };
  std::string file_;
  std::vector<Group> groups_;
  std::vector<Reject> rejects_;
  std::size_t taken_ = 0, refused_ = 0;
};

/// The decimal mark of lines whose fields no comma separates: a comma where more digits are parted by commas
/// than by points.
char decimal_mark(std::string_view text);

/// A field of a line that has been split; NaN when it is absent or no number.
double number_at(const std::vector<std::string_view>& fields, std::size_t at, char decimal);

/// Start of a measurement from a header's date and time of day, s since 1970, as UTC; NaN when they are none.
/// Warns when day and month could be the other way round (D015) and says in the metadata that the zone is not
/// known.
double start_of(Record& record, const std::string& file, std::string_view date, std::string_view time_of_day);

/// The area a header states, m2, becomes the cell's. 1 cm2 is what the programs write when nobody has said
/// anything; it is not taken, and D358 says so. @param area in cm2.
void take_area(Record& record, const std::string& file, double area);

/// Peak of a sine from its root mean square.
double peak_of_rms(double rms) noexcept;

/// Gives the rows of a run, which have test time alone, their dates. @param begun s since 1970-01-01 of test time zero; NaN: unknown, and
/// nothing is done.
void date_rows(Record& record, double begun);

} // namespace platen::impedance_files

#pragma once
// What the verbs of impedance share: spectra out of files, those chosen, what a user said of parameters, figures and records written.

#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "report/impedance.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace platen::cli {

struct SpectraInput {
  struct Source {
    std::size_t record = 0;   ///< whose it is
    std::size_t spectrum = 0; ///< its place there, from 0
  };
  std::vector<report::SpectrumData> spectra; ///< of all files, in order
  std::vector<Source> sources;               ///< of each of them
  std::vector<Record> records;
  Paths files; ///< of each record

  /// The record of a spectrum: its cell, its pressure.
  const Record& of(std::size_t spectrum) const { return records[sources[spectrum].record]; }
};

/// Reads every file that was named and tells their notes and warnings. A folder is the files of one test, or else every file in it that
/// holds spectra, by name. Spectra of several files get one time: by the clock when all files have one, by `--every` when that is given.
/// The points of `--drop` are left out, which is said. @throws Error D217 when a file holds no spectrum; U006; what `read_input` throws.
SpectraInput read_spectra(const Arguments& arguments);

/// Which spectra `--spectrum N` or `--spectrum all` means: by default the first of each file; a note says so when there are more.
/// @throws Error U006.
std::vector<std::size_t> chosen(const Arguments& arguments, const SpectraInput& input);

/// Weights, starts, seed, --fix, --tie and --bounds. @throws Error U006.
impedance::FitOptions fit_options(const Arguments& arguments);

/// "R1,R2" as names; empty without the option. @throws Error U006 when one is empty.
std::vector<std::string> names_given(const Arguments& arguments, std::string_view option);

/// "0.60 mm", or with its standard error "0.60 +- 0.02 mm". @throws Error U006.
std::optional<impedance::Uncertain> uncertain_given(const Arguments& arguments, std::string_view option, const Dimension& dimension);
/// "140 degC, 160 degC" in SI. @throws Error U006.
std::vector<double> quantities_given(const Arguments& arguments, std::string_view option, const Dimension& dimension);

/// Thickness and area of the pellet of a spectrum: the option's, else those of the cell file.
struct Geometry {
  std::optional<impedance::Uncertain> thickness, area;
};
Geometry geometry_given(const Arguments& arguments, const CellInfo& cell);

/// Writes figures into the folder of `--plots`, when given; `of` stands before their names when it is not empty. @throws Error D002.
void write_plots(const Arguments& arguments, const std::vector<std::pair<std::string, std::string>>& named, const std::string& of = "");

/// Puts analyses into the records they belong to and writes those to `--output`, when given: one file for one record, else a folder.
/// @throws Error U006, U007, U008, D002.
struct Found {
  std::size_t record = 0;
  Analysis analysis;
};
void write_output(const Arguments& arguments, SpectraInput& input, std::vector<Found> found);

/// What a verb tells of one spectrum.
struct SpectrumAnswer {
  std::string text; ///< or JSON
  std::vector<std::pair<std::string, std::string>> figures; ///< name and SVG
  Analysis analysis;
};
/// Answers for every chosen spectrum, given by its place in `input.spectra`: prints them (several as a JSON array or one below the other),
/// writes figures and records. @throws what `chosen`, `write_plots` and `write_output` throw.
int answer_chosen(const Arguments& arguments, SpectraInput& input, const std::function<SpectrumAnswer(std::size_t)>& answer_of);

/// All spectra as one record, with the times they have here; the analyses of a series belong to it.
void join(SpectraInput& input);

inline constexpr Option cell_option{"--cell", "CELL.toml", "what is known of the cell; default: FILE.cell.toml or STEM.cell.toml beside FILE"};
inline constexpr Option spectrum_option{"--spectrum", "N|all", "which spectrum of each file, counted from 1 (default 1), or all"};
inline constexpr Option drop_option{"--drop", "LIST", "points to leave out, counted from 1: 3,5-8; or `proposed`: those `eis inspect` proposes"};
inline constexpr Option output_option{"--output", "PATH", "write the record with this result in it (.h5, .xlsx or .csv); a folder with several files"};
inline constexpr Option plots_option{"--plots", "FOLDER", "write figures (SVG) into this folder"};
inline constexpr Option eis_json_option{"--json", "", "answer as JSON (docs/formats/json.md); an array with several spectra"};
inline constexpr Option weights_option{"--weights", "KIND", "modulus (default), unit, proportional, or noise: as estimated from the data"};
inline constexpr Option starts_option{"--starts", "N", "starts of the fit (default 20)"};
inline constexpr Option fit_seed_option{"--seed", "N", "seed of the starts (default 1)"};
inline constexpr Option fix_option{"--fix", "LIST", "parameters that are known, SI: R0=29.1,CPE1.n=1"};
inline constexpr Option tie_option{"--tie", "LIST", "parameters that share a value: R2=R1, or in a ratio: R2=0.5*R1"};
inline constexpr Option bounds_option{"--bounds", "LIST", "limits, SI: CPE1.n=0.7:1"};
inline constexpr Option thickness_option{"--thickness", "L", "of the pellet, \"0.6 mm\" or \"0.60 +- 0.02 mm\"; default: from the cell file"};
inline constexpr Option area_option{"--area", "A", "of the pellet, \"0.785 cm2\", also with +-; default: from the cell file"};

} // namespace platen::cli

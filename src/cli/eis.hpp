#pragma once
// What the verbs of impedance share: spectra out of files, one chosen, what a user said of parameters, figures written.

#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "report/impedance.hpp"

#include <string>
#include <utility>
#include <vector>

namespace platen::cli {

struct SpectraInput {
  std::vector<report::SpectrumData> spectra; ///< of all files, in order
  Record record;                             ///< of the last file: cell and pressure
};

/// Reads every file that was named and tells their notes and warnings. @throws Error D217 when a file holds no spectrum; what
/// `read_input` throws.
SpectraInput read_spectra(const Arguments& arguments);

/// The spectrum of `--spectrum N` (from 1), by default the first; a note says so when there are more. @throws Error U006.
const report::SpectrumData& chosen(const Arguments& arguments, const SpectraInput& input);

/// Weights, starts, seed, --fix, --tie and --bounds. @throws Error U006.
impedance::FitOptions fit_options(const Arguments& arguments);

/// Writes figures into the folder of `--plots`, when given. @throws Error D002.
void write_plots(const Arguments& arguments, const std::vector<std::pair<std::string, std::string>>& named);

inline constexpr Option cell_option{"--cell", "CELL.toml", "what is known of the cell; default: FILE.cell.toml or STEM.cell.toml beside FILE"};
inline constexpr Option spectrum_option{"--spectrum", "N", "which spectrum of the file, counted from 1 (default 1)"};
inline constexpr Option plots_option{"--plots", "FOLDER", "write figures (SVG) into this folder"};
inline constexpr Option eis_json_option{"--json", "", "answer as JSON (docs/formats/json.md)"};
inline constexpr Option circuit_option{"--circuit", "CIRCUIT", "as in 'R0-p(R1,CPE1)-W1'; default: named circuits are tried in turn"};
inline constexpr Option weights_option{"--weights", "KIND", "modulus (default), unit or proportional"};
inline constexpr Option starts_option{"--starts", "N", "starts of the fit (default 20)"};
inline constexpr Option fit_seed_option{"--seed", "N", "seed of the starts (default 1)"};
inline constexpr Option fix_option{"--fix", "LIST", "parameters that are known, SI: R0=29.1,CPE1.n=1"};
inline constexpr Option tie_option{"--tie", "LIST", "parameters that share a value: R2=R1"};
inline constexpr Option bounds_option{"--bounds", "LIST", "limits, SI: CPE1.n=0.7:1"};

} // namespace platen::cli

#pragma once
// What a library keeps of one cell: made of its record and of what was judged of it.

#include "assess/assessment.hpp"
#include "library/table.hpp"
#include "record/record.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace platen::library {

/// The rules that a verdict was given by: the table of thresholds and its checksum.
struct Rules {
  struct Threshold {
    std::string name;
    double value = 0.0;
    std::string unit;
  };
  std::string hash; ///< SHA-256 of names, values and units in the order of the table
  std::vector<Threshold> thresholds;
};
/// Those of this program.
Rules current_rules();
Rules make_rules(std::vector<Rules::Threshold> thresholds);

/// One thing that is known of a cell's preparation.
struct Fact {
  std::string key;             ///< as in cell files, "stack_pressure"; or any other that a user chose
  std::optional<double> value; ///< SI
  std::string unit;            ///< SI, "1" for a pure number; empty without a value
  std::string text;            ///< words; of a quantity that a user gave, as it was written
  std::string source;          ///< "data" | "cell file" | "given" | "other library"
  friend bool operator==(const Fact&, const Fact&) = default;
};

/// "key=value" of a user: a key of cell files with its dimension, or any other key with a quantity or words.
/// @throws Error U026 when there is no "=", no key or no value, or a key of cell files has a wrong value.
Fact parse_fact(std::string_view text);
/// Puts a fact of a key of cell files into `cell`; others are left alone.
void apply(const Fact& fact, CellInfo& cell);

struct File {
  std::string role; ///< "data": given by the user; "beside": read too; "cell file"; "origin": what a record of Platen was made of
  std::string path; ///< absolute
  std::string sha256;
  std::optional<std::int64_t> size; ///< bytes
  std::string content;              ///< of a cell file: its text
};

/// A verdict with the program and the rules that gave it. Numbers are SI, as in `Assessment`.
struct Judgement {
  std::string program;
  Rules rules;
  std::string verdict, reason;
  std::optional<double> onset; ///< s
  std::optional<std::int64_t> onset_half_cycle, onset_cycle; ///< from 1
  std::optional<double> ccd_last_passed, ccd_failing_step, ccd_grid; ///< A/m2
  std::string ccd_refused;
  std::optional<double> capacity_per_half_cycle, capacity_to_failure; ///< C/m2
  std::optional<double> voltage_offset;                               ///< V
  std::optional<double> ionic_floor;                                  ///< ohm m2
  std::int64_t half_cycles = 0;
  std::optional<double> pressure_minimum, pressure_maximum, pressure_largest_swing, pressure_largest_change, pressure_after_release; ///< Pa
  std::string answer; ///< JSON: all that was judged, as `platen assess --json` gives it
};
Judgement make_judgement(const Assessment& assessment, std::string answer, std::string program, Rules rules);

/// Files of one test as a user gave them, and what tells them again.
struct Inputs {
  std::vector<std::filesystem::path> paths; ///< absolute; files, or one folder
  std::vector<File> data;                   ///< the data files behind them
  std::string fingerprint;                  ///< of one file its SHA-256; of several that of their sorted checksums
};
/// Reads and sums the files. `data_files` are those behind `paths`. @throws Error D001.
Inputs make_inputs(const std::vector<std::filesystem::path>& paths, const std::vector<std::filesystem::path>& data_files);

/// One value of the study of a simulated cell.
struct StudyValue {
  std::string key;             ///< "cell.layers[1].mass"
  std::optional<double> value; ///< SI
  std::string unit;            ///< SI, "1" for a pure number; empty without a value
  std::string text, basis;     ///< as written; stated, read, assumed ...
};

struct Entry {
  std::string name; ///< wanted; a library that has it already adds a number
  std::string origin, format, study;
  std::int64_t rows = 0;
  Inputs inputs;
  std::vector<File> files;
  std::vector<Fact> facts;
  std::vector<StudyValue> study_values;
  std::map<std::string, std::string> metadata;
  Judgement judgement;
  std::vector<std::string> notes;
};

/// What was used to read a cell, beside its data.
struct Stated {
  std::string cell_file, cell_text; ///< path and text of the cell file; empty: there was none
  CellInfo cell_info;               ///< what it says
  std::vector<Fact> given;          ///< on the command line
};

/// Everything of an entry but its judgement and its notes.
Entry make_entry(const Record& record, Inputs inputs, const Stated& stated);

} // namespace platen::library

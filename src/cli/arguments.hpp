#pragma once
// What a verb takes, and what a user gave. Every verb describes itself with these; CLI11 is behind arguments.cpp.

#include "base/error.hpp"
#include "base/units.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platen::cli {

class Arguments;

struct Option {
  std::string_view name;  ///< "--output"
  std::string_view value; ///< what stands for its value in the help, "PATH"; empty: a switch
  std::string_view help;
  bool required = false;
  bool several = false; ///< may be given more than once
};

/// The words of a verb that are not options.
struct Positional {
  std::string_view name; ///< "FILE"; empty: the verb takes none
  std::string_view help;
  bool required = true;
  bool several = false;
};

/// One verb: its help and what it does. Defined in the file of its name.
struct Verb {
  std::string_view name;
  std::string_view summary; ///< one line
  Positional positional;
  std::vector<Option> options;
  std::string_view examples; ///< and whatever else stands below the options
  int (*run)(const Arguments& arguments);
};

namespace verb {
extern const Verb validate, bench_sheet, advise, simulate, assess, compare, calibrate, inspect, convert, align, pressure, targets, reproduce, eis_inspect, eis_kk, eis_fit, eis_drt, eis_series, eis_arrhenius, dc, version;
extern const Verb library_init, library_add, library_list, library_show, library_query, library_note, library_overrule, library_remove,
    library_restore, library_reassess, library_export, library_import, library_check;
extern const Verb corpus_measure, corpus_write;
extern const Verb checklist;
extern const Verb campaign_show;
extern const Verb campaign;
extern const Verb compare_mechanisms;
}

/// What the user gave to a verb.
class Arguments {
public:
  std::vector<std::string> words; ///< the positional ones

  bool has(std::string_view option) const { return given_.contains(option); }
  std::optional<std::string> value(std::string_view option) const;
  /// All values of an option that may be given more than once, in order.
  std::vector<std::string> values(std::string_view option) const;
  /// @throws Error U006 when the value is not a whole number in [low, high].
  std::optional<std::uint64_t> count(std::string_view option, std::uint64_t low, std::uint64_t high) const;
  /// @throws Error U006 when the value is none of `allowed`; the first one is the default.
  std::string choice(std::string_view option, const std::vector<std::string>& allowed) const;

  void give(std::string_view option, std::string value) { given_.insert_or_assign(std::string(option), std::move(value)); }
  void give(std::string_view option, std::vector<std::string> values);

private:
  std::map<std::string, std::vector<std::string>, std::less<>> lists_;
  std::map<std::string, std::string, std::less<>> given_;
};

/// Reads option after option, and tells of all that are wrong at once.
class EachOption {
public:
  template <class Read> EachOption& operator()(Read&& read) {
    try {
      read();
    } catch (const Error& error) {
      for (const Diagnostic& d : error.diagnostics()) faults_.add(d);
    }
    return *this;
  }
  /// @throws Error with every fault so far.
  void done() { faults_.throw_if_errors(); }

private:
  Diagnostics faults_;
};

/// A quantity with its unit as the value of an option, in SI. @throws Error U006.
double quantity_given(const std::string& text, std::string_view option, const Dimension& dimension);

/// @throws Error U003, U004, U005, U009 when the words do not fit the verb. Empty: help was asked for.
std::optional<Arguments> parse(const Verb& verb, const std::vector<std::string>& words);

/// The text of `platen VERB --help`.
std::string help(const Verb& verb);

} // namespace platen::cli

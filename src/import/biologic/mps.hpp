#pragma once
// The protocol of a test: EC-Lab's and BT-Lab's settings files (.mps). docs/formats/mps.md is the specification.

#include "record/record.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace platen::biologic {

/// One technique of a protocol, with one value per sequence for every parameter.
struct ProtocolTechnique {
  int number = 0;   ///< from 1, as in the names of the data files
  std::string name; ///< "Galvanostatic Cycling with Potential Limitation"
  std::size_t sequences = 1;
  std::vector<std::pair<std::string, std::vector<std::string>>> parameters; ///< "Is", {"0.000", "0.400"}

  /// The value of a parameter in a sequence; empty when there is none.
  std::string value(std::string_view parameter, std::size_t sequence) const;
  /// It as a number, "0.400" or "0,400"; empty for words ("pass").
  std::optional<double> number_of(std::string_view parameter, std::size_t sequence) const;
};

struct Protocol {
  std::map<std::string, std::string> metadata; ///< "Device", "Electrode surface area" ...
  std::vector<ProtocolTechnique> techniques;

  const ProtocolTechnique* find(int number) const;
};

bool is_protocol(std::string_view bytes);

/// @param file its name for messages. @throws Error D330 when no technique is in it.
Protocol read_protocol(std::string_view bytes, const std::string& file);

/// One paragraph per technique: what each sequence controls, for how long, within which limits.
std::string describe(const Protocol& protocol);

/// The current of a technique that holds one and the same in all that it does, A, signed; empty when it does not, or does
/// not say it as a current.
std::optional<double> constant_current(const ProtocolTechnique& technique);

/// A record without rows whose metadata["protocol"] is the description. @throws as read_protocol.
Record protocol_record(std::string_view bytes, const std::string& file);

/// What the name of a data file says: "cell_03_GCPL_C05.mpr" is technique 3, GCPL, of "cell".
struct DataName {
  std::string base;
  int number = 0;
  std::string technique;
};
std::optional<DataName> parse_data_name(const std::filesystem::path& path);

/// Puts the protocol that lies beside a data file into the record of it: `BASE.mps`, else the only .mps of the folder, if
/// its technique of that number is the one in the file's name. A record without a current gets the one that the protocol
/// holds (D331), unless `may_set_current` is false.
void apply_protocol(Record& record, const std::filesystem::path& data, bool may_set_current);

} // namespace platen::biologic

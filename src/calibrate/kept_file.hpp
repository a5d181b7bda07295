#pragma once
// Rows of numbers kept in a journal as they come, so that an interrupted calibration goes on where it was.

#include "calibrate/kept.hpp"
#include "work/journal.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>

namespace platen::calibrate {

/// What becomes of a journal with another fingerprint: one in a folder that the program fills itself is set aside, one that the user named is refused.
enum class Foreign { set_aside, refuse };

class KeptFile {
public:
  /// Opens the journal and takes what it holds.
  /// @throws what work::JournalReader and work::JournalWriter throw; D522 for another fingerprint with Foreign::refuse.
  KeptFile(std::filesystem::path path, const std::string& fingerprint, Foreign foreign = Foreign::set_aside);

  /// Refers to this object. Keeping @throws Error D002.
  Kept kept();
  std::size_t rows() const;

private:
  mutable std::mutex guard_;
  std::map<std::string, std::vector<double>> rows_;
  std::unique_ptr<work::JournalWriter> writer_;
};

} // namespace platen::calibrate

#pragma once
// Rows of numbers kept in a journal as they come, so that an interrupted calibration goes on where it was.

#include "calibrate/kept.hpp"
#include "work/journal.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>

namespace platen::calibrate {

class KeptFile {
public:
  /// Opens the journal and takes what it holds. What another `fingerprint` wrote is set aside as PATH.old.
  /// @throws what work::JournalReader and work::JournalWriter throw, but for another head.
  KeptFile(std::filesystem::path path, const std::string& fingerprint);

  /// Refers to this object. Keeping @throws Error D002.
  Kept kept();
  std::size_t rows() const;

private:
  mutable std::mutex guard_;
  std::map<std::string, std::vector<double>> rows_;
  std::unique_ptr<work::JournalWriter> writer_;
};

} // namespace platen::calibrate

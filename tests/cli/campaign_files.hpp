#pragma once
// A small campaign in a folder of its own, for whoever runs it.

#include "process.hpp"

#include "base/error.hpp"
#include "work/journal.hpp"

namespace platen::test {

namespace fs = std::filesystem;

/// A folder with a campaign of 240 symmetric cells.
class Campaigns : public Program {
protected:
  void SetUp() override {
    Program::SetUp();
    fs::create_directory_symlink(fs::path(PLATEN_SOURCE_DIR) / "studies", folder / "studies");
    write(folder / "study.toml", "extends = \"studies/ham2022/symmetric.toml\"\n"
                                 "test = [\"Hold at 25 MPa for {hold} at 25 degC\", \"Release to {stack}\", \"Heat to 40 degC in 1 h\", "
                                 "\"Set stack pressure to {stack}\",\n"
                                 "\"Ramp from 0.127 mA/cm2 in steps of 0.127 mA/cm2, 15 min per half cycle, until short\"]\n"
                                 "[values]\nhold = \"30 min\"\nstack = \"5 MPa\"\n");
    write(folder / "c.toml", grid);
  }

  static inline const std::string grid = "name = \"holds\"\nstudy = \"study.toml\"\nreplicates = 3\n"
                                         "results = [\"ccd\", \"ccd_continuous\", \"limit\", \"end\", \"final.stack_pressure\"]\n"
                                         "[[axis]]\nkey = \"values.hold\"\nfrom = \"1 min\"\nto = \"300 min\"\ncount = 20\nspacing = \"log\"\n"
                                         "[[axis]]\nkey = \"values.stack\"\nvalues = \"1, 5, 10, 20 MPa\"\n";

  Said campaign(const std::string& output, std::vector<std::string> more = {}, const Options& options = Options{}) {
    std::vector<std::string> words{"campaign", "c.toml", "--output", output};
    words.insert(words.end(), more.begin(), more.end());
    return run(words, options);
  }

  std::string table(const std::string& name) const { return slurp(folder / name); }

  /// The records of a journal that are whole, whatever is behind them. None where there is no journal, or none any more.
  std::size_t kept(const std::string& journal) const {
    std::size_t count = 0;
    try {
      work::JournalReader reader(folder / journal);
      for (std::string_view text; reader.next(text);) ++count;
    } catch (const Error& error) {
      EXPECT_EQ(error.diagnostics().front().code, "D001") << error.what();
    }
    return count;
  }
};

} // namespace platen::test

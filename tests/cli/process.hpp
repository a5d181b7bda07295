#pragma once
// Runs the program as a user does, and keeps what it said.

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace platen::test {

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// What the program said, and how it ended.
struct Said {
  int code = -1; ///< exit code; 128 + signal when a signal ended it
  std::string out, err;
};

/// A test with a folder of its own, in which the program runs.
class Program : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "platen-cli-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  struct Options {
    std::map<std::string, std::string> environment = {};
    std::string standard_output = {};                           ///< a file in place of the one that is read back
    std::string interrupt_once_there_is = {};                   ///< a file; Ctrl-C as soon as it exists
    std::string program = PLATEN_PROGRAM;                       ///< or another one that is found along PATH
  };

  Said run(const std::vector<std::string>& arguments) { return run(arguments, Options{}); }

  Said run(const std::vector<std::string>& arguments, const Options& options) {
    const std::filesystem::path out = folder / ".stdout", err = folder / ".stderr";
    const pid_t child = ::fork();
    if (child == 0) become(arguments, options, options.standard_output.empty() ? out.string() : options.standard_output, err);
    int status = 0;
    if (const std::string& file = options.interrupt_once_there_is; !file.empty()) {
      while (!std::filesystem::exists(folder / file)) {
        if (::waitpid(child, &status, WNOHANG) == child) return {-1, "", "ended before " + file + " was there"};
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
      ::kill(child, SIGINT);
    }
    ::waitpid(child, &status, 0);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return {code, slurp(out), slurp(err)};
  }

  std::filesystem::path folder;

  [[noreturn]] void become(const std::vector<std::string>& arguments, const Options& options, const std::string& out,
                           const std::string& err) const {
    if (!out.empty()) redirect(out, STDOUT_FILENO);
    if (!err.empty()) redirect(err, STDERR_FILENO);
    if (::chdir(folder.c_str()) != 0) ::_exit(126);
    ::unsetenv("NO_COLOR");
    for (const auto& [name, value] : options.environment) ::setenv(name.c_str(), value.c_str(), 1);
    std::vector<char*> words{const_cast<char*>(options.program.c_str())};
    for (const std::string& a : arguments) words.push_back(const_cast<char*>(a.c_str()));
    words.push_back(nullptr);
    ::execvp(options.program.c_str(), words.data());
    ::_exit(127);
  }

private:
  static void redirect(const std::string& path, int stream) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || ::dup2(file, stream) < 0) ::_exit(126);
  }
};

} // namespace platen::test

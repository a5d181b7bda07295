// Campaigns: time per run with the accuracy beside it, and what more workers bring, threads and MPI ranks:
//   build/bench/bench_campaign [RUNS [REPEATS]]
// Numbers of workers take turns, so that a busy machine is as unkind to all; medians are printed, and the load. A machine with other
// work on it gives four threads no more than one: what the program itself loses is in the CPU time per run, and in how often a
// thread had to wait for anything but a processor.

#include "base/memory.hpp"
#include "campaign/campaign.hpp"
#include "numerics/statistics.hpp"
#include "simulate/outcome.hpp"
#include "simulate/runner.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace platen;
namespace fs = std::filesystem;

const fs::path examples = fs::path(PLATEN_SOURCE_DIR) / "examples" / "campaigns";

/// What one campaign took.
struct Cost {
  double wall = 0.0, cpu = 0.0; ///< s
  long waits = 0;               ///< times that a thread gave its processor away to wait
};

double seconds(const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); }

template <class Work> Cost cost(int who, Work work) {
  rusage before{}, after{};
  getrusage(who, &before);
  const auto start = std::chrono::steady_clock::now();
  work();
  Cost out;
  out.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  getrusage(who, &after);
  out.cpu = seconds(after.ru_utime) + seconds(after.ru_stime) - seconds(before.ru_utime) - seconds(before.ru_stime);
  out.waits = after.ru_nvcsw - before.ru_nvcsw;
  return out;
}

double median_of(const std::vector<Cost>& costs, double Cost::*member) {
  std::vector<double> values;
  for (const Cost& c : costs) values.push_back(c.*member);
  return numerics::median(values);
}

void say_load() {
  std::array<double, 3> load{};
  if (getloadavg(load.data(), 3) > 0) std::printf("load average %.1f on %ld processors\n", load[0], sysconf(_SC_NPROCESSORS_ONLN));
}

class Bench {
public:
  Bench(fs::path program, unsigned long runs, int repeats) : program_(std::move(program)), runs_(runs), repeats_(repeats) {
    std::string pattern = (fs::temp_directory_path() / "platen-bench-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    folder_ = pattern;
  }
  ~Bench() { fs::remove_all(folder_); }

  void run(const char* name, const std::string& study, const std::string& axes, double wanted) {
    std::printf("%s\n", name);
    const fs::path file = write(study, axes, runs_);
    accuracy(file);
    threads(file, wanted);
    ranks(study, axes);
    std::printf("\n");
    fs::remove(file);
  }

private:
  fs::path write(const std::string& study, const std::string& axes, unsigned long runs) const {
    const fs::path file = folder_ / ("c" + std::to_string(runs) + ".toml");
    std::ofstream(file) << "study = \"" << (examples / study).string() << "\"\ndesign = \"latin hypercube\"\nruns = " << runs
                        << "\nresults = [\"ccd\", \"ccd_continuous\", \"life\", \"end\"]\n"
                        << axes;
    return file;
  }

  /// Deviation of the CCD from a run with 100 times tighter tolerances.
  static void accuracy(const fs::path& file) {
    const campaign::Campaign campaign(file, "bench");
    std::vector<double> deviations;
    int other_step = 0, other_end = 0;
    const std::uint64_t compared = std::min<std::uint64_t>(100, campaign.runs());
    for (std::uint64_t k = 0; k < compared; ++k) {
      const auto outcome = [&](double share) {
        Study study = campaign.study(k);
        study.output.relative_tolerance *= share;
        return test_outcome(study, simulation::Runner(study, {}).run());
      };
      const TestOutcome here = outcome(1.0), tight = outcome(0.01);
      other_end += here.end != tight.end ? 1 : 0;
      if (!here.continuous_ccd || !tight.continuous_ccd) continue;
      other_step += std::abs(*here.failing_step / *tight.failing_step - 1.0) > 1e-9 ? 1 : 0;
      deviations.push_back(std::abs(*here.continuous_ccd / *tight.continuous_ccd - 1.0));
    }
    if (deviations.empty()) return;
    std::printf("  against 100 times tighter tolerances, %llu runs: CCD off by %.1e (median), %.1e (most); %d another failing step, %d another end\n",
                static_cast<unsigned long long>(compared), numerics::median(deviations), *std::max_element(deviations.begin(), deviations.end()),
                other_step, other_end);
  }

  void threads(const fs::path& file, double wanted) const {
    const campaign::Campaign campaign(file, "bench");
    std::map<unsigned, std::vector<Cost>> costs;
    for (int r = 0; r < repeats_; ++r)
      for (const unsigned n : {1U, 2U, 4U})
        costs[n].push_back(cost(RUSAGE_SELF, [&] {
          const fs::path journal = folder_ / "journal";
          {
            campaign::Store store(campaign, journal);
            campaign::run_threads(campaign, store, n, {});
          }
          campaign::write_table(campaign, journal, folder_ / "table.csv");
          fs::remove(journal);
        }));
    report("threads", costs, static_cast<double>(runs_));
    const double each = median_of(costs[1], &Cost::cpu) / static_cast<double>(runs_);
    std::printf("  1000 runs: %.2f s of CPU time, on four free processors %.2f s (asked for: %.1f s)\n", 1e3 * each, 1e3 * median_of(costs[4], &Cost::cpu) / 4.0 / static_cast<double>(runs_), wanted);
  }

  /// What the jobs' start and end cost is taken out: the difference of two lengths counts.
  void ranks(const std::string& study, const std::string& axes) const {
    if (!fs::exists(program_)) {
      std::printf("  no %s, no ranks\n", program_.c_str());
      return;
    }
    const fs::path file = write(study, axes, runs_), longer = write(study, axes, 3 * runs_);
    std::map<unsigned, std::vector<Cost>> costs;
    for (int r = 0; r < repeats_; ++r)
      for (const unsigned n : {1U, 2U, 4U}) {
        const Cost a = job(n, file), b = job(n, longer);
        costs[n].push_back({b.wall - a.wall, b.cpu - a.cpu, b.waits - a.waits});
      }
    report("ranks  ", costs, 2.0 * static_cast<double>(runs_));
    fs::remove(longer);
  }

  Cost job(unsigned n, const fs::path& file) const {
    const std::string output = (folder_ / "ranks.csv").string();
    const std::string command = "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 exec mpirun --oversubscribe --bind-to none -n " + std::to_string(n) + " " +
                                program_.string() + " campaign " + file.string() + " --output " + output + " > /dev/null";
    return cost(RUSAGE_CHILDREN, [&] {
      if (std::system(command.c_str()) != 0) std::printf("  a job of %u ranks failed\n", n);
    });
  }

  static void report(const char* what, const std::map<unsigned, std::vector<Cost>>& costs, double runs) {
    const double wall = median_of(costs.at(1), &Cost::wall), cpu = median_of(costs.at(1), &Cost::cpu);
    for (const auto& [n, each] : costs) {
      std::vector<double> waits;
      for (const Cost& c : each) waits.push_back(static_cast<double>(c.waits) / runs);
      const double w = median_of(each, &Cost::wall), c = median_of(each, &Cost::cpu);
      std::printf("  %u %s: %7.0f runs/s, %.3f ms of CPU time per run (efficiency by it %.2f), %.2f times faster than one, %.3f waits per run\n", n, what, runs / w,
                  1e3 * c / runs, cpu / c, wall / w, numerics::median(waits));
    }
  }

  fs::path program_, folder_;
  unsigned long runs_;
  int repeats_;
};

} // namespace

int main(int count, char** words) {
  keep_freed_memory(); // as the program does
  const auto number = [&](int k, long otherwise) { return count > k ? std::atol(words[k]) : otherwise; };
  Bench bench(fs::canonical("/proc/self/exe").parent_path().parent_path() / "platen-mpi", static_cast<unsigned long>(number(1, 1000)),
              static_cast<int>(number(2, 5)));
  say_load();
  bench.run("symmetric ramps until short", "hold-pressure.study.toml",
            "[[axis]]\nkey = \"values.hold\"\nfrom = \"1 min\"\nto = \"1000 min\"\nspacing = \"log\"\n"
            "[[axis]]\nkey = \"values.stack\"\nfrom = \"1 MPa\"\nto = \"15 MPa\"\n",
            0.4);
  bench.run("full cells, ramps until short", "loading-fixture.study.toml",
            "[[axis]]\nkey = \"cell.cathode.loading\"\nfrom = \"10 mg/cm2\"\nto = \"50 mg/cm2\"\n"
            "[[axis]]\nkey = \"fixture.kind\"\nvalues = [\"fixed gap\", \"springs\"]\n",
            2.0);
  say_load();
}

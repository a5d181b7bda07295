// platen-mpi: `platen campaign` on the ranks of an MPI job. The same file, journal and table.
#include "base/error.hpp"
#include "base/memory.hpp"
#include "cli/campaign.hpp"
#include "cli/files.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"
#include "ranks/ranks.hpp"

#include <fmt/format.h>
#include <optional>

namespace {

using namespace platen;

constexpr std::string_view usage =
    "Runs `platen campaign` on the ranks of an MPI job. The table is the same, byte for byte.\n\n"
    "Usage: mpirun -n N platen-mpi campaign FILE --output PATH [--resume] [--progress] [--json]\n\n"
    "Every rank must see FILE and what it names; only rank 0 writes. When a rank or a computer dies, mpirun ends the job: start it\n"
    "again with --resume, on as many ranks as there are, or go on with `platen campaign`.\n"
    "Options are those of `platen campaign`, but for --threads: each rank carries out one run at a time.\n";

std::optional<cli::Arguments> arguments_of(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty() || words.front() == "--help" || words.front() == "-h") return std::nullopt;
  if (words.front() != "campaign")
    throw Error("U001", fmt::format("no verb `{}`", words.front()), std::nullopt, {"platen-mpi runs campaigns alone: mpirun -n N platen-mpi campaign FILE --output PATH"});
  words.erase(words.begin());
  auto arguments = cli::parse(cli::verb::campaign, words);
  if (arguments && arguments->has("--threads"))
    throw Error("U004", "`--threads` has no use here", std::nullopt, {"start more ranks: mpirun -n N"});
  return arguments;
}

/// What went wrong on this rank, told once: every rank finds the same faults in the same files.
int told(const ranks::Ranks& ranks, const Error& error) {
  if (ranks.first()) cli::tell(error.diagnostics());
  return cli::exit_code(error.diagnostics());
}

int lead(const ranks::Ranks& ranks, const cli::Arguments& arguments, const campaign::Campaign& campaign) {
  bool led = false;
  try {
    const int code = cli::run_campaign(arguments, campaign, fmt::format("mpirun -n {} platen-mpi campaign", ranks.size()),
                                       [&](const auto& c, auto& store, const auto& task, const auto& kept) {
                                         led = true;
                                         ranks.lead(c, store, task, kept);
                                       });
    cli::finish_output();
    return code;
  } catch (const Error& error) {
    if (!led) ranks.dismiss();
    return told(ranks, error);
  }
}

int run(const ranks::Ranks& ranks, int argc, char** argv) {
  std::optional<cli::Arguments> arguments;
  std::optional<campaign::Campaign> campaign;
  int code = 0;
  try {
    arguments = arguments_of(argc, argv);
    if (!arguments && ranks.first()) cli::print(usage);
    if (arguments) campaign.emplace(arguments->words.front(), cli::program_name());
  } catch (const Error& error) {
    code = told(ranks, error);
  }
  code = ranks.largest(code);
  if (code != 0 || !campaign) return code;
  if (!ranks.same_everywhere(campaign->identity()))
    return told(ranks, Error("U042", "the ranks do not see the same campaign, or are not the same program", std::nullopt,
                             {"campaign file, study and program must be the same on every computer"}));
  if (ranks.first()) return lead(ranks, *arguments, *campaign);
  ranks.follow(*campaign, {.stop = &cli::stop_flag(), .progress = {}});
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  try {
    ranks::Ranks ranks(argc, argv);
    cli::watch_for_interrupts();
    return run(ranks, argc, argv);
  } catch (const Error& error) {
    cli::tell(error.diagnostics());
    return cli::exit_code(error.diagnostics());
  } catch (const std::exception& unforeseen) {
    cli::tell({{Severity::error, "B001", unforeseen.what()}});
    return cli::Exit::bug;
  }
}

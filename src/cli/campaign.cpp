#include "cli/campaign.hpp"

#include "base/error.hpp"
#include "cli/files.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"
#include "report/campaign.hpp"

#include <chrono>
#include <fmt/format.h>

namespace platen::cli {
namespace {

/// Rate and remaining time: a line that is drawn again on a terminal, or one every few seconds where it was asked for.
class RateLine {
public:
  RateLine(const campaign::Store& store, bool lines) : before_(store.done()), lines_(lines) {}
  ~RateLine() {
    if (!lines_) redraw("");
  }
  RateLine(const RateLine&) = delete;
  RateLine& operator=(const RateLine&) = delete;

  void kept(const campaign::Store& store) {
    const auto now = std::chrono::steady_clock::now();
    if (std::chrono::duration<double>(now - drawn_).count() < (lines_ ? seconds_between_lines : seconds_between_drawings)) return;
    drawn_ = now;
    const double seconds = std::chrono::duration<double>(now - begun_).count();
    const std::string text = report::progress(store.done(), store.runs(), store.failed(), store.done() - before_, seconds);
    lines_ ? note(text + "\n") : redraw(text);
  }

private:
  static constexpr double seconds_between_lines = 5.0, seconds_between_drawings = 0.2;

  std::uint64_t before_;
  bool lines_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now(), drawn_ = begun_;
};

std::filesystem::path journal_of(const std::filesystem::path& output) { return output.string() + ".journal"; }

/// A journal that is there is gone on with only where the user says so: it may be of a campaign that was given up.
void check_journal(const std::filesystem::path& journal, bool resume) {
  if (resume || !std::filesystem::exists(journal)) return;
  throw Error("U040", fmt::format("{} is there: this campaign was begun and not finished", journal.string()), std::nullopt,
              {"--resume goes on with it", "delete it to begin anew"});
}

} // namespace

int run_campaign(const Arguments& arguments, const campaign::Campaign& campaign, std::string_view command, const CarryOut& carry_out) {
  const std::filesystem::path output = *arguments.value("--output"), journal = journal_of(output);
  Paths inputs;
  for (const auto& [path, text] : campaign.plan().sources) inputs.emplace_back(path);
  inputs.push_back(campaign.plan().study);
  refuse_clashes(inputs, {output, journal});
  make_folder_of(output);
  check_journal(journal, arguments.has("--resume"));
  campaign::Store store(campaign, journal);
  const std::uint64_t before = store.done();
  if (before > 0) note(fmt::format("{} of {} runs were done before\n", before, store.runs()));
  try {
    RateLine line(store, arguments.has("--progress"));
    carry_out(campaign, store, {.stop = &stop_flag(), .progress = {}}, [&](const campaign::Store& now) { line.kept(now); });
  } catch (const Cancelled&) {
    note(fmt::format("interrupted: {} of {} runs are done and kept in {}\ngo on with: {} {} --output {} --resume\n", store.done(), store.runs(), journal.string(),
                     command, arguments.words.front(), output.string()));
    return Exit::interrupted;
  }
  campaign::write_table(campaign, journal, output);
  std::filesystem::remove(journal);
  const report::CampaignDone done{output.string(), campaign.plan().name, store.runs(), store.failed(), store.first_failed(), store.reason()};
  print(arguments.has("--json") ? report::json(done) : report::text(done));
  return Exit::done;
}

namespace {

int run_with_threads(const Arguments& arguments) {
  const auto threads = static_cast<unsigned>(arguments.count("--threads", 1, 4096).value_or(0));
  const campaign::Campaign campaign(arguments.words.front(), program_name());
  return run_campaign(arguments, campaign, "platen campaign", [&](const auto& c, auto& store, const auto& task, const auto& kept) {
    campaign::run_threads(c, store, threads, task, kept);
  });
}

} // namespace

const Verb verb::campaign{
    .name = "campaign",
    .summary = "runs a study over grids, lists and designs of experiments, and writes a table",
    .positional = {.name = "FILE", .help = "campaign file: a study, what is varied in it, what is asked of every run (docs/formats/campaign.md)"},
    .options = {{"--output", "PATH", "the table, CSV; what is done so far is kept in PATH.journal", true},
                {"--resume", "", "go on with PATH.journal, where there is one"},
                {"--threads", "N", "runs at a time (default: one per core); the table does not depend on it"},
                {"--progress", "", "say every few seconds how far it is, also where stderr is no terminal"},
                {"--json", "", "answer as JSON (docs/formats/json.md)"}},
    .examples = "A run that fails is a row with its reason: exit code 0. Ctrl-C stops, and so may anything else at any instant: what was\n"
                "done is kept. With many computers: mpirun -n N platen-mpi campaign FILE --output PATH.\n"
                "\n"
                "Examples:\n"
                "  platen campaign examples/campaigns/hold-pressure.toml --output table.csv\n"
                "  platen campaign examples/campaigns/hold-pressure.toml --output table.csv --resume --threads 2",
    .run = run_with_threads,
};

} // namespace platen::cli

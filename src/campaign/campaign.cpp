#include "campaign/campaign.hpp"

#include "assess/assessment.hpp"
#include "base/csv.hpp"
#include "base/file.hpp"
#include "campaign/read_explored.hpp"
#include "campaign/results.hpp"
#include "simulate/outcome.hpp"
#include "simulate/runner.hpp"
#include "simulate/simulate.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <exception>
#include <fmt/format.h>
#include <fstream>
#include <mutex>
#include <thread>

namespace platen::campaign {
namespace {

/// Everything that decides a campaign's results but the program: contents, wherever the files lie.
std::string digest(const Plan& plan, const Study& base) {
  std::string all;
  const auto add = [&](const std::vector<std::pair<std::string, std::string>>& sources) {
    for (const auto& [path, text] : sources) all += fmt::format("{}:{}", text.size(), text);
  };
  add(plan.sources);
  add(base.sources);
  return sha256(all);
}

/// A record of the study's columns, at the price of its first sentence. The judge is not asked.
Record first_of(Study study, bool parts) {
  study.output.parts = parts;
  study.test.resize(1);
  study.output.events_only = true;
  return simulation::Runner(study, {}).run();
}

std::string reason_of(const Error& error) {
  const Diagnostic& first = error.diagnostics().front();
  const std::string more = error.diagnostics().size() > 1 ? fmt::format(" (and {} more)", error.diagnostics().size() - 1) : "";
  return fmt::format("{}: {}{}", first.code, first.message, more);
}

/// How the points were made, for those who read the table. Of a distribution without ends the middle 99.8 %.
DesignNote note_of(const Plan& plan) {
  DesignNote out{std::string(label(plan.design)), {}};
  for (const Axis& axis : plan.axes) {
    const bool range = axis.distribution == Distribution::uniform || axis.distribution == Distribution::log_uniform;
    const bool bell = axis.distribution == Distribution::normal || axis.distribution == Distribution::log_normal;
    const bool log = axis.distribution == Distribution::log_uniform || axis.distribution == Distribution::log_normal;
    if (range) out.axes.push_back({axis.column.key, log, axis.low, axis.high});
    if (bell) out.axes.push_back({axis.column.key, log, axis.at(0.001), axis.at(0.999)});
  }
  return out;
}

/// "17 done,,0.635,shorted": the record of a run.
std::optional<std::uint64_t> number_of(std::string_view text, std::string_view& row_end) {
  std::uint64_t run = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), run);
  if (fault != std::errc() || end == text.data() + text.size() || *end != ' ') return std::nullopt;
  row_end = text.substr(static_cast<std::size_t>(end - text.data()) + 1);
  return run;
}

} // namespace

Campaign::Campaign(const std::filesystem::path& path, std::string program) : plan_(read_plan(path)), program_(std::move(program)) {
  variants_ = std::make_unique<const Variants>(Variants::read(plan_.study, plan_.columns()));
  results_ = std::make_unique<const Results>(plan_.results, plan_.result_places, first_of(variants_->base(), false), first_of(variants_->base(), true));
  identity_ = fmt::format("campaign {} of {}", digest(plan_, variants_->base()), program_);
}

Campaign::~Campaign() = default;

std::string Campaign::identity() const { return identity_; }

TableHead Campaign::head() const {
  TableHead out;
  out.comments = {fmt::format("campaign \"{}\": {} of {} runs", plan_.name, label(plan_.design), runs()), identity_};
  const std::vector<std::string> design = comments_of(note_of(plan_));
  out.comments.insert(out.comments.end(), design.begin(), design.end());
  for (std::string& comment : out.comments)
    for (char& c : comment) c = static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  for (const OverrideColumn& column : variants_->columns()) out.axes.push_back({column.key, column.unit});
  out.results = results_->columns();
  return out;
}

std::uint64_t Campaign::seed_of(std::uint64_t run) const {
  switch (plan_.seeds) {
  case Seeds::shared: return plan_.first_seed + run % plan_.replicates;
  case Seeds::own: return plan_.first_seed + run;
  default: return variants_->base().seed;
  }
}

TableRow Campaign::planned(std::uint64_t run) const {
  const auto& columns = variants_->columns();
  std::vector<double> values(columns.size());
  plan_.points->values(run / plan_.replicates, values);
  TableRow out{.run = run, .replicate = run % plan_.replicates, .seed = seed_of(run), .axes = {}, .reason = {}, .results = {}};
  for (std::size_t k = 0; k < columns.size(); ++k) {
    if (columns[k].key == "seed" && values[k] >= 0.0) out.seed = static_cast<std::uint64_t>(values[k]);
    out.axes.push_back(columns[k].shown(values[k]));
  }
  return out;
}

Study Campaign::study(std::uint64_t run) const {
  std::vector<double> values(variants_->columns().size());
  plan_.points->values(run / plan_.replicates, values);
  Study out = variants_->study(values, fmt::format("run {}", run));
  if (plan_.seeds != Seeds::of_study) out.seed = seed_of(run);
  out.output.events_only = !results_->judged();
  out.output.parts = results_->parts();
  return out;
}

std::string Campaign::carry_out(std::uint64_t run, const work::Task& task) const {
  TableRow row;
  row.results.resize(plan_.results.size());
  try {
    const Study variant = study(run);
    const work::Task quiet{.stop = task.stop, .progress = {}};
    const Record record = results_->judged() ? simulate(variant, quiet) : simulation::Runner(variant, quiet).run();
    const TestOutcome outcome = test_outcome(variant, record);
    std::optional<Assessment> assessment;
    if (results_->judged()) assessment = assess(record);
    row.results = results_->values({record, outcome, assessment ? &*assessment : nullptr});
    row.done = true;
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    row.reason = reason_of(error);
  } catch (const std::exception& unforeseen) {
    row.reason = fmt::format("B001: {}", unforeseen.what());
  }
  return row_end(row);
}

Store::Store(const Campaign& campaign, const std::filesystem::path& journal) : done_(campaign.runs()), journal_(journal, campaign.identity()) {
  work::JournalReader reader(journal);
  for (std::string_view text; reader.next(text);) {
    std::string_view row_end;
    const auto run = number_of(text, row_end);
    if (!run || *run >= runs() || row_end.find(',') == std::string_view::npos)
      throw Error("D521", fmt::format("{}: the record at byte {} is of no run of this campaign", journal.string(), reader.offset()), std::nullopt,
                  {"delete the journal to begin anew"});
    mark(*run, row_end);
  }
}

void Store::mark(std::uint64_t run, std::string_view row_end) {
  if (done_[run]) return;
  done_[run] = true;
  ++count_;
  if (row_end.starts_with(done_status)) return;
  if (failed_++ > 0 && run > first_failed_) return;
  first_failed_ = run;
  reason_ = split_csv(row_end, ',').at(1).text;
}

void Store::keep(std::uint64_t run, std::string_view row_end) {
  journal_.append(fmt::format("{} {}", run, row_end));
  mark(run, row_end);
}

std::uint64_t Store::next_missing(std::uint64_t from) const {
  while (from < runs() && done_[from]) ++from;
  return from;
}

void write_table(const Campaign& campaign, const std::filesystem::path& journal, const std::filesystem::path& output) {
  constexpr std::uint64_t window = 1U << 17U; // runs whose places are held at a time: 1 MiB
  write_aside(output, [&](const std::filesystem::path& aside) {
    std::ofstream file(aside, std::ios::binary);
    file << head_text(campaign.head());
    std::vector<std::uint64_t> places;
    for (std::uint64_t first = 0; first < campaign.runs(); first += window) {
      places.assign(std::min(window, campaign.runs() - first), 0); // a record never begins at 0: the head does
      work::JournalReader reader(journal);
      std::string_view row_end;
      for (std::string_view text; reader.next(text);)
        if (const auto run = number_of(text, row_end); run && *run >= first && *run - first < places.size() && places[*run - first] == 0)
          places[*run - first] = reader.offset();
      for (std::uint64_t k = 0; k < places.size(); ++k) {
        if (places[k] == 0) throw Error("B004", fmt::format("run {} is not in {}", first + k, journal.string()));
        const std::string text = reader.at(places[k]);
        number_of(text, row_end);
        file << row_start(campaign.planned(first + k)) << row_end << '\n';
      }
    }
    file.flush();
    if (!file) throw Error("D002", fmt::format("cannot write {}", output.string()));
  });
}

void run_threads(const Campaign& campaign, Store& store, unsigned threads, const work::Task& task, const OnKept& kept) {
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  std::mutex mutex;
  std::uint64_t next = 0;
  std::exception_ptr first;
  auto synced = std::chrono::steady_clock::now();
  const auto worker = [&] {
    try {
      for (;;) {
        std::uint64_t run = 0;
        {
          const std::lock_guard lock(mutex);
          if (first) return;
          run = next = store.next_missing(next);
          if (run >= store.runs()) return;
          ++next;
        }
        task.check();
        const std::string end = campaign.carry_out(run, task);
        const std::lock_guard lock(mutex);
        store.keep(run, end);
        const auto now = std::chrono::steady_clock::now();
        if (std::chrono::duration<double>(now - synced).count() > sync_interval) {
          store.sync();
          synced = now;
        }
        if (kept) kept(store);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!first) first = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> pool;
    for (std::uint64_t t = 1; t < std::min<std::uint64_t>(threads, store.runs() - store.done()); ++t) pool.emplace_back(worker);
    worker();
  }
  store.sync();
  if (first) std::rethrow_exception(first);
}

} // namespace platen::campaign

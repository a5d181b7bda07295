#include "report/campaign.hpp"

#include "report/format.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace platen::report {

std::string progress(std::uint64_t done, std::uint64_t runs, std::uint64_t failed, std::uint64_t fresh, double seconds) {
  std::string out = fmt::format("{} of {} runs ({:.0f} %)", done, runs, runs > 0 ? 100.0 * static_cast<double>(done) / static_cast<double>(runs) : 100.0);
  if (failed > 0) out += fmt::format(", {} failed", failed);
  if (fresh == 0 || !(seconds > 0.0)) return out;
  const double rate = static_cast<double>(fresh) / seconds;
  return out + fmt::format(", {} per second, {} left", number(rate), duration(static_cast<double>(runs - done) / rate));
}

std::string text(const CampaignDone& done) {
  std::string out = fmt::format("{}: {} runs in {}", done.name, done.runs, done.table);
  if (done.failed > 0) out += fmt::format("\n{} failed, the first is run {}: {}", done.failed, done.first_failed, done.reason);
  return out + "\n";
}

std::string json(const CampaignDone& done) {
  nlohmann::ordered_json out{{"schema", "platen.campaign/1"}, {"name", done.name}, {"table", done.table}, {"runs", done.runs}, {"failed", done.failed},
                             {"first_failed", nullptr}};
  if (done.failed > 0) out["first_failed"] = {{"run", done.first_failed}, {"reason", done.reason}};
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

} // namespace platen::report

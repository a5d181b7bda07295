#pragma once
// What is said while a campaign runs and when it is done.

#include <cstdint>
#include <string>

namespace platen::report {

struct CampaignDone {
  std::string table, name;
  std::uint64_t runs = 0, failed = 0;
  std::uint64_t first_failed = 0; ///< run, where any failed
  std::string reason;             ///< its reason
};

/// "1200 of 5000 runs (24 %), 3 failed, 812 per second, 4.7 s left": `fresh` of them in the last `seconds`.
std::string progress(std::uint64_t done, std::uint64_t runs, std::uint64_t failed, std::uint64_t fresh, double seconds);
std::string text(const CampaignDone& done);
/// platen.campaign/1 of docs/formats/json.md.
std::string json(const CampaignDone& done);

} // namespace platen::report

#include "import/foreign.hpp"

#include "import/text/vendors.hpp"

#include <array>

namespace platen {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view start;
  Foreign what;
};

constexpr std::string_view as_text =
    "export it as text or CSV with the instrument's program; Platen reads that";

constexpr std::array signatures{
    Signature{"\xD0\xCF\x11\xE0"sv,
              {"an old Excel workbook (.xls)", "save the sheet with the measured rows as CSV"}},
    Signature{"\x1F\x8B"sv, {"gzip-compressed", "unpack it first (gunzip)"}},
    Signature{"\x28\xB5\x2F\xFD"sv, {"zstd-compressed", "unpack it first (unzstd)"}},
    Signature{"7z\xBC\xAF\x27\x1C"sv, {"a 7z archive", "unpack it first"}},
    Signature{"Rar!"sv, {"a rar archive", "unpack it first"}},
    Signature{"%PDF"sv, {"a PDF document", as_text}},
    Signature{"\x89PNG"sv, {"a picture", as_text}},
    Signature{"PAR1"sv, {"a Parquet file", "save it as CSV with Battery Data Format names"}},
    Signature{"SQLite format 3"sv, {"an SQLite database", as_text}},
};

} // namespace

std::optional<Foreign> foreign_format(std::string_view bytes) {
  for (const Signature& s : signatures)
    if (bytes.starts_with(s.start)) return s.what;
  if (bytes.find("VMP EXPERIMENT LOOP INDEXES") < 8)
    return Foreign{"an EC-Lab loop file",
                   "give Platen the data file beside it; the loop file is read along with it"};
  if (text::is_arbin_metadata(bytes))
    return Foreign{"what Arbin says of a test, without data", "give Platen the data file beside it; this one is read along with it"};
  if (!bytes.starts_with("PK\x03\x04")) return std::nullopt;
  return Foreign{"a zip archive of something else than Neware .ndax, one .nda or an Excel workbook",
                 "unpack it and give Platen the file inside"};
}

} // namespace platen

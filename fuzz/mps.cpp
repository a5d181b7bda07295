// EC-Lab's settings files.

#include "fuzz.hpp"

#include "import/biologic/mps.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace platen;
  return fuzz::try_reading([&] {
    const std::string bytes = fuzz::bytes_of(data, size);
    for (const biologic::ProtocolTechnique& t : biologic::read_protocol(bytes, "fuzz.mps").techniques) (void)biologic::constant_current(t);
    return biologic::protocol_record(bytes, "fuzz.mps");
  });
}

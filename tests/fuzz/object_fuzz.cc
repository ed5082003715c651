// libFuzzer target: the repair of objects, which come from a server that may be broken or hostile. For any bytes it
// does not crash and takes no more memory than a multiple of the object; a repaired object needs no further repair,
// and after an error the object is as before.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "launcher/object/repair.h"

using namespace pump::launcher::object;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string before(reinterpret_cast<const char*>(data), size);
  const ClientDirectory client{
      .physical = "/home/u/p",
      .logical = "/home/u/p",
      .source = "",
      .names_relatively =
          [](std::string_view bytes) { return bytes.find("..///./p") != std::string_view::npos; },
      .prefix_maps = {}};
  std::string object = before;
  const auto result = repair(object, client);
  if (!result || *result == Repair::NotNeeded) {
    require(object == before);
    return 0;
  }
  std::string again = object;
  const auto second = repair(again, client);
  require(second && *second == Repair::NotNeeded && again == object);
  return 0;
}

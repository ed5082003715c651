#include "pump/os/format.h"

#include <fmt/format.h>

namespace pump::os {

std::string format_all(fmt::string_view text, fmt::format_args arguments) {
  return fmt::vformat(text, arguments);
}

}  // namespace pump::os

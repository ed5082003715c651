// The error type of this folder: why a command cannot be answered. Any thread.
#pragma once

#include <string>
#include <utility>

#include "pump/include_server/support/give_up.h"
#include "pump/os/error.h"

namespace pump::include_server {

struct Refusal {
  GiveUp reason = GiveUp::None;
  std::string detail;  ///< what is at fault, for the log; often the option as it was written
};
template <typename T>
using OrRefusal = tl::expected<T, Refusal>;
inline tl::unexpected<Refusal> refuse(GiveUp reason, std::string detail) {
  return tl::unexpected<Refusal>(Refusal{reason, std::move(detail)});
}

}  // namespace pump::include_server

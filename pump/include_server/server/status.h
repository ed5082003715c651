// The numbers a status request is answered with, as JSON. Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "pump/include_server/answer/request_handler.h"

namespace pump::include_server {

struct StatusNumbers {
  AnswerStatistics answers;
  std::uint64_t malformed = 0;  ///< requests that broke the protocol
  std::uint64_t refused = 0;    ///< clients of another uid
  std::uint64_t dropped = 0;    ///< silent clients, and idle ones that had to make room
  std::uint64_t waiting = 0;    ///< connections with an incomplete request or reply
  std::uint64_t jobs = 0;
  std::string mirror;
  std::uint64_t mirror_bytes = 0;
  std::chrono::duration<double> uptime{};
};

std::string to_json(const StatusNumbers& numbers);
/// Resident memory of this process, bytes; 0 where /proc does not tell.
std::uint64_t resident_bytes();

}  // namespace pump::include_server

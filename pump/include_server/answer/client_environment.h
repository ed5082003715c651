// A client's environment, and the key of a request, which depends on it. Any thread.
//
// The clients of a build usually have the same environment, byte for byte, so it is parsed once.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "pump/include_server/answer/request.h"
#include "pump/include_server/support/content_hash.h"
#include "pump/os/environment.h"

namespace pump::include_server {

struct ClientEnvironment {
  explicit ClientEnvironment(os::Environment all);
  explicit ClientEnvironment(std::string_view block);

  std::string block;  ///< as in /proc/PID/environ; empty if it was given otherwise
  os::Environment variables;
  std::string key;  ///< UnitBuilder::environment_key(): the variables that replies depend on
};

/// The environments that were met last.
class ClientEnvironments {
 public:
  std::shared_ptr<const ClientEnvironment> get(const Request& request);
  /// `block`: a Request::environment_block, not empty.
  std::shared_ptr<const ClientEnvironment> get(std::string_view block);

 private:
  std::mutex mutex_;
  tsl::robin_map<std::uint64_t, std::shared_ptr<const ClientEnvironment>> known_;  ///< by hash of the block
};

/// Equal for requests with the same reply. `encoded`: the request's bytes, as from encode_request().
ContentHash request_key(std::string_view encoded, const ClientEnvironment& environment);

}  // namespace pump::include_server

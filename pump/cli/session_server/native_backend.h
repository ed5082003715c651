// The backend of a session's server that runs pump's own include server, in the same process. Threads:
// session/backend.h.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pump/include_server/server/server.h"
#include "pump/session/backend.h"

namespace pump::cli {

class NativeBackend final : public session::Backend {
 public:
  /// `arguments`: INCLUDE_SERVER_ARGS. `client_tmp`: DISTCC_CLIENT_TMP.
  NativeBackend(std::vector<std::string> arguments, std::string client_tmp);
  Status start(const std::string& socket) override;
  [[nodiscard]] std::uint64_t served() const override;
  [[nodiscard]] bool healthy() override { return server_ != nullptr; }
  void stop() override { server_.reset(); }

 private:
  std::vector<std::string> arguments_;
  std::string client_tmp_;
  std::unique_ptr<include_server::Server> server_;
};

}  // namespace pump::cli

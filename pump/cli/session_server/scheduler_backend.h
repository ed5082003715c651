// The scheduler, beside either include server: a session's server starts and stops both together. Threads:
// session/backend.h.
#pragma once

#include <memory>
#include <string>

#include "pump/scheduler/service.h"
#include "pump/session/backend.h"

namespace pump::cli {

class SchedulerBackend final : public session::Backend {
 public:
  /// `socket`: the scheduler's. `include_server` outlives this object.
  SchedulerBackend(std::string socket, session::Backend& include_server)
      : socket_(std::move(socket)), include_server_(include_server) {}
  Status start(const std::string& socket) override;
  [[nodiscard]] std::uint64_t served() const override { return include_server_.served(); }
  [[nodiscard]] bool healthy() override { return include_server_.healthy(); }
  void stop() override;

 private:
  const std::string socket_;
  session::Backend& include_server_;
  std::unique_ptr<scheduler::Service> service_;
};

}  // namespace pump::cli

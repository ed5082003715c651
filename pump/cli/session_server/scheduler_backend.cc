#include "pump/cli/session_server/scheduler_backend.h"

#include <unistd.h>

#include "pump/os/file_io.h"
#include "pump/os/format.h"

namespace pump::cli {

Status SchedulerBackend::start(const std::string& socket) {
  PUMP_CHECK(include_server_.start(socket));
  scheduler::ServiceOptions options;
  options.socket = socket_;
  options.log = [](const std::string& line) {
    static_cast<void>(os::write_all(STDERR_FILENO, os::format("scheduler[{}]: {}\n", ::getpid(), line)));
  };
  PUMP_TRY(service_, scheduler::Service::start(std::move(options)));
  return {};
}

void SchedulerBackend::stop() {
  service_.reset();
  include_server_.stop();
}

}  // namespace pump::cli

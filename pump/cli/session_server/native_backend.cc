#include "pump/cli/session_server/native_backend.h"

#include "pump/include_server/support/options.h"

namespace pump::cli {

NativeBackend::NativeBackend(std::vector<std::string> arguments, std::string client_tmp)
    : arguments_(std::move(arguments)), client_tmp_(std::move(client_tmp)) {}

Status NativeBackend::start(const std::string& socket) {
  include_server::Options defaults;
  defaults.client_tmp = client_tmp_;
  auto options = include_server::parse_options(arguments_, defaults);
  if (!options) return fail("INCLUDE_SERVER_ARGS: " + options.error().message);
  options->port = socket;  // overrides --port in the arguments
  options->pid_file.clear();
  PUMP_TRY(server_, include_server::Server::start(*options));
  return {};
}

std::uint64_t NativeBackend::served() const {
  return server_ ? server_->served() : 0;
}

}  // namespace pump::cli

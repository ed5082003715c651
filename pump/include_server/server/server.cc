#include "pump/include_server/server/server.h"

#include <utility>

#include "pump/include_server/server/status.h"
#include "pump/include_server/support/crash_log.h"
#include "pump/include_server/support/log.h"

namespace pump::include_server {

Server::Server(const Options& options, Listener listener, std::shared_ptr<Counters> counters,
               std::unique_ptr<CurrentHandler> requests)
    : options_(options),
      listener_(std::move(listener)),
      counters_(std::move(counters)),
      requests_(std::move(requests)),
      clients_(events_, listener_.get(), *requests_, *counters_, [this] { return status_json(); }),
      workers_(events_, clients_) {}

Server::~Server() {
  if (options_.statistics) log_always("statistics: " + status_json());
}

Expected<std::unique_ptr<Server>> Server::start(const Options& options) {
  open_log(options.log_file, options.debug);
  install_crash_log(crash_file_of(options));
  // The socket first: a second server must fail before it makes a mirror.
  PUMP_TRY(Listener listener, Listener::open(options.port));
  auto counters = std::make_shared<Counters>();
  PUMP_TRY(std::unique_ptr<CurrentHandler> requests, CurrentHandler::create(options, counters));
  std::unique_ptr<Server> server(
      new Server(options, std::move(listener), std::move(counters), std::move(requests)));
  PUMP_CHECK(server->events_.open());
  PUMP_CHECK(server->clients_.start());
  PUMP_CHECK(server->workers_.start(options.jobs));
  return server;
}

std::string Server::status_json() const {
  ServerStatus status(*counters_);
  status.waiting = clients_.waiting();
  status.jobs = workers_.running();
  status.mirror = requests_->mirror_root();
  status.mirror_bytes = requests_->mirror_bytes();
  status.uptime = std::chrono::steady_clock::now() - started_;
  return to_json(status);
}

}  // namespace pump::include_server

#include "pump/session/lock_order.h"

namespace pump::session {
namespace {

/// A retiring server holds clients.lock while it removes its mirror. If that takes longer, the server is
/// stopped or stuck, and the caller continues without it.
constexpr std::chrono::seconds kRetirementPatience(10);

}  // namespace

Client::Client(std::unique_ptr<Held> held) : held_(std::move(held)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Expected<Client> Client::join(const Directory& directory) {
  constexpr int kAttempts = 3;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    PUMP_TRY(ClientHold hold, join_clients(directory, kRetirementPatience));
    // A cleaner of temporary files may have removed the file between open and lock. Other processes do not
    // see the lock of a removed file.
    if (hold.file().is_still_at_its_path())
      return Client(std::unique_ptr<Held>(new Held{directory, std::move(hold)}));
  }
  return fail(directory.clients_lock() +
                  " is deleted again and again; exclude its directory from the cleaning of temporary files",
              ESTALE);
}

const Directory& Client::directory() const {
  return held_->directory;
}

Status Client::keep_across_exec() {
  return held_->hold.file().keep_across_exec();
}

}  // namespace pump::session

// What a Client holds, for the parts of the session that need the lock as an argument (see lock_order.h).
#pragma once

#include "pump/session/lock_order.h"
#include "pump/session/session.h"

namespace pump::session {

struct Client::Held {
  Directory directory;
  ClientHold hold;
};

struct ClientAccess {
  static const ClientHold& hold(const Client& client) { return client.held_->hold; }
};

}  // namespace pump::session

#include "pump/include_server/answer/request.h"

#include <utility>

#include "pump/include_server/support/protocol.h"

namespace pump::include_server {

Reply refusal(GiveUp reason, std::string detail) {
  static const auto encoded = std::make_shared<const std::string>(kCannotAnswer);
  Reply reply;
  reply.encoded = encoded;
  reply.give_up = reason;
  reply.detail = std::move(detail);
  return reply;
}

}  // namespace pump::include_server

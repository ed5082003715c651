// A Connection and the client's end of its socket, for tests.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "pump/include_server/server/connection.h"

namespace pump::include_server {

struct ConnectionPair {
  std::unique_ptr<Connection> ours;
  os::UniqueFd theirs;

  explicit ConnectionPair(std::uint64_t number = 7) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    theirs.reset(ends[1]);
    ours = std::make_unique<Connection>(os::UniqueFd(ends[0]), Peer{}, number);
  }
  void write(std::string_view bytes) const {
    ASSERT_EQ(::send(theirs.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
};

}  // namespace pump::include_server

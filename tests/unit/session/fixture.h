// A test with its own session, and clients of it in other processes. At its end it stops the session's
// server.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pump/os/environment.h"
#include "pump/os/process.h"
#include "pump/os/unique_fd.h"
#include "pump/session/session.h"

namespace pump::session {

/// A client in another process. It leaves at leave(), or when this object is destroyed.
class ClientProcess {
 public:
  ClientProcess(os::Child child, os::UniqueFd input, os::UniqueFd output)
      : child_(std::move(child)), input_(std::move(input)), output_(std::move(output)) {}
  ClientProcess(ClientProcess&&) = default;
  ~ClientProcess();

  /// Waits until it reports its server; pid 0 if it failed.
  Server server();
  void kill();
  /// Ends its input and waits for it; returns its exit status as a shell does.
  int leave();
  [[nodiscard]] pid_t pid() const { return child_.pid(); }
  /// False when it has ended; leave() still returns its status.
  [[nodiscard]] bool running() const;

 private:
  os::Child child_;
  os::UniqueFd input_;
  os::UniqueFd output_;
};

class SessionTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  [[nodiscard]] Settings settings() const;
  [[nodiscard]] Directory directory() const;
  /// Starts this program as a client with environment_; `arguments`: see client_main().
  ClientProcess start_client(std::vector<std::string> arguments = {"stay"});
  [[nodiscard]] SessionInfo info() const;
  /// Polls until the condition holds; false after a minute.
  template <typename Condition>
  static bool eventually(Condition condition);
  bool eventually_gone();
  [[nodiscard]] bool exists(const std::string& path) const;

  std::string scratch_;
  os::Environment environment_;  ///< of clients and servers
};

bool poll_until(bool (*condition)(void*), void* context);

template <typename Condition>
bool SessionTest::eventually(Condition condition) {
  return poll_until([](void* context) { return (*static_cast<Condition*>(context))(); }, &condition);
}

}  // namespace pump::session

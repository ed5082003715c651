// A session of this test's own, clients of it in other processes, and the certainty that its server is gone
// at the end.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pump/os/environment.h"
#include "pump/os/process.h"
#include "pump/os/unique_fd.h"
#include "pump/session/session.h"

namespace pump::session {

/// A client in its own process; it leaves when it is told to, or dropped.
class ClientProcess {
 public:
  ClientProcess(os::Child child, os::UniqueFd input, os::UniqueFd output)
      : child_(std::move(child)), input_(std::move(input)), output_(std::move(output)) {}
  ClientProcess(ClientProcess&&) = default;
  ~ClientProcess();

  /// Waits for its line; 0 and false where it failed instead.
  Server server();
  void kill();
  /// Ends its input, waits; the shell's exit code.
  int leave();
  [[nodiscard]] pid_t pid() const { return child_.pid(); }
  /// False once it has ended by itself; its status stays for leave().
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
  /// Starts this program as a client with environment_.
  ClientProcess start_client(std::vector<std::string> arguments = {"stay"});
  [[nodiscard]] Snapshot snapshot() const;
  /// Polls for the condition, with a patience that no machine should need.
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

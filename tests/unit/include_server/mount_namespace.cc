// These tests have a mount namespace of their own. A server takes every mount as lost events: it reads everything
// again. Another test that mounts something at the same time would change what these tests count.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>

namespace pump::include_server {
namespace {

class OwnMountNamespace : public ::testing::Environment {
 public:
  /// For root. Another user's tests mount in user namespaces, whose mounts do not reach this process.
  void SetUp() override {
    if (::unshare(CLONE_NEWNS) == 0) ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
  }
};

[[maybe_unused]] const auto* const kEnvironment = ::testing::AddGlobalTestEnvironment(new OwnMountNamespace);

}  // namespace
}  // namespace pump::include_server

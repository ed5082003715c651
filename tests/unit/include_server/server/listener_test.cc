#include "pump/include_server/server/listener.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

namespace pump::include_server {
namespace {

class ListenerTest : public testing::Test {
 protected:
  ListenerTest() {
    std::string name = testing::TempDir() + "listener.XXXXXX";
    directory_ = ::mkdtemp(name.data());
    path_ = directory_ + "/socket";
  }
  ~ListenerTest() override {
    ::unlink(path_.c_str());
    ::rmdir(directory_.c_str());
  }
  bool exists() const { return ::access(path_.c_str(), F_OK) == 0; }
  bool connects() const {
    const os::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.data(), path_.size());
    return ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  /// A socket file whose listener has died.
  void leave_stale_socket() {
    const os::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.data(), path_.size());
    ASSERT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }

  std::string directory_, path_;
};

TEST_F(ListenerTest, OnlyTheOwnerMayConnect) {
  const auto before = ::umask(0);
  {
    const auto listener = Listener::open(path_);
    ASSERT_TRUE(listener) << listener.error().message;
    struct stat status {};
    ASSERT_EQ(::stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
    EXPECT_TRUE(connects());
  }
  EXPECT_FALSE(exists());
  ::umask(before);
}

TEST_F(ListenerTest, ReplacesASocketWithoutListener) {
  leave_stale_socket();
  EXPECT_FALSE(connects());
  const auto listener = Listener::open(path_);
  ASSERT_TRUE(listener) << listener.error().message;
  EXPECT_TRUE(connects());
}

TEST_F(ListenerTest, LeavesALiveServerAlone) {
  const auto first = Listener::open(path_);
  ASSERT_TRUE(first);
  const auto second = Listener::open(path_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, EADDRINUSE);
  EXPECT_TRUE(connects());
}

TEST_F(ListenerTest, LeavesOtherFilesAlone) {
  std::ofstream(path_) << "precious";
  const auto listener = Listener::open(path_);
  ASSERT_FALSE(listener);
  EXPECT_EQ(listener.error().code, EEXIST);
  EXPECT_TRUE(exists());
}

TEST_F(ListenerTest, DoesNotRemoveAnotherSocketOfItsName) {
  {
    const auto listener = Listener::open(path_);
    ASSERT_TRUE(listener);
    ASSERT_EQ(::unlink(path_.c_str()), 0);
    leave_stale_socket();
  }
  EXPECT_TRUE(exists());
}

TEST_F(ListenerTest, RefusesPathsThatDistccRefuses) {
  const auto too_long = Listener::open("/tmp/" + std::string(102, 'x'));
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().code, ENAMETOOLONG);
  EXPECT_FALSE(Listener::open(""));
  const auto missing = Listener::open(directory_ + "/missing/socket");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ENOENT);
}

}  // namespace
}  // namespace pump::include_server

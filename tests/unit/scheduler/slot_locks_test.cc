#include "pump/scheduler/slot_locks.h"

#include <fcntl.h>
#include <unistd.h>

#include <vector>

#include "tests/unit/scheduler/scratch.h"

namespace pump::scheduler {
namespace {

using namespace std::chrono_literals;

/// Excludes slots as a lock of a distcc process does. A lock of distcc's kind would be the test process's, which
/// loses it when SlotLocks closes the file; tests/integration/pump_scheduler_test.sh has a real distcc.
class DistccLock {
 public:
  explicit DistccLock(const std::string& path)
      : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666)) {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    locked_ = ::fcntl(fd_.get(), F_OFD_SETLK, &lock) == 0;
  }
  [[nodiscard]] bool locked() const { return locked_; }

 private:
  os::UniqueFd fd_;
  bool locked_ = false;
};

class SlotLocksTest : public ScratchTest {
 protected:
  void make_lock_directory() const { ASSERT_EQ(::mkdir((distcc_ + "/lock").c_str(), 0755), 0); }
  [[nodiscard]] std::string file(unsigned slot) const {
    return distcc_ + "/lock/cpu_tcp_127.0.0.1_3632_" + std::to_string(slot);
  }
  SlotLocks::Time now_{1h};
  SlotLocks locks_;
  const distcc::Host host_ = host("127.0.0.1/2,cpp,lzo");
};

TEST_F(SlotLocksTest, ASlotExcludesDistccFromIt) {
  {
    const auto slot = locks_.take(host_, distcc_, now_);
    ASSERT_TRUE(slot);
    EXPECT_EQ(slot->number(), 0U);
    ASSERT_TRUE(exists(file(0)));
    EXPECT_FALSE(DistccLock(file(0)).locked());
    EXPECT_TRUE(DistccLock(file(1)).locked());
  }
  EXPECT_TRUE(DistccLock(file(0)).locked());
}

TEST_F(SlotLocksTest, ASlotExcludesDistccEachTime) {
  for (int i = 0; i < 3; ++i) {
    const auto slot = locks_.take(host_, distcc_, now_);
    ASSERT_TRUE(slot);
    EXPECT_EQ(slot->number(), 0U);
    EXPECT_FALSE(DistccLock(file(0)).locked()) << i;
  }
}

// The user may remove lock files, or all of DISTCC_DIR, at any time; distcc then makes new ones.
TEST_F(SlotLocksTest, FilesThatWereRemovedAreMadeAgain) {
  EXPECT_TRUE(locks_.take(host_, distcc_, now_));
  ASSERT_EQ(::unlink(file(0).c_str()), 0);
  {
    const auto slot = locks_.take(host_, distcc_, now_);
    ASSERT_TRUE(slot);
    EXPECT_FALSE(DistccLock(file(0)).locked());
  }
  ASSERT_EQ(::rename(distcc_.c_str(), (distcc_ + ".old").c_str()), 0);
  ASSERT_EQ(::mkdir(distcc_.c_str(), 0755), 0);
  make_lock_directory();
  const DistccLock other(file(0));
  const auto slot = locks_.take(host_, distcc_, now_);
  ASSERT_TRUE(slot);
  EXPECT_EQ(slot->number(), 1U);
}

TEST_F(SlotLocksTest, UnitsOfAnotherDistccDirectoryLockTheFilesThere) {
  EXPECT_TRUE(locks_.take(host_, distcc_, now_));
  const std::string other = scratch_ + "/other";
  ASSERT_EQ(::mkdir(other.c_str(), 0755), 0);
  const auto slot = locks_.take(host_, other, now_);
  ASSERT_TRUE(slot);
  EXPECT_FALSE(DistccLock(other + "/lock/cpu_tcp_127.0.0.1_3632_0").locked());
  EXPECT_TRUE(DistccLock(file(0)).locked());
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for (int fd = 0; fd < 4096; ++fd) count += ::fcntl(fd, F_GETFD) >= 0 ? 1U : 0U;
  return count;
}

TEST_F(SlotLocksTest, OnlySomeFilesStayOpen) {
  const distcc::Host large = host("127.0.0.1/500,cpp,lzo");
  const std::size_t before = open_descriptors();
  {
    std::vector<SlotLocks::Slot> slots;
    for (int i = 0; i < 400; ++i) {
      auto slot = locks_.take(large, distcc_, now_);
      ASSERT_TRUE(slot);
      slot->show({.pid = ::getpid(), .source = "a.cc", .host = "build", .slot = slot->number()});
      slots.push_back(*std::move(slot));
    }
    EXPECT_EQ(open_descriptors(), before + 800);
  }
  EXPECT_EQ(open_descriptors(), before + 2 * SlotLocks::kMostKept);
  const auto slot = locks_.take(large, distcc_, now_);
  EXPECT_FALSE(DistccLock(file(slot->number())).locked());
}

TEST_F(SlotLocksTest, AUnitIsShownUntilItsSlotIsFree) {
  const std::string path = distcc_ + "/state/binstate_tcp_127.0.0.1_3632_0";
  const auto shows = [&] {
    return os::read_file(path).value_or("").find(std::string(1, '\x67') + "\x12") == 16;
  };
  {
    auto slot = locks_.take(host_, distcc_, now_);
    ASSERT_TRUE(slot);
    slot->show({.pid = 0x1267, .source = "a.cc", .host = "127.0.0.1", .slot = 0});
    EXPECT_TRUE(shows());
  }
  EXPECT_FALSE(shows());
}

TEST_F(SlotLocksTest, EachUnitHasASlotOfItsOwn) {
  auto first = locks_.take(host_, distcc_, now_);
  const auto second = locks_.take(host_, distcc_, now_);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(second->number(), 1U);
  *first = {};
  const auto third = locks_.take(host_, distcc_, now_);
  ASSERT_TRUE(third);
  EXPECT_EQ(third->number(), 0U);
}

TEST_F(SlotLocksTest, ASlotThatDistccHoldsIsLeftOut) {
  make_lock_directory();
  const DistccLock other(file(0));
  const auto slot = locks_.take(host_, distcc_, now_);
  ASSERT_TRUE(slot);
  EXPECT_EQ(slot->number(), 1U);
  EXPECT_EQ(locks_.taken(host_.text), 1U);
}

TEST_F(SlotLocksTest, AHostWhoseSlotsDistccHoldsHasNone) {
  make_lock_directory();
  const DistccLock first(file(0)), second(file(1));
  EXPECT_FALSE(locks_.take(host_, distcc_, now_));
  EXPECT_EQ(locks_.taken(host_.text), 2U);
}

TEST_F(SlotLocksTest, ASlotThatDistccHeldIsTriedAgainAfterASecond) {
  make_lock_directory();
  {
    const DistccLock first(file(0)), second(file(1));
    ASSERT_FALSE(locks_.take(host_, distcc_, now_));
    EXPECT_EQ(locks_.next_refresh(), now_ + 1s);
    EXPECT_TRUE(locks_.refresh(now_ + 1s).empty());
  }
  EXPECT_TRUE(locks_.refresh(now_ + 1900ms).empty()) << "tried too early";
  const auto changed = locks_.refresh(now_ + 2s);
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].host, host_.text);
  EXPECT_EQ(changed[0].slots, 0U);
  EXPECT_FALSE(locks_.next_refresh());
  EXPECT_TRUE(locks_.take(host_, distcc_, now_ + 2s));
}

TEST_F(SlotLocksTest, TryingASlotAgainDoesNotKeepIt) {
  make_lock_directory();
  {
    const DistccLock first(file(0)), second(file(1));
    ASSERT_FALSE(locks_.take(host_, distcc_, now_));
  }
  ASSERT_EQ(locks_.refresh(now_ + 1s).size(), 1U);
  EXPECT_TRUE(DistccLock(file(0)).locked());
}

TEST_F(SlotLocksTest, TheSameServerInTwoListsHasItsSlotsOnce) {
  const distcc::Host other = host("127.0.0.1:3632/2,lzo,cpp");
  const auto first = locks_.take(host_, distcc_, now_);
  const auto second = locks_.take(other, distcc_, now_);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(second->number(), 1U);
  EXPECT_EQ(locks_.taken(other.text), 1U);
}

TEST_F(SlotLocksTest, WithoutADistccDirectorySlotsAreOnlyNumbersAndNothingIsMade) {
  const std::string missing = scratch_ + "/home/.distcc";
  for (const std::string& directory : {missing, std::string("relative"), std::string()}) {
    SlotLocks locks;
    const auto first = locks.take(host_, directory, now_);
    const auto second = locks.take(host_, directory, now_);
    ASSERT_TRUE(first && second) << directory;
    EXPECT_EQ(second->number(), 1U) << directory;
  }
  EXPECT_FALSE(exists(scratch_ + "/home"));
}

TEST_F(SlotLocksTest, ADirectoryOfAnotherUserIsNotUsed) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a directory away";
  ASSERT_EQ(::chown(distcc_.c_str(), 12345, 12345), 0);
  EXPECT_TRUE(locks_.take(host_, distcc_, now_));
  EXPECT_FALSE(exists(distcc_ + "/lock"));
  ASSERT_EQ(::chown(distcc_.c_str(), 0, 0), 0);
  make_lock_directory();
  ASSERT_EQ(::chown((distcc_ + "/lock").c_str(), 12345, 12345), 0);
  EXPECT_TRUE(locks_.take(host_, distcc_, now_));
  EXPECT_FALSE(exists(file(0)) || exists(file(1)));
}

TEST_F(SlotLocksTest, LinksAreNotFollowed) {
  ASSERT_EQ(::mkdir((scratch_ + "/elsewhere").c_str(), 0755), 0);
  ASSERT_EQ(::symlink("../elsewhere", (distcc_ + "/lock").c_str()), 0);
  EXPECT_TRUE(locks_.take(host_, distcc_, now_));
  EXPECT_FALSE(exists(scratch_ + "/elsewhere/cpu_tcp_127.0.0.1_3632_0"));
  ASSERT_EQ(::unlink((distcc_ + "/lock").c_str()), 0);
  make_lock_directory();
  ASSERT_EQ(::symlink("../../target", file(0).c_str()), 0);
  EXPECT_TRUE(locks_.take(host_, distcc_, now_));
  EXPECT_FALSE(exists(scratch_ + "/target"));
}

TEST_F(SlotLocksTest, FilesInASharedDirectoryAreShared) {
  const mode_t old = ::umask(077);
  ASSERT_EQ(::chmod(distcc_.c_str(), 0775), 0);
  const auto slot = locks_.take(host_, distcc_, now_);
  ::umask(old);
  EXPECT_EQ(mode(distcc_ + "/lock"), 0775U);
  EXPECT_EQ(mode(file(0)), 0664U);
}

TEST_F(SlotLocksTest, HostsOverSshAndIpv6HaveDistccsNames) {
  const auto ssh = locks_.take(host("me@build/2,cpp,lzo"), distcc_, now_);
  const auto v6 = locks_.take(host("[::1]:4000/2,cpp,lzo"), distcc_, now_);
  EXPECT_TRUE(exists(distcc_ + "/lock/cpu_ssh_build_0"));
  EXPECT_TRUE(exists(distcc_ + "/lock/cpu_tcp_::1_4000_0"));
}

}  // namespace
}  // namespace pump::scheduler

// The processes that take slots are this program again: the test LocalSlotProcess.Role acts by PUMP_TEST_ROLE.
#include "launcher/run/local_slot.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "launcher/run/slot_locks.h"
#include "pump/os/file_io.h"
#include "pump/os/process.h"
#include "pump/os/process_info.h"

namespace pump::launcher {
namespace {

using namespace std::chrono_literals;

constexpr int kReport = 3;  ///< the descriptor to which a role writes

void report(const std::string& text) {
  (void)os::write_all(kReport, text + "\n");
}

void wait_for_end_of_input() {
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) > 0) continue;
}

TEST(LocalSlotProcess, Role) {
  const char* const role = std::getenv("PUMP_TEST_ROLE");
  if (role == nullptr) return;  // an ordinary run of the tests
  const os::Environment environment = os::Environment::current();
  take_local_slot(environment);
  const char* const slot = std::getenv(kLocalSlotVariable);
  report(slot == nullptr ? "none" : slot);
  if (std::string_view(role) == "exec") {
    ::execlp("cat", "cat", nullptr);
    report("cannot execute cat");
  }
  wait_for_end_of_input();
}

/// A process that takes a slot and keeps it until end() or kill().
class SlotProcess {
 public:
  explicit SlotProcess(os::Environment environment, const std::string& role = "take") {
    std::array<int, 2> input{}, output{};
    if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0) std::abort();
    const os::UniqueFd theirs_in(input[0]), theirs_out(output[1]),
        nothing(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    input_.reset(input[1]);
    output_.reset(output[0]);
    environment.set("PUMP_TEST_ROLE", role);
    os::SpawnOptions options;
    options.program = "/proc/self/exe";
    options.argv = {"role", "--gtest_filter=LocalSlotProcess.Role", "--gtest_brief=1"};
    options.environment = std::move(environment);
    options.descriptors = {
        {theirs_in.get(), STDIN_FILENO}, {nothing.get(), STDOUT_FILENO}, {theirs_out.get(), kReport}};
    child_ = os::spawn(options).value();
  }
  SlotProcess(const SlotProcess&) = delete;
  SlotProcess& operator=(const SlotProcess&) = delete;
  ~SlotProcess() {
    if (child_.pid() <= 0) return;
    (void)child_.signal(SIGCONT);
    kill();
  }

  [[nodiscard]] pid_t pid() const { return child_.pid(); }
  /// Waits for it: the slot, or "none".
  [[nodiscard]] std::string slot() const {
    std::string text;
    for (char byte = 0; ::read(output_.get(), &byte, 1) > 0 && byte != '\n';) text += byte;
    return text;
  }
  [[nodiscard]] bool has_reported() const {
    pollfd entry{.fd = output_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&entry, 1, 0) > 0;
  }
  void end() {
    input_.reset();
    (void)child_.wait();
  }
  void kill() {
    (void)child_.signal(SIGKILL);
    (void)child_.wait();
  }
  /// Returns when the kernel shows the state.
  void stop_or_continue(int signal, bool stopped) {
    (void)child_.signal(signal);
    while ((os::look_up_process(pid()).value_or(os::ProcessInfo{}).state == 'T') != stopped)
      std::this_thread::sleep_for(1ms);
  }
  [[nodiscard]] os::ExitStatus wait() { return child_.wait().value(); }

 private:
  os::Child child_{-1};
  os::UniqueFd input_, output_;
};

class LocalSlots : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/pump-slots.XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
    environment_ = os::Environment::current();
    environment_.set("PUMP_RUNTIME_DIR", directory_);
    environment_.unset(kLocalSlotVariable);
    set_jobs("1");
  }
  void TearDown() override { (void)os::remove_tree(directory_); }

  void set_jobs(const std::string& number) { environment_.set("PUMP_LOCAL_JOBS", number); }
  [[nodiscard]] std::string file() const { return directory_ + "/local-slots"; }
  [[nodiscard]] SlotLocks locks() const { return SlotLocks::open(file(), false).value(); }
  /// Returns when the process has a turn, so that it waits for a slot, or will find one. A turn is a lock.
  void expect_waiting(const SlotProcess& process) const {
    const std::string pid = " " + std::to_string(process.pid()) + " ";
    while (os::read_file("/proc/locks").value().find(pid) == std::string::npos) {
      ASSERT_FALSE(process.has_reported()) << process.slot();
      std::this_thread::sleep_for(1ms);
    }
    EXPECT_FALSE(process.has_reported());
  }

  std::string directory_;
  os::Environment environment_;
};

TEST_F(LocalSlots, AreLimited) {
  set_jobs("2");
  SlotProcess first(environment_);
  EXPECT_EQ(first.slot(), "0");
  SlotProcess second(environment_);
  EXPECT_EQ(second.slot(), "1");
  SlotProcess third(environment_);
  expect_waiting(third);
  first.end();
  EXPECT_EQ(third.slot(), "0");
}

TEST_F(LocalSlots, AKilledProcessFreesItsSlot) {
  SlotProcess first(environment_);
  EXPECT_EQ(first.slot(), "0");
  SlotProcess second(environment_);
  expect_waiting(second);
  first.kill();
  EXPECT_EQ(second.slot(), "0");
}

TEST_F(LocalSlots, AKilledWaiterPassesItsTurnOn) {
  SlotProcess first(environment_);
  EXPECT_EQ(first.slot(), "0");
  SlotProcess second(environment_), third(environment_);
  expect_waiting(second);
  expect_waiting(third);
  second.kill();
  first.end();
  EXPECT_EQ(third.slot(), "0");
}

TEST_F(LocalSlots, ASignalEndsTheWait) {
  SlotProcess first(environment_);
  EXPECT_EQ(first.slot(), "0");
  SlotProcess second(environment_);
  expect_waiting(second);
  ASSERT_EQ(::kill(second.pid(), SIGTERM), 0);
  EXPECT_EQ(second.wait().signal, SIGTERM);
}

TEST_F(LocalSlots, SurviveExecve) {
  SlotProcess first(environment_, "exec");
  EXPECT_EQ(first.slot(), "0");
  while (os::look_up_process(first.pid()).value().name != "cat") std::this_thread::sleep_for(1ms);
  EXPECT_EQ(locks().holder(0), first.pid());
  first.end();
  EXPECT_FALSE(locks().holder(0));
}

TEST_F(LocalSlots, AStoppedProcessDoesNotCount) {
  SlotProcess first(environment_);
  EXPECT_EQ(first.slot(), "0");
  first.stop_or_continue(SIGSTOP, true);
  SlotProcess second(environment_);
  EXPECT_EQ(second.slot(), "1") << "a slot more";
  SlotProcess third(environment_);
  expect_waiting(third);
  second.end();
  EXPECT_EQ(third.slot(), "1");
  third.end();
  first.stop_or_continue(SIGCONT, false);
  SlotProcess fourth(environment_);
  expect_waiting(fourth);
}

TEST_F(LocalSlots, AStoppedWaiterHoldsNobodyUp) {
  SlotProcess first(environment_);
  EXPECT_EQ(first.slot(), "0");
  SlotProcess second(environment_);
  expect_waiting(second);
  second.stop_or_continue(SIGSTOP, true);
  SlotProcess third(environment_);
  expect_waiting(third);
  first.end();
  EXPECT_EQ(third.slot(), "0");
}

TEST_F(LocalSlots, AVariableThatIsOutOfDateIsIgnored) {
  SlotProcess first(environment_);
  EXPECT_EQ(first.slot(), "0");
  environment_.set(kLocalSlotVariable, "0");  // of `first`, which is not above the next process
  SlotProcess second(environment_);
  expect_waiting(second);
  first.end();
  EXPECT_EQ(second.slot(), "0");
  for (const char* value : {"1", "7", "-1", "x", "", "99999999999"}) {
    environment_.set(kLocalSlotVariable, value);
    SlotProcess other(environment_);
    expect_waiting(other);
  }
}

TEST_F(LocalSlots, NoLimit) {
  set_jobs("0");
  SlotProcess first(environment_), second(environment_);
  EXPECT_EQ(first.slot(), "none");
  EXPECT_EQ(second.slot(), "none");
  EXPECT_NE(::access(file().c_str(), F_OK), 0);
}

TEST_F(LocalSlots, NoLimitWithoutASafeDirectory) {
  ASSERT_EQ(::chmod(directory_.c_str(), 0777), 0);
  SlotProcess first(environment_);
  EXPECT_EQ(first.slot(), "none");
  EXPECT_NE(::access(file().c_str(), F_OK), 0) << "nothing is created";
  ASSERT_EQ(::chmod(directory_.c_str(), 0700), 0);
  ASSERT_EQ(::symlink("elsewhere", file().c_str()), 0);
  SlotProcess second(environment_);
  EXPECT_EQ(second.slot(), "none");
  EXPECT_NE(::access((directory_ + "/elsewhere").c_str(), F_OK), 0) << "a link is not followed";
}

TEST_F(LocalSlots, ANoteForANumberThatIsNone) {
  set_jobs("many");
  SlotProcess first(environment_);
  EXPECT_EQ(first.slot(), "0");
  std::string logs;
  for (const auto& entry : std::filesystem::directory_iterator(directory_))
    if (entry.is_directory()) logs += os::read_file(entry.path().string() + "/log").value_or("");
  EXPECT_NE(logs.find("PUMP_LOCAL_JOBS: must be a number, 0 or more, not 'many'"), std::string::npos) << logs;
}

TEST_F(LocalSlots, TheHolderOfALockIsAnotherProcess) {
  const SlotLocks mine = locks();
  EXPECT_TRUE(mine.try_lock(5).value());
  EXPECT_FALSE(mine.holder(5)) << "its own lock does not count";
  SlotProcess other(environment_);
  EXPECT_EQ(other.slot(), "0");
  EXPECT_EQ(mine.holder(0), other.pid());
  EXPECT_FALSE(mine.try_lock(0).value());
  other.end();
  EXPECT_FALSE(mine.holder(0));
  EXPECT_TRUE(mine.try_lock(0).value());
}

}  // namespace
}  // namespace pump::launcher

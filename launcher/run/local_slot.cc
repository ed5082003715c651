#include "launcher/run/local_slot.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "launcher/report/session_notes.h"
#include "launcher/run/local_jobs.h"
#include "launcher/run/slot_locks.h"
#include "pump/os/format.h"
#include "pump/os/process_info.h"
#include "pump/session/private_directory.h"
#include "pump/session/session.h"

namespace pump::launcher {
namespace {

// The bytes of the file: the slots; the turns of all; the turns of builds, some for each pid. A second turn
// is used if the process that has the first one is stopped. Pids are below 2^22, so all bytes fit into 31
// bits.
constexpr off_t kMostSlots = off_t{1} << 20;
constexpr off_t kTurn = kMostSlots;
constexpr off_t kTurnOfBuild = off_t{1} << 21;
constexpr off_t kTurns = 64;
constexpr pid_t kMostPids = pid_t{1} << 22;

/// Interrupts blocking calls (EINTR) every ten seconds. A timer of its own: the caller's alarm(2) stays,
/// which execve passes on. The signal is one that is ignored by default.
class Reminder {
 public:
  Reminder() {
    struct sigaction action {};
    action.sa_handler = [](int) {};  // without SA_RESTART
    ::sigemptyset(&action.sa_mask);
    ::sigaction(kSignal, &action, &before_);
    struct sigevent event {};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = kSignal;
    constexpr itimerspec kInterval{.it_interval = {.tv_sec = 10, .tv_nsec = 0},
                                   .it_value = {.tv_sec = 10, .tv_nsec = 0}};
    runs_ = ::timer_create(CLOCK_MONOTONIC, &event, &timer_) == 0;
    if (runs_) ::timer_settime(timer_, 0, &kInterval, nullptr);
  }
  Reminder(const Reminder&) = delete;
  Reminder& operator=(const Reminder&) = delete;
  ~Reminder() {
    if (runs_) ::timer_delete(timer_);
    ::sigaction(kSignal, &before_, nullptr);
  }

 private:
  static constexpr int kSignal = SIGURG;
  struct sigaction before_ {};
  timer_t timer_{};
  bool runs_ = false;
};

/// The processes above this one.
struct Family {
  std::vector<pid_t> above;
  pid_t build =
      0;  ///< the one that started this launcher for a build: the first that only passes no command on
  [[nodiscard]] bool contains(pid_t pid) const {
    return std::find(above.begin(), above.end(), pid) != above.end();
  }
};

/// True for a program between a build and the launcher: a shell for a rule, or a compiler cache.
bool passes_commands_on(std::string_view program) {
  constexpr std::array<std::string_view, 7> kPrograms{"sh",  "dash",   "bash",      "ksh",
                                                      "zsh", "ccache", "buildcache"};
  return std::find(kPrograms.begin(), kPrograms.end(), program) != kPrograms.end();
}

Family look_at_family() {
  Family family;
  constexpr std::size_t kMost = 1000;  // a loop is not possible, but pids may be used again while this reads
  for (pid_t pid = ::getppid(); pid > 0 && family.above.size() < kMost;) {
    const auto info = os::look_up_process(pid);
    family.above.push_back(pid);
    if (!info) break;
    if (family.build == 0 && !passes_commands_on(info->name)) family.build = pid;
    pid = info->parent;
  }
  if (family.build == 0) family.build = ::getppid();
  return family;
}

bool is_stopped(pid_t pid) {
  const auto info = pid > 0 ? os::look_up_process(pid) : std::nullopt;
  return info && info->state == 'T';
}

/// A slot of another process; pid 0 if it is in a PID namespace that is not visible here.
struct Taken {
  off_t slot;
  pid_t pid;
};

/// A launcher that waits for one of `slots` slots. At its end it passes the turn on.
class Waiter {
 public:
  Waiter(const SlotLocks& locks, off_t slots, const Family& family)
      : locks_(locks), slots_(slots), family_(family) {}
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() {
    // The turn of all first: who waits for that is of another build, and comes before the rest of this one.
    for (auto turn = turns_.rbegin(); turn != turns_.rend(); ++turn) locks_.unlock(*turn);
  }

  /// Nothing: a process above this one holds a slot, or locks do not work here.
  std::optional<off_t> wait();

 private:
  /// A round over the slots: one of them was taken; or others hold all of them; or neither: no slot must be
  /// taken.
  struct Round {
    std::optional<off_t> slot;
    std::vector<Taken> taken;
  };

  bool wait_for_turn(off_t first);
  Round try_slots() const;
  void wait_for_an_end(const std::vector<Taken>& taken) const;

  const SlotLocks& locks_;
  off_t slots_;
  const Family& family_;
  std::vector<off_t> turns_;  ///< locked
};

/// False if locks do not work here.
bool Waiter::wait_for_turn(off_t first) {
  for (off_t turn = first;;) {
    const auto locked = locks_.try_lock(turn);
    if (!locked) return false;
    if (*locked) {
      turns_.push_back(turn);
      return true;
    }
    const auto holder = locks_.holder(turn);
    if (!holder) continue;  // it is free now
    if (is_stopped(*holder) && turn + 1 < first + kTurns) {
      ++turn;
      continue;
    }
    if (const Status waited = locks_.lock(turn); !waited) {
      if (waited.error().code != EINTR) return false;
      turn = first;
    }  // otherwise the next try_lock() succeeds
  }
}

Waiter::Round Waiter::try_slots() const {
  Round round;
  off_t end = slots_;
  for (off_t slot = 0; slot < end;) {
    const auto locked = locks_.try_lock(slot);
    if (!locked) return {};
    if (*locked) {
      round.slot = slot;
      return round;
    }
    const auto holder = locks_.holder(slot);
    if (!holder) continue;  // it is free now
    if (family_.contains(*holder)) return {};
    if (is_stopped(*holder) && end < kMostSlots) ++end;
    round.taken.push_back({slot, *holder});
    ++slot;
  }
  return round;
}

/// Returns when one of the processes may have ended, or after EINTR.
void Waiter::wait_for_an_end(const std::vector<Taken>& taken) const {
  std::vector<os::UniqueFd> owners;
  std::vector<pollfd> polled;
  for (const auto& [slot, pid] : taken) {
    if (pid <= 0) continue;
    os::UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)));
    // Only after pidfd_open: before, the process could have ended, and its pid could belong to another one.
    if (locks_.holder(slot) != pid) return;
    if (!process) continue;
    polled.push_back({.fd = process.get(), .events = POLLIN, .revents = 0});
    owners.push_back(std::move(process));
  }
  constexpr int kForever = -1;
  constexpr int kSecond =
      1000;  // no pidfd for some: another PID namespace, an old kernel, too few descriptors
  ::poll(polled.data(), polled.size(), polled.size() == taken.size() ? kForever : kSecond);
}

std::optional<off_t> Waiter::wait() {
  const Reminder reminder;
  // One at a time for each build, and of those one at a time.
  if (!wait_for_turn(kTurnOfBuild + off_t{family_.build % kMostPids} * kTurns)) return {};
  if (!wait_for_turn(kTurn)) return {};
  while (true) {
    const Round round = try_slots();
    if (round.slot || round.taken.empty()) return round.slot;
    wait_for_an_end(round.taken);
  }
}

/// A slot, if one is free and nobody waits for it.
std::optional<off_t> try_at_once(const SlotLocks& locks, off_t slots) {
  if (!locks.try_lock(kTurn).value_or(false)) return {};
  std::optional<off_t> taken;
  for (off_t slot = 0; slot < slots && !taken; ++slot)
    if (locks.try_lock(slot).value_or(false)) taken = slot;
  locks.unlock(kTurn);
  return taken;
}

/// The slot that PUMP_LOCAL_SLOT names.
std::optional<off_t> named_slot() {
  const char* const value = std::getenv(kLocalSlotVariable);
  if (value == nullptr) return {};
  const std::string_view text(value);
  off_t slot = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), slot);
  if (error != std::errc() || stopped != text.data() + text.size() || slot < 0 || slot >= kMostSlots)
    return {};
  return slot;
}

/// The runtime directory's file; creates both.
Expected<SlotLocks> open_locks(const os::Environment& environment, bool may_have_locks) {
  PUMP_TRY(const std::string directory, session::runtime_directory(environment));
  PUMP_CHECK(session::make_directories(directory, session::Privacy::kUnwritable));
  return SlotLocks::open(directory + "/local-slots", may_have_locks);
}

/// Reports a malformed PUMP_LOCAL_JOBS in the session's log.
void report_malformed(const os::Environment& environment, unsigned used) {
  const auto settings = session::read_settings(environment);
  if (!settings) return;
  const auto directory = session::Directory::open(*settings);
  if (!directory) return;
  SessionNotes(*directory)
      .add_once("local-jobs", "PUMP_LOCAL_JOBS",
                os::format("must be a number, 0 or more, not '{}'; {} is used",
                           environment.get_or("PUMP_LOCAL_JOBS", ""), used));
}

/// True if the slot that PUMP_LOCAL_SLOT names belongs to this process or to one above it.
bool has_slot_already(SlotLocks& locks, off_t named, off_t slots, const Family& family) {
  const auto holder = locks.holder(named);
  // Not visible: a compiler above has probably made a PID namespace. One compiler too many is better than a
  // deadlock.
  if (holder) return *holder == 0 || family.contains(*holder);
  // This process has it, because it has executed pump-launch again. Or nobody has it, and then it may be
  // taken.
  if (named >= slots || !locks.try_lock(named).value_or(false)) return false;
  locks.keep();
  return true;
}

}  // namespace

void take_local_slot(const os::Environment& environment) {
  const LocalJobs jobs = local_jobs(environment);
  if (jobs.malformed) report_malformed(environment, jobs.number);
  if (jobs.number == 0) return;
  const auto slots = std::min<off_t>(jobs.number, kMostSlots);
  const std::optional<off_t> named = named_slot();
  auto locks = open_locks(environment, named.has_value());
  if (!locks) return;
  std::optional<Family> family;
  if (named) {
    family = look_at_family();
    if (has_slot_already(*locks, *named, slots, *family)) return;
  }
  std::optional<off_t> slot = try_at_once(*locks, slots);
  if (!slot) {
    if (!family) family = look_at_family();
    slot = Waiter(*locks, slots, *family).wait();
  }
  if (!slot) return;
  locks->keep();
  ::setenv(kLocalSlotVariable, std::to_string(*slot).c_str(), 1);
}

}  // namespace pump::launcher

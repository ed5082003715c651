// The slots of hosts, and the lock files by which stock distcc processes of the user count them.
//
// distcc 3.4 takes an exclusive fcntl(2) lock on the whole file DISTCC_DIR/lock/cpu_tcp_NAME_PORT_SLOT, or
// cpu_ssh_NAME_SLOT, for slots from 0 to the host's limit (lock.c, where.c). A slot here takes the same lock, so that
// both kinds of client together keep to the limit. If the directory cannot be used, a slot is only a number.
//
// A slot's files stay open when it is free (kept_file.h): a lock and the unit's monitor file are taken for every unit.
//
// The locks are of the kind "open file description" (F_OFD_SETLK), which conflicts with distcc's. A lock of distcc's
// own kind belongs to the process: closing any descriptor of the file, in any part of the session's server, would drop
// it, so one descriptor for each file would have to stay open.
//
// One thread. The calls of a file system can block: if DISTCC_DIR is on a network file system that dies while it is used, all
// units wait, as all distcc processes do. A directory that is dead from the start is not used (directory_check.h).
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pump/distcc/hosts.h"
#include "pump/scheduler/kept_file.h"
#include "pump/scheduler/monitor_files.h"

namespace pump::scheduler {

class SlotLocks {
 private:
  struct Place;

 public:
  using Time = std::chrono::steady_clock::time_point;
  /// Slots whose files stay open when they are free.
  static constexpr std::size_t kMostKept = 128;

  SlotLocks() = default;
  SlotLocks(const SlotLocks&) = delete;
  SlotLocks& operator=(const SlotLocks&) = delete;

  /// Owns a slot. The SlotLocks outlives it.
  class Slot {
   public:
    Slot() = default;
    Slot(Slot&& other) noexcept { *this = std::move(other); }
    Slot& operator=(Slot&& other) noexcept {
      std::swap(locks_, other.locks_);
      std::swap(place_, other.place_);
      std::swap(number_, other.number_);
      return *this;
    }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot();
    [[nodiscard]] unsigned number() const { return number_; }
    /// Shows the unit to distcc's monitors, until the slot is free.
    void show(const MonitorFile::Task& task);
    void set_phase(MonitorPhase phase) const;

   private:
    friend class SlotLocks;
    SlotLocks* locks_ = nullptr;
    Place* place_ = nullptr;  ///< null: no slot
    unsigned number_ = 0;
  };

  struct Taken {
    std::string host;
    unsigned slots;
  };

  /// A free slot of the host, which has one as far as the caller knows. Nothing: other processes have taken slots
  /// meanwhile; taken() is their number.
  std::optional<Slot> take(const distcc::Host& host, const std::string& distcc_directory, Time now);
  /// Slots of the host that other processes held when they were last tried.
  [[nodiscard]] unsigned taken(const std::string& host) const;
  /// Tries slots again that other processes held a second ago. Returns the hosts that have fewer of them now.
  std::vector<Taken> refresh(Time now);
  /// When refresh() may find something; nothing: never.
  [[nodiscard]] std::optional<Time> next_refresh() const;

 private:
  struct Other {
    distcc::Host host;
    std::string distcc_directory;
    Time tried;
  };
  /// A slot, free or not.
  struct Place {
    bool used = false;
    bool kept = false;  ///< its files may be open
    std::string directory,
        suffix;  ///< of the last use: DISTCC_DIR, and the part of the files' names that they share
    KeptFile lock;
    MonitorFile monitor;
  };
  struct HostSlots {
    std::deque<Place> places;          ///< by number; addresses stay valid
    std::map<unsigned, Other> others;  ///< held by other processes, by number
  };

  /// False: another process has the lock. A file that cannot be used is nobody's.
  bool try_lock(Place& place, const distcc::Host& host, unsigned number, const std::string& distcc_directory);
  void unlock(Place& place);
  void keep(Place& place);
  /// By Host::text. Pointers to a value stay valid.
  std::unordered_map<std::string, HostSlots> hosts_;
  std::size_t kept_ = 0;  ///< places whose files may be open
};

}  // namespace pump::scheduler

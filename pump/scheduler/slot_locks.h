// The slots of hosts, and the lock files by which stock distcc processes of the user count them.
//
// distcc 3.4 takes an exclusive fcntl(2) lock on the whole file DISTCC_DIR/lock/cpu_tcp_NAME_PORT_SLOT, or
// cpu_ssh_NAME_SLOT, for slots from 0 to the host's limit (lock.c, where.c). A slot here takes the same lock, so that
// both kinds of client together keep to the limit. If the directory cannot be used, a slot is only a number.
//
// The locks are of the kind "open file description" (F_OFD_SETLK), which conflicts with distcc's. A lock of distcc's
// own kind belongs to the process: closing any descriptor of the file, in any part of the session's server, would drop
// it, so one descriptor for each file would have to stay open.
//
// One thread. The calls of a file system can block: if DISTCC_DIR is on a network file system that dies while it is used, all
// units wait, as all distcc processes do. A directory that is dead from the start is not used (directory_check.h).
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pump/distcc/hosts.h"
#include "pump/os/unique_fd.h"

namespace pump::scheduler {

class SlotLocks {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Owns a slot. The SlotLocks outlives it.
  class Slot {
   public:
    Slot() = default;
    Slot(Slot&& other) noexcept { *this = std::move(other); }
    Slot& operator=(Slot&& other) noexcept {
      std::swap(used_, other.used_);
      std::swap(number_, other.number_);
      std::swap(lock_, other.lock_);
      return *this;
    }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot();
    [[nodiscard]] unsigned number() const { return number_; }

   private:
    friend class SlotLocks;
    std::vector<bool>* used_ = nullptr;
    unsigned number_ = 0;
    os::UniqueFd lock_;
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
  struct HostSlots {
    std::vector<bool> used;            ///< by number
    std::map<unsigned, Other> others;  ///< held by other processes, by number
    [[nodiscard]] bool is_used(unsigned number) const { return number < used.size() && used[number]; }
  };
  /// By Host::text. Pointers to a value stay valid.
  std::unordered_map<std::string, HostSlots> hosts_;
};

}  // namespace pump::scheduler

#include "pump/scheduler/slot_locks.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "pump/os/format.h"
#include "pump/scheduler/distcc_directory.h"

namespace pump::scheduler {
namespace {

constexpr std::chrono::seconds kRetry(1);

std::string file_name(const distcc::Host& host, unsigned slot) {
  return host.ssh ? os::format("cpu_ssh_{}_{}", host.name, slot)
                  : os::format("cpu_tcp_{}_{}_{}", host.name, host.port, slot);
}

bool set_lock(int fd, short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return ::fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

/// False: another process has the lock. No descriptor: the file cannot be used, so nobody can have it.
bool try_lock(const distcc::Host& host, unsigned slot, const std::string& distcc_directory,
              os::UniqueFd& lock) {
  const auto directory = open_distcc_subdirectory(distcc_directory, "lock");
  if (!directory) return true;
  auto file = open_distcc_file(*directory, file_name(host, slot));
  if (!file) return true;
  if (set_lock(file->get(), F_WRLCK))
    lock = *std::move(file);
  else if (errno == EAGAIN || errno == EACCES)
    return false;
  return true;
}

/// Closing the file would not do: a child between vfork and execve may have a copy of the descriptor.
void unlock(const os::UniqueFd& lock) {
  if (lock) set_lock(lock.get(), F_UNLCK);
}

bool is_free(const distcc::Host& host, unsigned slot, const std::string& distcc_directory) {
  os::UniqueFd lock;
  const bool free = try_lock(host, slot, distcc_directory, lock);
  unlock(lock);
  return free;
}

}  // namespace

SlotLocks::Slot::~Slot() {
  unlock(lock_);
  if (used_ != nullptr) (*used_)[number_] = false;
}

std::optional<SlotLocks::Slot> SlotLocks::take(const distcc::Host& host, const std::string& distcc_directory,
                                               Time now) {
  HostSlots& slots = hosts_[host.text];
  const auto own = [&](unsigned number, os::UniqueFd lock) {
    if (number >= slots.used.size()) slots.used.resize(number + 1);
    Slot slot;
    slot.used_ = &slots.used;
    slot.number_ = number;
    slot.lock_ = std::move(lock);
    slots.used[number] = true;
    return slot;
  };
  bool found_taken = false;
  for (unsigned number = 0; number < host.limit; ++number) {
    if (slots.is_used(number) || slots.others.contains(number)) continue;
    os::UniqueFd lock;
    if (try_lock(host, number, distcc_directory, lock)) return own(number, std::move(lock));
    slots.others.insert_or_assign(number, Other{host, distcc_directory, now});
    found_taken = true;
  }
  if (found_taken) return std::nullopt;
  // The caller counts fewer slots in use than there are, which would be a defect. One unit too many does no harm.
  const auto unused = std::find(slots.used.begin(), slots.used.end(), false);
  const auto number = static_cast<unsigned>(unused - slots.used.begin());
  return own(number, {});
}

unsigned SlotLocks::taken(const std::string& host) const {
  const auto found = hosts_.find(host);
  return found == hosts_.end() ? 0 : static_cast<unsigned>(found->second.others.size());
}

std::vector<SlotLocks::Taken> SlotLocks::refresh(Time now) {
  std::vector<Taken> changed;
  for (auto& [text, slots] : hosts_) {
    const std::size_t before = slots.others.size();
    for (auto at = slots.others.begin(); at != slots.others.end();) {
      auto& [number, other] = *at;
      const bool due = now - other.tried >= kRetry;
      if (due) other.tried = now;
      at =
          due && is_free(other.host, number, other.distcc_directory) ? slots.others.erase(at) : std::next(at);
    }
    if (slots.others.size() < before) changed.push_back({text, static_cast<unsigned>(slots.others.size())});
  }
  return changed;
}

std::optional<SlotLocks::Time> SlotLocks::next_refresh() const {
  std::optional<Time> next;
  for (const auto& [text, slots] : hosts_)
    for (const auto& [number, other] : slots.others)
      next = std::min(next.value_or(Time::max()), other.tried + kRetry);
  return next;
}

}  // namespace pump::scheduler

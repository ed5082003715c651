#include "pump/scheduler/slot_locks.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "pump/os/format.h"

namespace pump::scheduler {
namespace {

constexpr std::chrono::seconds kRetry(1);

std::string suffix_of(const distcc::Host& host, unsigned slot) {
  return host.ssh ? os::format("ssh_{}_{}", host.name, slot)
                  : os::format("tcp_{}_{}_{}", host.name, host.port, slot);
}

bool set_lock(int fd, short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return ::fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

}  // namespace

SlotLocks::Slot::~Slot() {
  if (place_ == nullptr) return;
  place_->monitor.hide();
  locks_->unlock(*place_);
  place_->used = false;
}

void SlotLocks::Slot::show(const MonitorFile::Task& task) {
  place_->monitor.show(place_->directory, place_->suffix, task);
}

void SlotLocks::Slot::set_phase(MonitorPhase phase) const {
  place_->monitor.set_phase(phase);
}

bool SlotLocks::try_lock(Place& place, const distcc::Host& host, unsigned number,
                         const std::string& distcc_directory) {
  if (place.suffix.empty()) place.suffix = suffix_of(host, number);
  place.directory = distcc_directory;
  if (!place.lock.open(distcc_directory, "lock", "cpu_" + place.suffix)) return true;
  keep(place);
  return set_lock(place.lock.fd(), F_WRLCK) || (errno != EAGAIN && errno != EACCES);
}

void SlotLocks::keep(Place& place) {
  if (!std::exchange(place.kept, true)) ++kept_;
}

void SlotLocks::unlock(Place& place) {
  // Closing the file would not do: a child between vfork and execve may have a copy of the descriptor.
  if (place.lock.is_open()) set_lock(place.lock.fd(), F_UNLCK);
  if (!place.kept || kept_ <= kMostKept) return;
  place.kept = false;
  --kept_;
  place.lock.close();
  place.monitor.remove();
}

std::optional<SlotLocks::Slot> SlotLocks::take(const distcc::Host& host, const std::string& distcc_directory,
                                               Time now) {
  HostSlots& slots = hosts_[host.text];
  const auto place_of = [&](unsigned number) -> Place& {
    while (number >= slots.places.size()) slots.places.emplace_back();
    return slots.places[number];
  };
  const auto own = [&](unsigned number) {
    Slot slot;
    slot.locks_ = this;
    slot.place_ = &place_of(number);
    slot.number_ = number;
    slot.place_->used = true;
    keep(*slot.place_);
    return slot;
  };
  bool found_taken = false;
  for (unsigned number = 0; number < host.limit; ++number) {
    if (place_of(number).used || slots.others.contains(number)) continue;
    if (try_lock(place_of(number), host, number, distcc_directory)) return own(number);
    slots.others.insert_or_assign(number, Other{host, distcc_directory, now});
    found_taken = true;
  }
  if (found_taken) return std::nullopt;
  // The caller counts fewer slots in use than there are, which would be a defect. One unit too many does no harm.
  unsigned number = 0;
  while (place_of(number).used) ++number;
  return own(number);
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
      Place& place = slots.places[number];
      const bool free = due && try_lock(place, other.host, number, other.distcc_directory);
      if (free) unlock(place);
      at = free ? slots.others.erase(at) : std::next(at);
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

#include "pump/include_server/preprocessor/evaluation_cache.h"

#include <algorithm>
#include <array>

namespace pump::include_server {
namespace {

/// A condition that reads more is evaluated: comparing would take as long.
constexpr std::size_t kMostReads = 64;

}  // namespace

void ConditionStore::keep(const std::vector<MacroTable::Change>& noted, CachedCondition& first,
                          std::uint64_t profile, bool asked, Truth truth) {
  std::size_t count = 0;
  std::array<MacroTable::Change, kMostReads> distinct;
  for (const MacroTable::Change& read : noted) {
    const auto end = distinct.begin() + static_cast<std::ptrdiff_t>(count);
    if (std::any_of(distinct.begin(), end, [&](const auto& one) { return one.name == read.name; })) continue;
    if (count == kMostReads || !read.state.certain()) {
      ++first.given_up;
      return;
    }
    distinct[count++] = read;
  }
  first.given_up = 0;
  CachedCondition& cached = place_for_another(first);
  if (count > cached.room) {
    cached.first_read = static_cast<std::uint32_t>(reads_.size());
    cached.room = static_cast<std::uint16_t>(count);
    reads_.resize(reads_.size() + count);
  }
  cached.reads = static_cast<std::uint16_t>(count);
  cached.made = true;
  cached.profile = profile;
  cached.asked = asked;
  cached.truth = truth;
  std::copy_n(distinct.begin(), count, reads_.begin() + cached.first_read);
}

/// The first one that is free, else a new one, else the first: states that were met last are met again.
CachedCondition& ConditionStore::place_for_another(CachedCondition& first) {
  CachedCondition* cached = &first;
  while (cached->made && cached->other != 0) cached = &others_[cached->other];
  if (!cached->made) return *cached;
  if (first.others == kMostOthers) {
    ++first.renewed;
    return first;
  }
  ++first.others;
  const auto number = static_cast<std::uint32_t>(others_.size());
  cached->other = number;
  return others_.emplace_back();
}

void ConditionStore::forget(CachedCondition& first) {
  for (CachedCondition* cached = &first;; cached = &others_[cached->other]) {
    cached->made = false;
    if (cached->other == 0) return;
  }
}

void RunStore::keep(const RunNotes& notes, std::uint32_t& number, std::uint64_t profile, DirectiveIndex end) {
  CachedRun& cached = entries_[place_for_another(number)];
  const std::size_t count = notes.reads.size() + notes.writes.size();
  if (count > cached.room) {
    cached.first_read = static_cast<std::uint32_t>(changes_.size());
    cached.room = static_cast<std::uint32_t>(count);
    changes_.resize(changes_.size() + count);
  }
  cached.reads = static_cast<std::uint32_t>(notes.reads.size());
  cached.writes = static_cast<std::uint32_t>(notes.writes.size());
  cached.made = true;
  cached.profile = profile;
  cached.asked = notes.asked;
  cached.end = end;
  const auto at = std::copy(notes.reads.begin(), notes.reads.end(), changes_.begin() + cached.first_read);
  std::copy(notes.writes.begin(), notes.writes.end(), at);
}

/// As ConditionStore's.
std::uint32_t RunStore::place_for_another(std::uint32_t& first) {
  const auto fresh = static_cast<std::uint32_t>(entries_.size());
  if (first == 0) {
    first = fresh;
  } else if (entries_[first].others == kMostOthers) {
    ++entries_[first].renewed;
    return first;
  } else {
    ++entries_[first].others;
    std::uint32_t last = first;
    while (entries_[last].other != 0) last = entries_[last].other;
    entries_[last].other = fresh;
  }
  entries_.emplace_back();
  return fresh;
}

void RunStore::clear() {
  changes_.clear();
  entries_.assign(1, CachedRun{});
}

}  // namespace pump::include_server

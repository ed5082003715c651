#include "pump/include_server/preprocessor/evaluation_cache.h"

#include <algorithm>
#include <array>

namespace pump::include_server {
namespace {

/// A condition that reads more is evaluated: comparing would take as long.
constexpr std::size_t kMostReads = 64;

}  // namespace

void ConditionStore::keep(const std::vector<MacroTable::Change>& noted, ConditionMemo& first,
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
  ConditionMemo& memo = place_for_another(first);
  if (count > memo.room) {
    memo.first_read = static_cast<std::uint32_t>(reads_.size());
    memo.room = static_cast<std::uint16_t>(count);
    reads_.resize(reads_.size() + count);
  }
  memo.reads = static_cast<std::uint16_t>(count);
  memo.made = true;
  memo.profile = profile;
  memo.asked = asked;
  memo.truth = truth;
  std::copy_n(distinct.begin(), count, reads_.begin() + memo.first_read);
}

/// The first one that is free, else a new one, else the first: states that were met last are met again.
ConditionMemo& ConditionStore::place_for_another(ConditionMemo& first) {
  ConditionMemo* memo = &first;
  while (memo->made && memo->other != 0) memo = &others_[memo->other];
  if (!memo->made) return *memo;
  if (first.others == kMostOthers) {
    ++first.renewed;
    return first;
  }
  ++first.others;
  const auto number = static_cast<std::uint32_t>(others_.size());
  memo->other = number;
  return others_.emplace_back();
}

void ConditionStore::forget(ConditionMemo& first) {
  for (ConditionMemo* memo = &first;; memo = &others_[memo->other]) {
    memo->made = false;
    if (memo->other == 0) return;
  }
}

void RunStore::keep(const RunNotes& notes, std::uint32_t& number, std::uint64_t profile, DirectiveIndex end) {
  RunMemo& memo = memos_[place_for_another(number)];
  const std::size_t count = notes.reads.size() + notes.writes.size();
  if (count > memo.room) {
    memo.first_read = static_cast<std::uint32_t>(changes_.size());
    memo.room = static_cast<std::uint32_t>(count);
    changes_.resize(changes_.size() + count);
  }
  memo.reads = static_cast<std::uint32_t>(notes.reads.size());
  memo.writes = static_cast<std::uint32_t>(notes.writes.size());
  memo.made = true;
  memo.profile = profile;
  memo.asked = notes.asked;
  memo.end = end;
  const auto at = std::copy(notes.reads.begin(), notes.reads.end(), changes_.begin() + memo.first_read);
  std::copy(notes.writes.begin(), notes.writes.end(), at);
}

/// As ConditionStore's.
std::uint32_t RunStore::place_for_another(std::uint32_t& first) {
  const auto fresh = static_cast<std::uint32_t>(memos_.size());
  if (first == 0) {
    first = fresh;
  } else if (memos_[first].others == kMostOthers) {
    ++memos_[first].renewed;
    return first;
  } else {
    ++memos_[first].others;
    std::uint32_t last = first;
    while (memos_[last].other != 0) last = memos_[last].other;
    memos_[last].other = fresh;
  }
  memos_.emplace_back();
  return fresh;
}

void RunStore::clear() {
  changes_.clear();
  memos_.assign(1, RunMemo{});
}

}  // namespace pump::include_server

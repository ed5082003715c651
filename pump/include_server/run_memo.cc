#include "pump/include_server/run_memo.h"

namespace pump::include_server {

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

#include "pump/include_server/preprocessor/evaluation_cache.h"

#include <algorithm>

namespace pump::include_server {

ResultNumber ResultStore::add() {
  results_.emplace_back();
  return static_cast<ResultNumber>(results_.size() - 1);
}

void ResultStore::keep(const Evaluation& evaluation, const CompilerProfile& profile, ResultNumber& first) {
  CachedResult& result = results_[free_result(first)];
  results_[first].failures_in_a_row = 0;
  const std::size_t count = evaluation.read_count + evaluation.write_count;
  if (count > result.room) {
    result.first_change = static_cast<std::uint32_t>(changes_.size());
    result.room = static_cast<std::uint32_t>(count);
    changes_.resize(changes_.size() + count);
  }
  result.valid = true;
  result.profile = profile.cache_id(evaluation.asked_compiler);
  result.asked_compiler = evaluation.asked_compiler;
  result.reads = static_cast<std::uint32_t>(evaluation.read_count);
  result.writes = static_cast<std::uint32_t>(evaluation.write_count);
  result.end = evaluation.end;
  result.truth = evaluation.truth;
  const auto after_reads =
      std::copy_n(evaluation.reads, evaluation.read_count, changes_.begin() + result.first_change);
  std::copy_n(evaluation.writes, evaluation.write_count, after_reads);
}

/// A new result, or the first one if there are too many: the states met last are met again.
ResultNumber ResultStore::free_result(ResultNumber& first) {
  if (first == 0) return first = add();
  if (!results_[first].valid) return first;
  if (results_[first].others == kMostOthers) {
    ++results_[first].replaced;
    return first;
  }
  ++results_[first].others;
  const ResultNumber added = add();
  ResultNumber last = first;
  while (results_[last].next != 0) last = results_[last].next;
  return results_[last].next = added;
}

void ResultStore::count_failure(ResultNumber& first) {
  if (first == 0) first = add();
  ++results_[first].failures_in_a_row;
}

void ResultStore::clear() {
  changes_.clear();
  results_.assign(1, CachedResult{});
}

}  // namespace pump::include_server

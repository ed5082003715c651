#include "pump/compilation/option_table.h"

#include <algorithm>
#include <array>

#include "pump/compilation/option_names.h"

namespace pump::compilation {
namespace {

constexpr std::size_t count_names() {
  std::size_t count = 0;
  for (const OptionGroup& group : kOptionGroups) {
    bool in_name = false;
    for (const char c : group.names) {
      if (c != ' ' && !in_name) ++count;
      in_name = c != ' ';
    }
  }
  return count;
}

using Table = std::array<OptionSpec, count_names()>;

constexpr void split_groups(Table& table) {
  std::size_t filled = 0;
  for (const OptionGroup& group : kOptionGroups) {
    std::string_view rest = group.names;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      if (end > 0) table[filled++] = {rest.substr(0, end), group.option, group.form, group.reader};
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
}

// A stable merge sort at compile time: std::sort is not stable, and std::stable_sort is not constexpr in
// C++20.
constexpr void sort_by_name(Table& table) {
  Table merged;
  for (std::size_t run = 1; run < table.size(); run *= 2) {
    for (std::size_t begin = 0; begin < table.size(); begin += 2 * run) {
      const std::size_t middle = std::min(begin + run, table.size());
      const std::size_t end = std::min(begin + 2 * run, table.size());
      std::size_t left = begin;
      std::size_t right = middle;
      for (std::size_t to = begin; to < end; ++to) {
        const bool take_right = right < end && (left == middle || table[right].name < table[left].name);
        merged[to] = table[take_right ? right++ : left++];
      }
    }
    table = merged;
  }
}

// Sorted by name: all names that are prefixes of a word come before the word's own place, the longest last.
// It is built at compile time, because the launcher starts once per translation unit and sorting took half of
// its own time.
constexpr Table build_table() {
  Table table;
  split_groups(table);
  sort_by_name(table);
  return table;
}
constexpr Table kTable = build_table();

bool fits(const OptionSpec& spec, std::string_view word) {
  const bool exact = spec.name.size() == word.size();
  switch (spec.form) {
    case Form::Joined:
    case Form::JoinedOrSeparate:
      return true;
    case Form::JoinedAndSeparate:
      return !exact;
    default:
      return exact;
  }
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

}  // namespace

const OptionSpec* find_option(std::string_view word, Reader reader) {
  const auto* after =
      std::upper_bound(kTable.begin(), kTable.end(), word,
                       [](std::string_view key, const OptionSpec& spec) { return key < spec.name; });
  // Prefixes of the word come before that place, the longest last. They share all of their bytes with it.
  while (after != kTable.begin()) {
    --after;
    const std::size_t shared = common_prefix(after->name, word);
    if (shared < 2) return nullptr;
    if (shared == after->name.size()) {
      const bool readable = after->reader == Reader::Both || after->reader == reader;
      if (readable && fits(*after, word)) return after;
    } else {
      // Names that are longer than the shared part cannot be prefixes: skip them all.
      const std::string_view key = word.substr(0, shared);
      after = std::upper_bound(kTable.begin(), after, key,
                               [](std::string_view k, const OptionSpec& spec) { return k < spec.name; });
    }
  }
  return nullptr;
}

}  // namespace pump::compilation

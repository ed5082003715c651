#include "pump/compilation/option_table.h"

#include <algorithm>
#include <vector>

#include "pump/compilation/option_names.h"

namespace pump::compilation {
namespace {

// Sorted by name, so that every name that is a prefix of a word stands before the word's own place, longer
// ones later.
std::vector<OptionSpec> build_table() {
  std::vector<OptionSpec> table;
  table.reserve(700);
  for (const OptionGroup& group : kOptionGroups) {
    std::string_view rest = group.names;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      if (end > 0) table.push_back({rest.substr(0, end), group.option, group.form, group.reader});
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  std::stable_sort(table.begin(), table.end(),
                   [](const OptionSpec& a, const OptionSpec& b) { return a.name < b.name; });
  return table;
}

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
  static const std::vector<OptionSpec> table = build_table();
  auto after = std::upper_bound(table.begin(), table.end(), word,
                                [](std::string_view key, const OptionSpec& spec) { return key < spec.name; });
  // Walking back, a name can only be a prefix of the word while it is no longer than what its successors
  // share with it.
  while (after != table.begin()) {
    --after;
    const std::size_t shared = common_prefix(after->name, word);
    if (shared < 2) return nullptr;
    if (shared == after->name.size()) {
      const bool readable = after->reader == Reader::Both || after->reader == reader;
      if (readable && fits(*after, word)) return &*after;
    } else {
      // Skip everything that is longer than the shared part: none of it can be a prefix.
      const std::string_view key = word.substr(0, shared);
      after = std::upper_bound(table.begin(), after, key,
                               [](std::string_view k, const OptionSpec& spec) { return k < spec.name; });
    }
  }
  return nullptr;
}

}  // namespace pump::compilation

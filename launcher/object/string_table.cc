#include "launcher/object/string_table.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace pump::launcher::object {
namespace {

struct Name {
  std::uint64_t old_begin = 0;
  std::uint64_t old_size = 0;  ///< NUL included
  std::string_view old;        ///< without NUL
  std::string renamed;         ///< empty: unchanged
  std::uint64_t tail = 0;      ///< bytes at the end that stay the same, NUL included

  [[nodiscard]] std::string_view text() const { return renamed.empty() ? old : std::string_view(renamed); }
};

std::uint64_t common_tail(std::string_view a, std::string_view b) {
  const auto [end, other] = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend());
  return static_cast<std::uint64_t>(end - a.rbegin());
}

Expected<std::vector<Name>> read_names(std::string_view bytes, const ServerDirectory& server, bool& changed) {
  std::vector<Name> names;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = bytes.find('\0', at);
    if (end == std::string::npos) return fail("a string section does not end with a string's end");
    const std::string_view old = bytes.substr(at, end - at);
    PUMP_TRY(std::optional<std::string> renamed, server.rename(old));
    changed = changed || renamed;
    const std::uint64_t tail = renamed ? common_tail(old, *renamed) : old.size();
    names.push_back({at, end - at + 1, old, renamed ? *std::move(renamed) : std::string(), tail + 1});
    at = end + 1;
  }
  return names;
}

/// The place in .debug_info at which each of the names is used first, of the names at the beginning that are used there.
std::vector<std::size_t> first_uses(const std::vector<Name>& names,
                                    const std::vector<std::uint64_t>& references) {
  std::vector<std::size_t> uses;
  for (const Name& name : names) {
    const auto use = std::find(references.begin(), references.end(), name.old_begin);
    if (use == references.end()) break;
    uses.push_back(static_cast<std::size_t>(use - references.begin()));
  }
  return uses;
}

/// Without .debug_info: gcc adds the unit's name before its directory. A longer name is that of a file.
bool is_added_before(std::string_view a, std::string_view b) {
  const bool a_is_directory = a.starts_with('/'), b_is_directory = b.starts_with('/');
  if (a_is_directory != b_is_directory) return b_is_directory;
  return a.size() != b.size() ? a.size() > b.size() : a < b;
}

void order_as_gcc(const std::vector<Name>& names, std::vector<std::size_t>& order,
                  const std::optional<std::vector<std::uint64_t>>& references) {
  constexpr std::size_t kMost = 8;  // with more, gcc's table grows
  const std::vector<std::size_t> uses =
      references ? first_uses(names, *references) : std::vector<std::size_t>();
  const std::size_t count = references ? uses.size() : names.size();
  if (count < 2 || count > kMost) return;
  // In the compilation unit, gcc uses names in the order in which it adds them: DW_AT_name, DW_AT_comp_dir
  // (adjust_name_comp_dir() in gcc/dwarf2out.cc).
  std::vector<std::size_t> added(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count));
  std::sort(added.begin(), added.end(), [&](std::size_t a, std::size_t b) {
    return references ? uses[a] < uses[b] : is_added_before(names[a].text(), names[b].text());
  });
  std::vector<std::string> texts;
  for (const std::size_t index : added) texts.emplace_back(names[index].text());
  const std::vector<std::size_t> places = gcc_order(texts);
  for (std::size_t i = 0; i < count; ++i) order[i] = added[places[i]];
}

}  // namespace

std::vector<std::size_t> gcc_order(const std::vector<std::string>& strings) {
  constexpr std::uint32_t kPlaces = 13;
  std::array<std::size_t, kPlaces> table{};  // index + 1; 0 is empty
  for (std::size_t i = 0; i < strings.size() && i < kPlaces - 1; ++i) {
    std::uint32_t hash = 0;
    for (const char c : strings[i]) hash = hash * 67U + static_cast<unsigned char>(c) - 113U;
    std::uint32_t place = hash % kPlaces;
    while (table[place] != 0) place = (place + 1 + hash % (kPlaces - 2)) % kPlaces;
    table[place] = i + 1;
  }
  std::vector<std::size_t> order;
  for (const std::size_t entry : table)
    if (entry != 0) order.push_back(entry - 1);
  return order;
}

Expected<RewrittenSection> rewrite_strings(std::string_view bytes, const ServerDirectory& server,
                                           StringOrder order,
                                           const std::optional<std::vector<std::uint64_t>>& leading) {
  RewrittenSection result;
  PUMP_TRY(const std::vector<Name> names, read_names(bytes, server, result.changed));
  if (!result.changed) return result;
  std::vector<std::size_t> written(names.size());
  std::iota(written.begin(), written.end(), std::size_t{0});
  if (order == StringOrder::GccTable) order_as_gcc(names, written, leading);
  if (order == StringOrder::Sorted)
    std::stable_sort(written.begin(), written.end(),
                     [&](std::size_t a, std::size_t b) { return names[a].text() < names[b].text(); });
  std::vector<std::uint64_t> begins(names.size());
  result.bytes.reserve(bytes.size());
  for (const std::size_t index : written) {
    begins[index] = result.bytes.size();
    (result.bytes += names[index].text()) += '\0';
  }
  for (std::size_t i = 0; i < names.size(); ++i)
    result.map.add(
        {names[i].old_begin, names[i].old_size, begins[i], names[i].text().size() + 1, names[i].tail});
  return result;
}

}  // namespace pump::launcher::object

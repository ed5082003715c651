#include "pump/distcc/fragments.h"

#include <algorithm>
#include <utility>

#include "pump/distcc/token.h"

namespace pump::distcc {
namespace {

constexpr std::string_view kFiles = "FRAG", kName = "NAME", kExtents = "PART", kOffset = "OFFS",
                           kSize = "SIZE";

}  // namespace

FragmentList make_fragment_list(std::vector<std::string> names, std::vector<Extent> fragments) {
  std::sort(fragments.begin(), fragments.end(),
            [](const Extent& a, const Extent& b) { return a.offset < b.offset; });
  FragmentList list;
  list.names = std::move(names);
  for (const Extent& fragment : fragments) {
    const bool follows =
        !list.extents.empty() && list.extents.back().offset + list.extents.back().size == fragment.offset;
    if (follows)
      list.extents.back().size += fragment.size;
    else
      list.extents.push_back(fragment);
  }
  return list;
}

std::string encode_fragment_list(const FragmentList& list) {
  std::string out;
  constexpr std::size_t kUsualName = 64;
  out.reserve(2 * kToken * (1 + list.extents.size()) + kUsualName * list.names.size());
  append_token(out, kFiles, static_cast<std::uint32_t>(list.names.size()));
  for (const std::string& name : list.names) {
    append_token(out, kName, static_cast<std::uint32_t>(name.size()));
    out += name;
  }
  append_token(out, kExtents, static_cast<std::uint32_t>(list.extents.size()));
  for (const Extent& extent : list.extents) {
    append_token(out, kOffset, extent.offset);
    append_token(out, kSize, extent.size);
  }
  return out;
}

std::optional<FragmentList> take_fragment_list(std::string_view& reply) {
  FragmentList list;
  const auto files = take_number(reply, kFiles);
  if (!files || *files > reply.size() / kToken) return std::nullopt;
  list.names.reserve(*files);
  while (list.names.size() < *files) {
    const auto size = take_number(reply, kName);
    if (!size || *size > reply.size()) return std::nullopt;
    list.names.emplace_back(reply.substr(0, *size));
    reply.remove_prefix(*size);
  }
  const auto extents = take_number(reply, kExtents);
  if (!extents || *extents > *files || *extents > reply.size() / (2 * kToken)) return std::nullopt;
  list.extents.reserve(*extents);
  while (list.extents.size() < *extents) {
    const auto offset = take_number(reply, kOffset);
    const auto size = take_number(reply, kSize);
    if (!offset || !size) return std::nullopt;
    list.extents.push_back({*offset, *size});
  }
  return list;
}

}  // namespace pump::distcc

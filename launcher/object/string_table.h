// A section of NUL-terminated strings (.debug_str, .debug_line_str) with the client's names in place of the
// server's.
//
// gcc writes its strings in the order of a hash table, so the server's directory also determines the order,
// and two builds would differ in it. If names change, strings are reordered. Those few that gcc puts before
// the assembler's in .debug_line_str get the order that gcc's table would have here. A whole .debug_str is
// sorted, because its table depends on more than can be seen. Neither changes the meaning of the object.
// clang writes strings in the order of use, which is kept. Any thread; no I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "launcher/object/offset_map.h"
#include "launcher/object/server_directory.h"

namespace pump::launcher::object {

struct RewrittenSection {
  std::string bytes;
  OffsetMap map;
  bool changed = false;
};

enum class StringOrder {
  Kept,      ///< unchanged
  GccTable,  ///< of the leading strings that .debug_info refers to: as in gcc's table
  Sorted,    ///< by bytes
};

/// `leading`: offsets to which .debug_info refers, in its order; none: the object has no .debug_info, and all strings are
/// gcc's. Error: the last string does not end, or a name is ambiguous.
Expected<RewrittenSection> rewrite_strings(std::string_view bytes, const ServerDirectory& server,
                                           StringOrder order,
                                           const std::optional<std::vector<std::uint64_t>>& leading);

/// The order of at most 8 strings in gcc's table (libiberty's string hash, 13 slots, double hashing), as
/// indices into `strings`. `strings` are in the order in which gcc adds them.
std::vector<std::size_t> gcc_order(const std::vector<std::string>& strings);

}  // namespace pump::launcher::object

// A section of NUL-ended strings (.debug_str, .debug_line_str) with the server's names replaced by the
// client's.
//
// gcc writes its strings in the order of a hash table, so the server's directory decides the order as well
// and two builds would differ for it. Where names changed, the few strings that gcc puts before those of the
// assembler into .debug_line_str are brought into the order of gcc's table as it would have been here, and a
// whole .debug_str, whose table depends on more than can be seen, into that of their bytes. Neither changes
// what the object says. clang writes strings as they come; their order stays. Any thread; no I/O.
#pragma once

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
  Kept,      ///< as they are
  GccTable,  ///< the leading strings that .debug_info refers to: as in gcc's table
  Sorted,    ///< by their bytes
};

/// `leading`: offsets that .debug_info refers to, ascending. Error: strings that do not end, a name that
/// cannot be decided.
Expected<RewrittenSection> rewrite_strings(std::string_view bytes, const ServerDirectory& server,
                                           StringOrder order, const std::vector<std::uint64_t>& leading);

/// The order that gcc (libiberty's string hash, a table of 13 places with double hashing) gives at most 8
/// strings, as indices into `strings`, which are in the order they were added.
std::vector<std::size_t> gcc_order(const std::vector<std::string>& strings);

}  // namespace pump::launcher::object

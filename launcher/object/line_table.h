// Renames directories and files in .debug_line of DWARF 2 to 4, whose headers hold them as text (DWARF 4,
// 6.2.4). DWARF 5 has them in string sections, which string_table.h rewrites, and may have an MD5 sum of each file (DWARF 5,
// 6.2.4). Any thread; no I/O.
#pragma once

#include "launcher/object/server_directory.h"
#include "launcher/object/string_table.h"

namespace pump::launcher::object {

/// Passes all directory and file names of `bytes` to ServerDirectory::learn(). Both functions skip units of
/// DWARF 5. Error: damaged, or an unknown version.
Status learn_from_line_tables(const Format& format, std::string_view bytes, ServerDirectory& server);
/// The section with the client's names.
Expected<RewrittenSection> rewrite_line_tables(const Format& format, std::string_view bytes,
                                               const ServerDirectory& server);

/// True if a unit lists MD5 sums of its files. Error: damaged.
Expected<bool> lists_sums(const Format& format, std::string_view bytes);

}  // namespace pump::launcher::object

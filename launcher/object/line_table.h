// .debug_line of DWARF 2 to 4, whose directories and files stand in its headers as text (DWARF 4, 6.2.4).
// DWARF 5 has them in string sections, which string_table.h rewrites. Any thread; no I/O.
#pragma once

#include "launcher/object/server_directory.h"
#include "launcher/object/string_table.h"

namespace pump::launcher::object {

/// Every directory and file in the tables of `bytes`, of any version's: what is worth learning from.
/// Both leave units of DWARF 5 as they are. Error: damaged, or a version that is not known.
Status learn_from_line_tables(const Format& format, std::string_view bytes, ServerDirectory& server);
Expected<RewrittenSection> rewrite_line_tables(const Format& format, std::string_view bytes,
                                               const ServerDirectory& server);

}  // namespace pump::launcher::object

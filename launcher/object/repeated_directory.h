// A directory that GNU as lists twice in the line table of a host, and here once: the working directory.
//
// In DWARF 5, the first directory is that of the compilation. On a host it has another name. So a file in the working
// directory that is named absolutely needs an entry of its own there, the last of which repair.h makes equal to the
// first. Here the assembler finds the first one (gas/dwarf2dbg.c, get_directory_table_entry). Only the source's own
// directory always gets an entry (".file 0"), but other files do not use it. Any thread; no I/O.
#pragma once

#include "launcher/object/offset_map.h"
#include "launcher/object/server_directory.h"

namespace pump::launcher::object {

/// A section's number and uncompressed bytes.
struct SectionBytes {
  std::size_t index = 0;
  std::string_view bytes;
};

/// The sections as the assembler here would make them.
struct MergedDirectory {
  std::string lines, strings;
  OffsetMap lines_map, strings_map;  ///< for update_references()
  std::optional<Reference> removed;  ///< a relocation for remove(), before update_references()
};

/// `lines`: .debug_line; `strings`: .debug_line_str; `server` has learnt its names. Nothing if no directory is repeated.
/// Error: it is, and the table has a form that GNU as does not use.
Expected<std::optional<MergedDirectory>> merge_repeated_directory(const Elf& elf, const SectionBytes& lines,
                                                                  const SectionBytes& strings,
                                                                  const ServerDirectory& server);

}  // namespace pump::launcher::object

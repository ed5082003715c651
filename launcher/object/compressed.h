// Debug sections that were compressed by the assembler (-gz): SHF_COMPRESSED with zlib (gABI), and the older
// ".zdebug_…" with its "ZLIB" header. Zstandard is known and not handled: an Error. Any thread; no I/O.
#pragma once

#include "launcher/object/elf.h"

namespace pump::launcher::object {

/// A section's bytes as the debugger sees them, and what is needed to put them back.
struct Plain {
  std::string bytes;
  std::size_t header = 0;  ///< bytes of the compression header; 0: it was not compressed
};

/// Error: unknown compression, or damaged.
Expected<Plain> decompress(const Format& format, const Section& section);
/// Puts `plain` into the section, compressed as before.
Status restore(const Format& format, const Plain& plain, Section& section);

}  // namespace pump::launcher::object

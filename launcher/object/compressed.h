// Debug sections that were compressed by the assembler (-gz): SHF_COMPRESSED with zlib or Zstandard (gABI),
// and the older ".zdebug_…" with its "ZLIB" header. Compressed again as GNU as or clang would have: the bytes
// are equal to theirs where the libraries are of one version. Any thread; no I/O.
#pragma once

#include "launcher/object/elf.h"

namespace pump::launcher::object {

bool is_compressed(const Section& section);

/// A compressed section's bytes as the debugger sees them. Error: unknown compression, damaged, or an
/// implausible size or alignment.
Expected<std::string> decompress(const Format& format, const Section& section);
/// What the section holds, when it is to mean `bytes`: compressed as before, or as it is where assemblers
/// would not compress; then the section's flags change.
Expected<std::string> recompress(const Format& format, std::string_view bytes, Section& section);

}  // namespace pump::launcher::object

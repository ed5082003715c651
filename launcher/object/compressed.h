// Compressed debug sections (-gz): SHF_COMPRESSED with zlib or Zstandard (gABI), and the older ".zdebug_…"
// with a "ZLIB" header. Sections are compressed again as GNU as or clang does it: their bytes equal those of
// a local compilation if the versions of the libraries are equal. Any thread; no I/O.
#pragma once

#include "launcher/object/elf.h"

namespace pump::launcher::object {

/// True for both kinds of compression.
bool is_compressed(const Section& section);

/// The uncompressed bytes of a section that is_compressed(), at most `most`. Error: unknown compression, damaged, or
/// an implausible size or alignment.
Expected<std::string> decompress(const Format& format, const Section& section, std::uint64_t most);
/// The section's new data for the uncompressed `bytes`. If compression does not make them smaller, they stay
/// uncompressed, as assemblers do it, and the section's flags and alignment change.
Expected<std::string> recompress(const Format& format, std::string_view bytes, Section& section);

}  // namespace pump::launcher::object

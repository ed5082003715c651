// Why the include server cannot answer a request. distcc then preprocesses on the client.
#pragma once

#include <cstdint>

namespace pump::include_server {

enum class GiveUp : std::uint8_t {
  None,
  MalformedCommand,       ///< the command line makes no sense to the parser
  NotOneTranslationUnit,  ///< several sources, stdin, link, -E
  CompilerUnknown,        ///< the compiler was not found or its defaults could not be read
  SourceMissing,
  ReadFailed,        ///< a file of the closure cannot be read
  AbsoluteOption,    ///< a needed file is named absolutely by an option that distccd does not rewrite
  AbsoluteInclude,   ///< `#include "/abs"` of a file outside the default directories
  ChangedMeanwhile,  ///< files kept changing during the analysis
  Budget,            ///< even the path-insensitive walk took too many steps
  MirrorFailed,      ///< no space or no permission for the mirror
  NotSendable,       ///< .gch/-include-pch/VFS overlay …: works locally only
  AssemblerFile,     ///< .incbin, .include: plain mode leaves the name to the server's assembler, too
  PragmaMacros,  ///< cannot be answered, and a #pragma changes macros: gcc does not see that when it only preprocesses
  CrashedBefore,  ///< this input crashed an earlier server
  Internal,
};
/// One sentence for people.
const char* describe(GiveUp reason);

}  // namespace pump::include_server

// Why the include server cannot answer a request. pump-launch then compiles locally; stock distcc preprocesses
// locally. Any thread; no I/O.
//
// To add a reason, add a line to the table. If the same request may succeed later though no file changes,
// also add it to lasting() in answer/reply_computer.cc.
#pragma once

#include <cstdint>

namespace pump::include_server {

// Enumerator, and the text that describes it in the log.
// clang-format off
#define PUMP_GIVE_UP_REASONS(REASON)                                                                     \
  REASON(None, "answered")                                                                               \
  REASON(MalformedCommand, "the command line cannot be parsed")                                          \
  /* Several sources, standard input, linking, -E. */                                                    \
  REASON(NotOneTranslationUnit, "the command does not compile exactly one translation unit")             \
  REASON(CompilerUnknown, "the compiler was not found, refuses an option, or does not report its defaults") \
  REASON(SourceMissing, "the source file does not exist")                                                \
  REASON(ReadFailed, "a file that the compilation reads cannot be read")                                 \
  REASON(AbsoluteOption,                                                                                 \
         "an option names a needed file by an absolute path that distccd does not rewrite")              \
  REASON(AbsoluteInclude,                                                                                \
         "a file outside the default directories is included by its absolute path")                      \
  REASON(ChangedMeanwhile, "files kept changing while they were analysed")                               \
  /* Even the path-insensitive walk takes too many steps. */                                             \
  REASON(Budget, "there are too many includes, or they are too complex, to follow")                      \
  /* No space or no permission. */                                                                       \
  REASON(MirrorFailed, "the copies for the compile server could not be written")                         \
  /* For example a precompiled header or a VFS overlay. */                                               \
  REASON(NotSendable, "the compilation cannot be done remotely")                                         \
  /* .incbin, .include: the server's assembler would open its own file. */                               \
  REASON(AssemblerFile, "the assembler opens a file by itself")                                          \
  /* Cannot be answered, and gcc does not apply such a #pragma when it only preprocesses. */             \
  REASON(PragmaMacros, "a #pragma changes macros, which preprocessing alone does not show")              \
  REASON(CrashedBefore, "an earlier include server crashed on this input")                               \
  REASON(Internal, "internal error")
// clang-format on

enum class GiveUp : std::uint8_t {
#define PUMP_ENUMERATOR(name, text) name,
  PUMP_GIVE_UP_REASONS(PUMP_ENUMERATOR)
#undef PUMP_ENUMERATOR
};

/// The text of the table: one clause without a period.
const char* describe(GiveUp reason);

}  // namespace pump::include_server

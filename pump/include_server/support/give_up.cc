#include "pump/include_server/support/give_up.h"

namespace pump::include_server {

const char* describe(GiveUp reason) {
  switch (reason) {
    case GiveUp::None:
      return "answered";
    case GiveUp::MalformedCommand:
      return "the command line makes no sense";
    case GiveUp::NotOneTranslationUnit:
      return "the command does not compile exactly one translation unit";
    case GiveUp::CompilerUnknown:
      return "the compiler was not found or does not tell its defaults";
    case GiveUp::SourceMissing:
      return "the source file does not exist";
    case GiveUp::ReadFailed:
      return "a file that the compilation reads cannot be read";
    case GiveUp::AbsoluteOption:
      return "an option names a needed file absolutely, and distccd does not rewrite it";
    case GiveUp::AbsoluteInclude:
      return "a file outside the default directories is included by its absolute path";
    case GiveUp::ChangedMeanwhile:
      return "files kept changing while they were analysed";
    case GiveUp::Budget:
      return "the includes are too many or too intricate to be followed";
    case GiveUp::MirrorFailed:
      return "the copies for the compile server could not be written";
    case GiveUp::NotSendable:
      return "this compilation works on this machine only";
    case GiveUp::AssemblerFile:
      return "the assembler opens a file by itself";  // the launcher looks for this text, and the next: distcc_outcome.cc
    case GiveUp::PragmaMacros:
      return "a #pragma changes macros, which preprocessing alone does not show";
    case GiveUp::CrashedBefore:
      return "an earlier include server crashed on this input";
    case GiveUp::Internal:
      return "internal error";
  }
  return "unknown reason";
}

}  // namespace pump::include_server

// The launcher starts once per translation unit, and needs none of what the rest of the program initialises before
// main: iostream and its locale, CLI11's tables. That is a tenth of a millisecond, half of what the launcher
// costs beyond its exec. So it runs first, as a constructor of its own, before the others:
// those of default priority run in the order of linking, and this file is linked first. An earlier priority would come
// before the C++ runtime knows where to unwind to, and the first exception would abort.
//
// This holds as long as the code it runs has no dynamically initialised globals; tests/integration/launch_start_test.sh
// looks. Rejected: a second program (one binary is easier to install and never half upgraded); hiding <iostream> from
// CLI11. Sanitizers have constructors of their own that must come first, and other C libraries than glibc do not hand
// argv to constructors: there, main dispatches as ever.
#include <unistd.h>

#include <cstring>

#include "launcher/launcher.h"

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
namespace {

[[gnu::constructor]] void run_launcher_first(int argc, char** argv, char** /*environment*/) {
  if (argc < 1) return;
  const char* const slash = std::strrchr(argv[0], '/');
  if (std::strcmp(slash != nullptr ? slash + 1 : argv[0], "pump-launch") == 0)
    ::_exit(pump::launcher::main(argc, argv));
}

}  // namespace
#endif

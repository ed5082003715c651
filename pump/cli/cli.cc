#include "pump/cli/cli.h"

#include <cstdlib>

#include "pump/cli/arguments.h"
#include "pump/cli/messages.h"
#include "pump/cli/verbs.h"

namespace pump::cli {
namespace {

constexpr int kUsageError = 2;

int run_verb(const Arguments& arguments) {
  switch (arguments.verb) {
    case Verb::Usage:
      return print(usage()) ? EXIT_SUCCESS : EXIT_FAILURE;
    case Verb::Version:
      return version();
    case Verb::Run:
      return run_command(arguments);
    case Verb::Startup:
      return startup(arguments);
    case Verb::Shutdown:
      return shutdown();
    case Verb::Status:
      return status(arguments);
    case Verb::Jobs:
      return jobs(arguments);
    case Verb::Why:
      return why(arguments);
  }
  return EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  remember_inherited_descriptors();
  const auto arguments = parse_arguments(argc, argv);
  if (arguments) return run_verb(*arguments);
  Messages::error(arguments.error().message);
  return kUsageError;
}

}  // namespace pump::cli

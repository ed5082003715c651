#include "pump/cli/cli.h"

#include "pump/cli/messages.h"
#include "pump/cli/run_command.h"
#include "pump/cli/verbs.h"

namespace pump::cli {

int main(int argc, char** argv) {
  constexpr int kUsageError = 2;
  remember_inherited_descriptors();
  const auto arguments = parse_arguments(argc, argv);
  if (arguments) return arguments->verb->run(*arguments);
  Messages::error(arguments.error().message);
  return kUsageError;
}

}  // namespace pump::cli

#include "pump/main/dispatch.h"

#include <string_view>

#include "launcher/launcher.h"
#include "pump/cli/canary.h"
#include "pump/cli/cli.h"
#include "pump/cli/session_server/session_server.h"
#include "pump/include_server/server/server.h"
#include "pump/os/file_io.h"

namespace pump {

int dispatch(int argc, char** argv) {
  const std::string_view name = argc > 0 ? os::basename(argv[0]) : std::string_view("pump");
  if (name == "pump-launch") return launcher::main(argc, argv);
  if (name == "pump-include-server") return include_server::include_server_main(argc, argv);
  if (name == cli::kSessionServerName) return cli::session_server_main(argc, argv);
  if (name == cli::kCanaryName) return cli::canary_main();
  return cli::main(argc, argv);
}

}  // namespace pump

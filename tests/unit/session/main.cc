// This program runs the tests. ensure_server() starts it as the session's server process, because it executes
// its own program; the tests start it as single clients.
#include <gtest/gtest.h>

#include "pump/os/file_io.h"
#include "tests/unit/session/parts.h"

int main(int argc, char** argv) {
  const std::string_view name = pump::os::basename(argv[0]);
  if (name == "distcc-pump-server") return pump::session::fake_server_main(argc, argv);
  if (name == pump::session::kClientName) return pump::session::client_main(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}

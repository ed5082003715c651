#include "pump/cli/session_server/session_server.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "pump/cli/python_backend/python_backend.h"
#include "pump/cli/session_server/native_backend.h"
#include "pump/cli/session_server/scheduler_backend.h"
#include "pump/os/environment.h"
#include "pump/os/file_io.h"
#include "pump/session/backend.h"

namespace pump::cli {
namespace {

struct ServerArguments {
  std::string directory;
  session::Settings settings;
  long linger_ms = 0;
  int ready_fd = -1;
};

/// False if the arguments are wrong. Only ensure_server() passes them, so that is a defect of this program;
/// it shows in the exit status.
bool parse(int argc, const char* const* argv, ServerArguments& arguments) {
  CLI::App app;
  app.prefix_command();
  app.add_option("--session", arguments.directory)->required();
  app.add_option("--backend", arguments.settings.backend)->required();
  app.add_option("--linger", arguments.linger_ms)->required();
  app.add_option("--ready-fd", arguments.ready_fd)->required();
  app.add_option("--distcc", arguments.settings.distcc_directory);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError&) {
    return false;
  }
  arguments.settings.server_args = app.remaining();
  if (!arguments.settings.server_args.empty() && arguments.settings.server_args.front() == "--")
    arguments.settings.server_args.erase(arguments.settings.server_args.begin());
  arguments.settings.linger = std::chrono::milliseconds(arguments.linger_ms);
  return true;
}

std::unique_ptr<session::Backend> make_backend(const session::Settings& settings,
                                               const std::string& directory) {
  if (settings.backend == "python")
    return std::make_unique<PythonBackend>(settings.server_args, settings.distcc_directory, directory);
  return std::make_unique<NativeBackend>(settings.server_args, settings.client_tmp);
}

}  // namespace

int session_server_main(int argc, char** argv) {
  constexpr int kUsageError = 2;
  ServerArguments arguments;
  if (!parse(argc, argv, arguments)) return kUsageError;
  arguments.settings.client_tmp = os::Environment::current().get_or("DISTCC_CLIENT_TMP", "");
  const auto directory = session::Directory::at(arguments.directory);
  if (!directory) {
    static_cast<void>(os::write_all(arguments.ready_fd, "error: " + directory.error().message + "\n"));
    return EXIT_FAILURE;
  }
  const std::unique_ptr<session::Backend> include_server =
      make_backend(arguments.settings, arguments.directory);
  SchedulerBackend backend(directory->scheduler(), *include_server);
  return session::serve(*directory, arguments.settings, backend, arguments.ready_fd);
}

}  // namespace pump::cli

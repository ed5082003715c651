// The session's server as distcc's own include server, written in Python: for comparison, and for whoever
// trusts it more. It is a process of its own, which this one starts, watches and ends.
//
// Main thread, but for served() and healthy().
#pragma once

#include <sys/types.h>

#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pump/os/environment.h"
#include "pump/os/process.h"
#include "pump/session/backend.h"

namespace pump::cli {

/// include_server.py below the parent of distcc's directory: lib/python3*/*-packages/include_server/. Error:
/// names the places and the package.
Expected<std::string> find_python_include_server(const std::string& distcc_directory);

/// What it is started with: PYTHONPATH, and PYTHONOPTIMIZE=1 unless that is set (an empty value turns it
/// off).
os::Environment python_environment(os::Environment environment, const std::string& include_server);

class PythonBackend final : public session::Backend {
 public:
  PythonBackend(std::vector<std::string> arguments, std::string distcc_directory,
                std::string session_directory);
  /// Tries its C extension first, whose defect in some distributions would kill it at its first compilation,
  /// and sends it one request that compiles nothing.
  Status start(const std::string& socket) override;
  /// It does not say how many.
  [[nodiscard]] std::uint64_t served() const override { return 0; }
  [[nodiscard]] bool healthy() override;
  void stop() override;

 private:
  Status launch(const std::string& program, const std::string& socket);
  void remove_files();
  void end();

  std::vector<std::string> arguments_;
  std::string distcc_directory_, pid_file_, socket_;
  std::optional<std::pair<dev_t, ino_t>> bound_;  ///< the socket as its server made it
  std::mutex mutex_;                              ///< child_
  std::optional<os::Child> child_;
};

}  // namespace pump::cli

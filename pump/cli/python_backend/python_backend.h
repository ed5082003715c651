// The backend of a session's server that runs distcc's own include server, which is written in Python. It is
// for comparisons and for users who prefer it. It runs in a child process, which this backend starts, watches
// and ends. The child reports no counters.
//
// Main thread; served() and healthy(): any thread.
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

/// Path of include_server.py, searched below the parent of distcc's directory in
/// lib{,64}/python3*/{site,dist}-packages/include_server. Error: names these places and the package to
/// install.
Expected<std::string> find_python_include_server(const std::string& distcc_directory);

/// `environment` for the Python process: adds its package to PYTHONPATH, and PYTHONOPTIMIZE=1 unless that is
/// set (an empty value turns optimisation off).
os::Environment python_environment(os::Environment environment, const std::string& include_server);

class PythonBackend final : public session::Backend {
 public:
  PythonBackend(std::vector<std::string> arguments, std::string distcc_directory,
                std::string session_directory);
  /// First tests the C extension: in some distributions it is broken and would kill the server at its first
  /// compilation. After the start, sends one request that compiles nothing.
  Status start(const std::string& socket) override;
  /// Always 0: the Python server has no counter.
  [[nodiscard]] std::uint64_t served() const override { return 0; }
  [[nodiscard]] bool healthy() override;
  void stop() override;

 private:
  Status launch(const std::string& program, const std::string& socket);
  void remove_files();
  void end();

  std::vector<std::string> arguments_;
  std::string distcc_directory_, pid_file_, socket_;
  std::optional<std::pair<dev_t, ino_t>> bound_;  ///< device and inode of the socket that the child made
  std::mutex mutex_;                              ///< guards child_
  std::optional<os::Child> child_;
};

}  // namespace pump::cli

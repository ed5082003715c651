#include "tests/oracle/remote_check.h"

#include <cstdlib>
#include <stdexcept>

#include "pump/os/file_io.h"
#include "pump/os/process.h"
#include "tests/oracle/compiler_trace.h"

namespace pump::oracle {

Remote compile_remotely(const Command& command, const std::string& object, const std::string& socket,
                        bool fallback, const std::string& scratch) {
  const auto distcc = os::find_program("distcc", std::getenv("PATH"));
  if (!distcc) throw std::runtime_error("no distcc");
  const std::string log = scratch + "/distcc.log";
  os::SpawnOptions options;
  options.program = *distcc;
  const std::vector<std::string> argv = with_output(command, object);
  options.argv = {"distcc"};
  options.argv.insert(options.argv.end(), argv.begin(), argv.end());
  options.directory = command.cwd;
  os::Environment environment = compile_environment();
  environment.set("INCLUDE_SERVER_PORT", socket);
  environment.set("DISTCC_FALLBACK", fallback ? "1" : "0");
  // A failed case must not disable the host or pump mode for later cases.
  environment.set("DISTCC_BACKOFF_PERIOD", "0");
  environment.set("DISTCC_MAX_DISCREPANCY", "1000000");
  environment.set("DISTCC_VERBOSE", "1");
  environment.set("DISTCC_LOG", log);
  options.environment = environment;
  const auto result = os::run(options, std::chrono::minutes(2));
  if (!result) throw std::runtime_error(result.error().message);
  Remote remote;
  remote.compiled = result->status.success();
  const auto text = os::read_file(log);
  if (!text) throw std::runtime_error(text.error().message);
  if (text->find("send DIST00000003") != std::string::npos) {
    remote.mode = Mode::Pump;
  } else if (text->find("send DIST0000000") != std::string::npos) {
    remote.mode = Mode::Plain;
  }
  remote.log =
      result->err.substr(0, 1500) + text->substr(text->size() - std::min<std::size_t>(text->size(), 1500));
  return remote;
}

}  // namespace pump::oracle

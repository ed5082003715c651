// The same command through stock distcc and distccd.
#pragma once

#include <string>

#include "tests/oracle/project.h"

namespace pump::oracle {

struct Remote {
  bool compiled = false;
  Mode mode = Mode::Local;  ///< Pump, Plain or Local: how distcc did it, from its own log
  std::string log;          ///< distcc's log, its end
};

/// `socket` goes into INCLUDE_SERVER_PORT; DISTCC_HOSTS comes from our environment.
Remote compile_remotely(const Command& command, const std::string& object, const std::string& socket,
                        bool fallback, const std::string& scratch);

}  // namespace pump::oracle

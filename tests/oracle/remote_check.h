// Runs the command of a case through stock distcc and distccd.
#pragma once

#include <string>

#include "tests/oracle/project.h"

namespace pump::oracle {

struct Remote {
  bool compiled = false;
  Mode mode = Mode::Local;  ///< Pump, Plain or Local: how distcc compiled it, from its log
  std::string log;          ///< the end of distcc's log
};

/// `socket` goes into INCLUDE_SERVER_PORT; DISTCC_HOSTS is inherited.
Remote compile_remotely(const Command& command, const std::string& object, const std::string& socket,
                        bool fallback, const std::string& scratch);

}  // namespace pump::oracle

// The command line of `pump`, parsed. CLI11 does it; nothing here prints or exits.
//
// pump's own options come first. The first word that is none of them is COMMAND, and all after it is
// COMMAND's; "--" ends pump's own, so that any word can be a COMMAND. Every verb is a long option for the
// same reason.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pump/os/error.h"

namespace pump::cli {

enum class Verb { Usage, Version, Run, Startup, Shutdown, Status, Jobs, Why };

struct Arguments {
  Verb verb = Verb::Usage;
  /// Verb::Run: COMMAND and its arguments, never empty. Verb::Jobs: a directory, or nothing. Verb::Why: a file, or
  /// nothing.
  std::vector<std::string> command;
  std::optional<std::string> include_server;  ///< --include-server: "native" or "python"
  bool no_record = false;                     ///< --no-record
  bool json = false;                          ///< with --status and --jobs
};

/// Error: what is wrong with which word; the caller exits with 2.
Expected<Arguments> parse_arguments(int argc, const char* const* argv);

/// The text of --help.
std::string usage();

}  // namespace pump::cli

// Parses the command line of `pump` with CLI11. Prints nothing and does not exit.
//
// pump's own options come first. The first word that is not one of them is COMMAND; the words after it are
// COMMAND's arguments. "--" ends pump's own options, so that COMMAND may be any word. Verbs are long options:
// a bare word is always COMMAND. Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pump/os/error.h"

namespace pump::cli {

struct Verb;  // verbs.h

struct Arguments {
  const Verb* verb = nullptr;  ///< a row of the table in verbs.cc; set by parse_arguments()
  /// COMMAND and its arguments, never empty; for another verb its operands, as many as its row allows.
  std::vector<std::string> words;
  std::optional<std::string> include_server;  ///< --include-server: "native" or "python"
  bool no_record = false;                     ///< --no-record
  bool json = false;                          ///< --json
};

/// Error: which word is wrong, and why; the caller exits with 2.
Expected<Arguments> parse_arguments(int argc, const char* const* argv);

}  // namespace pump::cli

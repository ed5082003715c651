// The verbs of `pump`: options that determine what pump does, and COMMAND, which is the verb without an
// option.
//
// To add a verb: write its function in a file VERB.cc of this folder (CMake finds it; a verb that only prints
// goes to report.cc), declare it below, and add a row to the table in verbs.cc. Parsing, the check of its
// operands, --help and dispatch read that table. Then describe it in docs/man/pump.1 and in both files of
// packaging/completion: tests/unit/cli/verbs_test.cc fails until they list it.
//
// verbs() may be called from any thread, the verbs' functions from the main thread only.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string_view>

#include "pump/cli/arguments.h"

namespace pump::cli {

struct Verb {
  static constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();

  std::string_view option = {};                      ///< "--jobs"; empty: COMMAND
  std::string_view short_option = {};                ///< "-h", or empty
  std::string_view operand = {};                     ///< name of its operand in --help: "DIRECTORY"
  std::size_t most_operands = 0;                     ///< 0, 1 (optional), or kAnyNumber
  bool takes_json = false;                           ///< --json may go with it
  std::string_view help;                             ///< lines for --help, at most 60 columns each
  int (*run)(const Arguments& arguments) = nullptr;  ///< returns pump's exit status
};

/// The table, in the order of --help. Exactly one verb has no option.
std::span<const Verb> verbs();

// One function per verb. Errors are printed, not returned.
int run_command(const Arguments& arguments);
int startup(const Arguments& arguments);
int shutdown(const Arguments& arguments);
int status(const Arguments& arguments);
int why(const Arguments& arguments);
int jobs(const Arguments& arguments);
int version(const Arguments& arguments);
int help(const Arguments& arguments);

}  // namespace pump::cli

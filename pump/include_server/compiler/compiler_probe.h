// Runs a compiler to learn its defaults: `-v -E -dD` of a text full of questions (probe_text.h).
//
// Any thread; blocks for as long as the compiler runs (some 20 ms, 20 s at most). The compiler reads the text
// from a memory file by its /proc name, and runs in a temporary directory that is removed afterwards, so
// nothing is left.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/compiler/compiler_profile.h"
#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::include_server {

/// How a compiler is run.
struct ProbeCommand {
  std::string compiler;  ///< absolute path
  std::vector<std::string> flags;
  std::string language;         ///< for -x
  std::string directory;        ///< to run in, if the flags name relative paths; empty: a temporary directory
  os::Environment environment;  ///< probe_environment()
};

/// The client's environment without variables that make compilers write files, that are not sent to the
/// compile server, or that configure distcc and pump. Messages are in English (LC_ALL=C).
os::Environment probe_environment(const os::Environment& client);

/// The search lists as `-v` prints them.
struct SearchListing {
  std::vector<std::string> quote, bracket;  ///< in order; spelled as the compiler will report them
  /// Missing or duplicate directories; if one changes, the lists may change.
  std::vector<std::string> dropped;
  bool frameworks = false;  ///< some entries are framework directories or header maps
};

struct Probe {
  CompilerProfile profile;  ///< `id` and `answers_id` are not set
  SearchListing listing;
  std::string frontend;  ///< path of the program that does the work: cc1, cc1plus, clang; may be empty
};

/// Error: the compiler does not run, or its output is not that of gcc or clang.
Expected<Probe> probe_compiler(const ProbeCommand& command);
/// The search lists under further options of the -I family. Errors: as for probe_compiler().
Expected<SearchListing> list_search_path(const ProbeCommand& command,
                                         const std::vector<std::string>& options);
/// The value of a query (compiler_query.h); nothing if the compiler gives none.
std::optional<std::int64_t> ask_compiler(const ProbeCommand& command, const std::string& query);

/// Parsers of the compiler's messages and of its output, for tests.
SearchListing parse_search_listing(std::string_view verbose);
void parse_predefined(std::string_view output, CompilerProfile& profile);
/// CompilerProfile::version from the lines of -v: gcc's "gcc version 12.2.0 (Debian 12.2.0-14)" is "GCC: (Debian 12.2.0-14)
/// 12.2.0" in .comment, clang's "Debian clang version 14.0.6" is the same. Empty if there is no such line.
std::string parse_version(std::string_view verbose);

}  // namespace pump::include_server

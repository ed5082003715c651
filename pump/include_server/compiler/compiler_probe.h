// Running a compiler to learn what it does by itself: `-v -E -dD` of a text full of questions.
//
// Any thread; blocks for as long as the compiler runs (some 20 ms). The text is handed over through a memory
// file that the compiler opens by its /proc name, and the compiler runs in an empty directory that goes with
// it, so that nothing is left behind.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pump/include_server/compiler/compiler_profile.h"
#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::include_server {

/// How a compiler is run.
struct ProbeCommand {
  std::string compiler;  ///< absolute path
  std::vector<std::string> flags;
  std::string language;   ///< for -x
  std::string directory;  ///< where, if the flags name relative paths; else empty: in a directory of its own
  os::Environment environment;  ///< probe_environment()
};

/// The client's environment without what is for others, or makes the compiler write files.
os::Environment probe_environment(const os::Environment& client);

/// The search lists as `-v` prints them.
struct SearchListing {
  std::vector<std::string> quote, bracket;  ///< in order; spelled as the compiler will report them
  std::vector<std::string> dropped;  ///< missing or duplicate directories: a change there changes the lists
  bool frameworks = false;           ///< some entries were framework directories or header maps
};

struct Probe {
  CompilerProfile profile;
  SearchListing listing;
  std::string frontend;  ///< cc1, cc1plus, clang: the program that does the work
};

/// Error: it does not run, or what it prints is not gcc's or clang's.
Expected<Probe> probe_compiler(const ProbeCommand& command);
/// The search lists under further options (those of -I's family).
Expected<SearchListing> list_search_path(const ProbeCommand& command,
                                         const std::vector<std::string>& options);
/// The value of a sanitised query; nothing if the compiler does not say.
std::optional<std::int64_t> ask_compiler(const ProbeCommand& command, const std::string& query);

/// Parsing of the two outputs, for tests.
SearchListing parse_search_listing(std::string_view verbose);
void parse_predefined(std::string_view output, CompilerProfile& profile);

}  // namespace pump::include_server

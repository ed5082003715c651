// What goes where: one command line, seen with its directory and environment, is either one compilation that
// another machine can do with the same result, or it runs here for a named reason.
//
// Pure but for the functions of CommandContext, which tests replace; any thread. Order of checks: from the cheapest to
// the ones that read files, so that linking, probes and queries cost next to nothing. What the include server
// cannot answer is not decided here: distcc then preprocesses on this machine.
//
// Reasons are for results that would be wrong, missing or refused elsewhere, never for speed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "launcher/decide/dependency_file.h"
#include "launcher/decide/fallback_reason.h"
#include "launcher/decide/local_reason.h"
#include "launcher/decide/output_place.h"
#include "launcher/object/server_directory.h"
#include "pump/os/environment.h"

namespace pump::launcher {

struct CommandContext {
  std::string cwd;  ///< absolute
  os::Environment environment;
  /// Content of a file; relative names are relative to cwd. Nothing where it cannot be read.
  std::function<std::optional<std::string>(const std::string& path)> read;
  std::function<bool(const std::string& path)> exists;
  /// The same for two names of one executable file; empty where there is none.
  std::function<std::string(const std::string& path)> identity;
  /// The name that the program at `path` has once links are followed; empty for a script and for what cannot be read.
  std::function<std::string(const std::string& path)> binary;
  /// What writing a file would meet (output_place.h).
  std::function<OutputPlace(const std::string& path)> output_place;
};

/// For pump mode where names are absolute; see relative_names.h.
struct RelativeCommand {
  std::vector<std::string> words;  ///< in place of Decision::words
  std::string root;                ///< what "/" is in them
};

struct Decision {
  std::optional<LocalReason> local;  ///< unset: distribute
  std::string detail;                ///< the word, variable or file at fault
  std::string source;                ///< as spelled; empty where there is none
  /// For distcc, compiler first: response files expanded, CPATH and its siblings as flags, spellings that
  /// distcc and distccd know. Empty where the command runs here: then the words of the caller are the right
  /// ones.
  std::vector<std::string> words;
  std::optional<FallbackReason> plain;  ///< distribute, but in plain mode
  std::optional<RelativeCommand> relative;
  bool clang_debug = false;  ///< clang with -g: in plain mode its object would be another one
  std::string output;        ///< as spelled, or what the compiler would call it
  std::optional<DependencyFile> dependencies;
  object::ClientDirectory client;  ///< what the object's debug information has to name

  [[nodiscard]] bool distribute() const { return !local; }
};

/// `argv`: compiler first, launchers before it already taken away (compiler_word.h).
Decision decide(const std::vector<std::string>& argv, const CommandContext& context);

}  // namespace pump::launcher

// Decides about one command: either it is a single compilation that another machine can do with the same
// result, or it runs on this machine for a named reason.
//
// A command is kept here if its result elsewhere would be wrong, missing or refused, not for speed. Cheap
// checks come first and those that read files last, so that linking, configuration checks and queries cost
// almost nothing. Commands that the include server cannot answer are not detected here: distcc then
// preprocesses on this machine.
//
// Any thread. Files are read through CommandContext, which tests replace. Exceptions: logical_directory()
// compares two directories, and path_without_masquerade() reads links.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "launcher/decide/dependency_file.h"
#include "launcher/decide/local_reason.h"
#include "launcher/decide/message_options.h"
#include "launcher/decide/output_place.h"
#include "launcher/decide/relative_names.h"
#include "launcher/object/server_directory.h"
#include "pump/os/environment.h"

namespace pump::launcher {

/// What a command line depends on.
struct CommandContext {
  std::string cwd;  ///< absolute
  os::Environment environment;
  /// Content of a file; relative names are relative to cwd. Nothing if it cannot be read.
  std::function<std::optional<std::string>(const std::string& path)> read;
  std::function<bool(const std::string& path)> exists;
  /// Equal for two names of one executable file; empty if there is no such file.
  std::function<std::string(const std::string& path)> identity;
  /// The base name of the program at `path` after links are followed; empty for a script and for an
  /// unreadable file.
  std::function<std::string(const std::string& path)> binary;
  /// What is at the place of an output (output_place.h).
  std::function<OutputPlace(const std::string& path)> output_place;
  /// An absolute path without links; empty if nothing is there.
  std::function<std::string(const std::string& path)> real_path;
};

/// The compilers whose names and messages are known here.
enum class CompilerKind { Gcc, Clang, Other };

/// What debug information the object has.
enum class DebugInformation { None, Usual, WithMacros };

/// A file beside the object and the dependency file.
struct SideFile {
  std::string name, content;
};

struct Decision {
  std::optional<LocalReason> local;  ///< unset: distribute
  std::string detail;                ///< the word, variable or file at fault
  std::string source;                ///< as the command spells it; empty if there is none
  std::string output;  ///< the object, as the command spells it or as the compiler would name it

  // The rest is for commands to distribute.

  /// For the include server and distccd, compiler first: response files expanded, CPATH and similar variables as
  /// options, spellings that distccd understands.
  std::vector<std::string> words;
  /// What distccd gets besides: its name of the compiler, and words at the end.
  std::string compiler_there;
  std::vector<std::string> words_there;
  /// The command to use in place of `words`, unless the server's compiler cannot map names (relative_names.h).
  std::optional<RelativeCommand> relative;
  /// Why the command has absolute names: the word that needs them. Empty: it has none, or `relative` is set.
  std::string absolute_because;
  CompilerKind compiler = CompilerKind::Other;
  std::string
      program;  ///< the compiler's name in its own messages, here: the last part of the command's first word
  DebugInformation debug = DebugInformation::None;
  MessageOptions messages;
  std::optional<DependencyFile> dependencies;
  std::optional<SideFile> scan;    ///< scan_file() in modules.h
  object::ClientDirectory client;  ///< names for the object's debug information

  [[nodiscard]] bool distribute() const { return !local; }
  /// Sets `relative`, and what is checked in the object because of it.
  void use_relative(RelativeCommand command);
};

/// `argv`: compiler first, after unwrap() (wrappers.h).
Decision decide(const std::vector<std::string>& argv, const CommandContext& context);

}  // namespace pump::launcher

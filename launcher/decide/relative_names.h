// Relative names in place of absolute ones, for servers.
//
// A server has the client's tree below a directory of its own, so an absolute name is another name there. If only a #line
// in the copy of a file gave the local name, gcc would look for the file by that name when it quotes a line or compares
// indentation, and would find nothing, or a file of the server. So the command that is sent names the source and the
// header directories from the working directory: in /p/build, "/p/inc" becomes "..///./inc". The server's compiler
// reads each file by the name that it reports. The option -ffile-prefix-map=..///./=/p/ makes the object hold the
// absolute names. Messages and dependency rules are no part of the object; their names are put back here.
//
// "//./" after the steps up distinguishes these names from those that a user writes or a compiler composes
// (pump/compilation/relative_root.h), and separates the steps from what follows. (At the beginning it would not do:
// compilers remove it there.) A name is taken apart as text. So a project that is reached through a link keeps the
// user's spelling.
//
// gcc reports a system header by its real path if that is shorter. On a server the real path begins with the job's
// directory, so it is not shorter, unless the relative name has very many steps. A directory whose real path is shorter
// here is sent by its real path, which is what gcc makes of it here.
//
// These names stay absolute, and the include server's copies have a #line (pump/include_server/send_plan/line_marker.h):
//   - a system directory for gcc, if its relative name is too long;
//   - all names of a command with an option that makes the object depend on the names as they are given
//     (obstacle_to_relative_names).
// See docs/design.md. Pure; any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/compilation/command.h"

namespace pump::launcher {

/// A directory above the working directory, and the text that stands for it in relative names.
struct RelativeRoot {
  std::string relative;  ///< "..///./"
  std::string absolute;  ///< "/p/": ends in a slash
};

/// The roots of one command. Empty: it has no relative names that stand for absolute ones.
class RelativeNames {
 public:
  void add(RelativeRoot root);
  [[nodiscard]] bool empty() const { return roots_.empty(); }
  /// Shorter ones first.
  [[nodiscard]] const std::vector<RelativeRoot>& roots() const { return roots_; }

  /// `text` with absolute names, wherever a relative one begins.
  [[nodiscard]] std::string restored(std::string_view text) const;
  /// A single name.
  [[nodiscard]] std::string restored_name(std::string_view name) const;
  /// True if a relative name begins somewhere in `bytes`.
  [[nodiscard]] bool appear_in(std::string_view bytes) const;

 private:
  std::vector<RelativeRoot> roots_;
};

/// How the compiler of a command treats names.
struct NamingRules {
  std::string cwd;  ///< absolute, without links
  bool clang = false;
  /// An absolute path without links; empty if nothing is there. Needed for gcc only.
  std::function<std::string(const std::string& path)> real_path;
};

struct RelativeCommand {
  std::vector<std::string> words;      ///< the command with relative names
  std::vector<std::string> map_words;  ///< for the compiler, after all other words
  RelativeNames names;
  /// gcc: the real paths of system directories that have relative names.
  std::vector<std::string> system_directories;
  /// Those of them whose name in the command is longer.
  std::vector<std::string> shortened_directories;
};

/// True if the command names the source or a header directory by an absolute name that can become relative.
bool has_absolute_names(const compilation::CommandLine& command, const NamingRules& rules);

/// The word because of which the object would differ from a local one if names were relative; empty if there is none.
std::string obstacle_to_relative_names(const compilation::CommandLine& command, const NamingRules& rules);

/// `command` must have no obstacle, and no words in response files.
RelativeCommand with_relative_names(const compilation::CommandLine& command, const NamingRules& rules);

/// Lets the include server write other absolute names into `#include "/p/x.h"`, names over the working directory, which are
/// absolute on a server as well. Otherwise the files that are named so get a #line. False: not possible with the
/// user's prefix maps.
bool add_names_over_cwd(RelativeCommand& command, const NamingRules& rules);

}  // namespace pump::launcher

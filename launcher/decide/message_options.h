// What the options of a command say about the compiler's messages, which come from another machine. Pure; any thread.
#pragma once

#include <string>

#include "pump/compilation/command.h"

namespace pump::launcher {

enum class Colours { Auto, Always, Never };

struct MessageOptions {
  Colours colours = Colours::Auto;  ///< wanted by the user
  /// The word because of which messages from another machine cannot be made equal to local ones. Empty: there is none.
  std::string obstacle;
  /// gcc: the object records all words, so that none may be added for messages.
  bool records_words = false;
  bool quotes_lines = true;  ///< messages show the lines that they are about
  bool urls = true;          ///< gcc: may write links to its manual, if the terminal shows them
  /// gcc: -Wmisleading-indentation is in force. After a #line, in any file, it has no effect.
  bool warns_of_indentation = false;
  /// gcc: -Wunused-const-variable may be in force. It is for the main file, which gcc knows by its name.
  bool warns_of_unused = false;
};

/// `clang`: otherwise gcc.
MessageOptions message_options(const compilation::CommandLine& command, bool clang);

}  // namespace pump::launcher

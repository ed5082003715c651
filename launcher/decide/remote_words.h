// The command line as distcc and distccd get it: the same meaning in spellings that both understand.
//
// distcc compares words literally. It understands -c, -S, "-o FILE" and "-x LANGUAGE", and it appends further
// options at the end, where they would be file names after a "--". distccd moves absolute names to its own
// directory only in -I, -include and a few others, and only in their short spellings. All other words stay as
// they are, except:
//   -x LANGUAGE      is left out if the suffix means the same language. If distcc falls back to plain mode,
//                    the preprocessed text would be preprocessed again, and the object would name a temporary
//                    file.
//   -M…              in any spelling becomes the form of dependency_file.h.
//   -Xpreprocessor -DX, -UX, -IX   become -Wp,-DX: in plain mode distcc would strip the value alone.
//   -Wp,…            comes after all other options, as compilers apply it.
//   --target=X       becomes -target X, or distcc would append a -target for its own machine.
//   -fmodules-ts     is left out with -fmodule-mapper=, whose map is empty (modules.h). The macro that it
//                    defines stays.
//   -fdeps-format=   is left out without -fdeps-file=: it has no effect, and crashes g++ 14 in plain mode.
//   --               is left out; the file -x after it becomes ./-x.
//
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "launcher/decide/dependency_file.h"
#include "pump/compilation/command.h"

namespace pump::launcher {

/// An option whose value, a word of its own, distcc strips in plain mode: the option would take the next word
/// as its value. nullptr if there is none, or if remote_words() replaces it. Points into `command`.
const compilation::Argument* find_stripped_value(const compilation::CommandLine& command);

/// `command`: one compilation that decide() found distributable. `dependencies`: the dependency file that it
/// requests.
std::vector<std::string> remote_words(const compilation::CommandLine& command,
                                      const std::optional<DependencyFile>& dependencies);

}  // namespace pump::launcher

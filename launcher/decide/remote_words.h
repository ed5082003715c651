// The command line as distccd gets it: the same meaning in spellings that it understands.
//
// distccd compares words literally. It understands -c, -S, "-o FILE" and "-x LANGUAGE", and it appends further options
// at the end, where they would be file names after a "--". It moves absolute names to its own directory only in -I,
// -include and a few others, and only in their short spellings. All other words stay as they are, except:
//   -x LANGUAGE      is left out if the suffix means the same language, and no message depends on it.
//   -M…              in any spelling becomes the form of dependency_file.h.
//   -Wp,-DX, -Xpreprocessor -DX   and -U, -I become plain options, after all others, as compilers apply them.
//   --target=X       becomes -target X, so that one word tells whether there is a target.
//   -fmodules-ts     is left out with -fmodule-mapper=, whose map is empty (modules.h). The macro that it
//                    defines stays.
//   -fdeps-format=   gets -fdeps-file=/dev/null: the launcher writes the file (modules.h).
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

/// `command`: one compilation that decide() found distributable. `dependencies`: the dependency file that it
/// requests.
std::vector<std::string> remote_words(const compilation::CommandLine& command,
                                      const std::optional<DependencyFile>& dependencies);

}  // namespace pump::launcher

// The command line as distcc and distccd get it: the same meaning in spellings that both understand.
//
// distcc compares words literally: it knows -c, -S, "-o FILE" and "-x LANGUAGE", appends further options at
// the end (after a "--" they would be file names), and distccd moves absolute names to its own directory in
// -I, -include and a few others only, in their short spellings. Everything else passes as it was written, but
// for what says nothing or is said otherwise:
//   -x LANGUAGE      that the suffix says already. Where distcc falls back to plain mode, the preprocessed
//                    text would be preprocessed again, and the object would name a temporary file.
//   -M…              in any spelling: file and target are said in the one way of dependency_file.h.
//   -Xpreprocessor -DX, -UX, -IX   as -Wp,-DX: in plain mode distcc would take the value away alone.
//   -fmodules-ts     with -fmodule-mapper=, whose map is empty (modules.h). The macro it defines stays.
//
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "launcher/decide/dependency_file.h"
#include "pump/compilation/command.h"

namespace pump::launcher {

/// The option that carries a value which distcc takes away in plain mode, so that the option takes the next word for it.
/// nullptr: none, or remote_words() says it otherwise.
const compilation::Argument* loses_its_value(const compilation::CommandLine& command);

/// `command`: one compilation that decide() found distributable. `dependencies`: what it asks for, if anything.
std::vector<std::string> remote_words(const compilation::CommandLine& command,
                                      const std::optional<DependencyFile>& dependencies);

}  // namespace pump::launcher

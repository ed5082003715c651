// Files of which a host gets a copy with a #line, because the compiler there would report another name for them.
//
// Objects and messages are mostly equal, but not always. gcc opens a file by the name in the #line when it quotes a line of
// it. Once gcc has seen a #line, it no longer warns of misleading indentation (c-family/c-indentation.cc). If the source has one,
// gcc does not know the main file, and so does not warn of its unused constants. A source with debug information, and any file
// with macros in it, is listed under both names. clang lists no MD5 sum of such a file, and then none of any file.
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "launcher/decide/decide.h"

namespace pump::launcher {

/// The first such file; nothing if there is none. `sent`: UnitFiles::names.
std::optional<std::string> first_line_copy(const std::vector<std::string>& sent);

/// A link to a system header below a directory that has a shorter name on a host than in the user's command. gcc compares the
/// length of the header's real path with that of its name, and so may choose another one there. Empty: there is none.
std::string link_in_shortened_directory(const Decision& decision, const std::vector<std::string>& sent);

/// Why the outputs may differ from local ones because of files with a #line; empty: they do not.
std::string unlike_with_line_copies(const Decision& decision, const std::vector<std::string>& sent);

}  // namespace pump::launcher

// The `#line` of ".lzo.abs" copies: it makes a file report another name.
//
// On the server a header that was found through an absolute directory is below the job's temporary root. Its
// __FILE__, its diagnostics and its debug information must name it as the user's command does.
//
// The directive goes after the line of the include guard (include_guard.h), or else to the start of the file,
// after a byte order mark. Rejected: `# 1 "name"`, because a line marker resets gcc's system-header flag; the
// line after the guard's #define, because a #define need not follow the #ifndef. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "pump/include_server/send_plan/include_guard.h"

namespace pump::include_server {

/// `text` with a `#line` that gives it the name `spelled` and keeps the number of every line. `prologue`:
/// whole lines before the directive.
std::string with_line_directive(std::string_view text, std::string_view spelled,
                                std::string_view prologue = {});

/// The prologue of a C++ source for g++. g++ compares the file of a type with the source's first name to find
/// out whether the type comes from a header (gcc 12, cp/decl2.cc, constrain_class_visibility). After a #line,
/// every type of the source seems to come from a header, and one with a member of an anonymous namespace gets
/// a warning. The warning is on by default, so -Werror would fail on the server only.
constexpr std::string_view kNoLinkageWarning = "#pragma GCC diagnostic ignored \"-Wsubobject-linkage\"\n";

/// The line at which with_line_directive() inserts.
LinePlace line_directive_place(std::string_view text);

/// `spelled` as a string literal of #line: backslashes and quotes escaped, control characters in octal.
std::string line_literal(std::string_view spelled);

}  // namespace pump::include_server

// Makes a file report another name: the `#line` of ".lzo.abs" copies.
//
// On the server a header that was found through an absolute directory stands below the job's temporary root.
// Its
// __FILE__, its diagnostics and its debug information must name it as the user's command does. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace pump::include_server {

/// `text` with a `#line` that gives it the name `spelled` and leaves every line its number. `prologue`: whole
/// lines that go before it.
std::string with_line_directive(std::string_view text, std::string_view spelled,
                                std::string_view prologue = {});

/// For the source itself under g++, which compares a type's file with the source's first name to tell whether
/// the type is a header's (gcc 12, cp/decl2.cc, constrain_class_visibility): with a #line, every type of the
/// source looks like a header's, and one with a member of an anonymous namespace gets a warning. It is on by
/// default, so -Werror would fail on the server what compiles here.
constexpr std::string_view kNoLinkageWarning = "#pragma GCC diagnostic ignored \"-Wsubobject-linkage\"\n";

/// Where the directive goes: byte offset, and the number of the line that begins there.
struct LinePlace {
  std::size_t offset = 0;
  unsigned line = 1;
};
LinePlace line_directive_place(std::string_view text);

/// A string literal as #line takes it: backslashes and quotes escaped, control characters in octal.
std::string line_literal(std::string_view spelled);

}  // namespace pump::include_server

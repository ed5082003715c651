// The statements by which an assembler opens another file: `.incbin "x"` and `.include "x"`, in any case of
// letters.
//
// The name is the assembler's business: neither the preprocessor nor distccd rewrites it. A relative one is
// found in the working directory or along -I, where what is sent stands. An absolute one is the server's own
// file, and one that is put together where this reader does not see it may be. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pump::include_server {

bool equal_ignoring_case(std::string_view a, std::string_view b);

/// A quick look at a literal or a macro's body: false for nearly all of them.
bool may_name_assembler_file(std::string_view text);

/// One such statement in the text that a string literal holds.
struct AssemblerName {
  enum class End : std::uint8_t {
    Whole,       ///< `name` is what it opens
    Name,        ///< the name is cut off, or is none: it is put together somewhere else
    Word,        ///< the text ends behind the word, and blanks
    PartOfWord,  ///< the text ends within the word
  };
  std::string name;
  End end = End::Whole;
  bool binary = true;  ///< .incbin
};
std::vector<AssemblerName> find_assembler_files(std::string_view text);

/// True where assembler text may hold such a statement, in whatever form.
bool opens_files(std::string_view text);

/// True where an escape, an operand or a macro's argument is part of the name.
bool is_computed(std::string_view name);

/// True where `.incbin`, or `.include` in `assembler` text, stands outside of string literals, as in the
/// argument or body of a macro that makes a string of it.
bool statement_outside_literals(std::string_view text, bool assembler);

/// A literal's text without its quotes, escapes replaced by what they stand for.
std::string unescaped(std::string_view literal);

}  // namespace pump::include_server

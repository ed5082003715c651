// Statements by which an assembler opens another file: `.incbin "x"` and `.include "x"`, in any case of
// letters.
//
// Neither the preprocessor nor distccd changes the name. A relative name is looked up in the working
// directory and along -I, which contain the files that are sent. An absolute name refers to the server's own
// file. A name that is computed, from an operand or by an assembler macro, may be either. Pure functions; any
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pump::include_server {

bool equal_ignoring_case(std::string_view a, std::string_view b);

/// A quick check of a literal or a macro's body: false for nearly all of them.
bool may_name_assembler_file(std::string_view text);

/// One such statement in the text of a string literal.
struct AssemblerName {
  enum class End : std::uint8_t {
    Whole,       ///< `name` is complete
    Name,        ///< the name is incomplete or not a literal: it is computed elsewhere
    Word,        ///< the text ends after the word and blanks
    PartOfWord,  ///< the text ends within the word
  };
  std::string name;
  End end = End::Whole;
  bool binary = true;  ///< .incbin; else .include
};
std::vector<AssemblerName> find_assembler_files(std::string_view text);

/// True if assembler text may contain such a statement in any form.
bool opens_files(std::string_view text);

/// True if an escape, an operand or a macro's argument is part of the name.
bool is_computed(std::string_view name);

/// True if `.incbin`, or `.include` in `assembler` text, occurs outside string literals, as in the argument
/// or body of a macro that makes a string of it.
bool statement_outside_literals(std::string_view text, bool assembler);

/// The text of a literal, given without its quotes: escapes are replaced by the bytes they mean.
std::string unescaped(std::string_view literal);

}  // namespace pump::include_server

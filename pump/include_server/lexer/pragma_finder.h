// Finds pragmas that matter to the include closure: written as directives, by _Pragma, or made by macros.
//
// A macro's expansion may execute a pragma: `_Pragma("once")` in its body, or DO_PRAGMA(once) where DO_PRAGMA
// makes a pragma of its argument. No macro is expanded here: a body counts for all places where the macro is
// expanded, and a word such as `once` counts if it follows the parenthesis of a macro with "pragma" in its
// name. Words that cannot be such a pragma are not found, to keep false alarms rare.
//
// One per scan, on one thread.
#pragma once

#include <string>
#include <string_view>

#include "pump/include_server/lexer/operand_reader.h"
#include "pump/include_server/lexer/scan_builder.h"

namespace pump::include_server {

class PragmaFinder {
 public:
  PragmaFinder(ScanBuilder& builder, SourceReader& reader, OperandReader& operand)
      : builder_(builder), reader_(reader), operand_(operand) {}

  /// `text`: after `#pragma`.
  void read_pragma(std::string_view text, std::uint32_t line);
  /// After `_Pragma` in text: reads its operand.
  void read_operator();
  /// In a macro's parameters and body. A macro with "pragma" in its `name`, as PRAGMA_GCC(x), is found where
  /// it is used instead, if its argument decides which pragma it makes.
  void find_in_macro(std::string_view definition, std::uint32_t line, std::string_view name = {});
  /// In text between literals: DO_PRAGMA(GCC target …), DO_PRAGMA(GCC optimize …), DO_PRAGMA(once).
  void find_in_text(std::string_view text, std::uint32_t line);
  /// At a literal in text, given without its quotes: DO_PRAGMA("once"), DO_PRAGMA(push_macro("NAME")).
  /// `before`: the text before the literal.
  void find_in_argument(std::string_view before, std::string_view literal, std::uint32_t line);

 private:
  void find_macro_stacks(std::string_view text, std::uint32_t line);
  /// HiddenPragma. `name`: the macro that is pushed or popped; empty: any.
  void add_hidden(std::string_view name, std::uint32_t line);
  void add_target(std::string_view pragma, std::uint32_t line);

  ScanBuilder& builder_;
  SourceReader& reader_;
  OperandReader& operand_;
};

}  // namespace pump::include_server

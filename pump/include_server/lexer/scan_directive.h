// The part of the directive scanner that reads one directive, or the few constructs in text that act like
// one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/lexer/scan.h"
#include "pump/include_server/lexer/source_reader.h"

namespace pump::include_server {

/// intern() or intern_given()
using InternName = Symbol(std::string_view);

class DirectiveReader {
 public:
  DirectiveReader(Scan& scan, SourceReader& reader, InternName* intern_name)
      : scan_(scan), reader_(reader), intern_name_(intern_name) {}

  /// After '#': reads to the newline, which stays.
  void read(std::uint32_t line);
  /// At the first identifier of a text line: `import <x>;`, `module m;`. Consumes nothing.
  void read_module_line(std::uint32_t line);
  /// After `_Pragma`.
  void read_pragma_operator();
  /// After `.incbin` (`binary`) or `.include` in assembler text.
  void read_assembler_statement(bool binary);
  /// In a string literal of C text, `behind` which that text goes on.
  void look_for_assembler(std::string_view literal, std::string_view behind, std::uint32_t line);
  /// In C text at a literal: `.incbin "x"` as an argument of what makes a string of it.
  void look_for_assembler_word(std::string_view before, std::uint32_t line);
  /// At a literal of C text, without its quotes, that is an argument: of what makes a pragma of it, or the
  /// NAME of push_macro("NAME") in such an argument.
  void note_text_pragma(std::string_view before, std::string_view literal, std::uint32_t line);
  /// In text between literals: GCC target, GCC optimize or once as an argument of what makes a pragma of it.
  void note_text_pragmas(std::string_view text, std::uint32_t line);
  /// Behind a macro in text for which is_local_value() holds.
  void note_local_value(std::string_view name, std::uint32_t line);
  /// At the quote of a raw string, prefix consumed.
  void skip_raw_string();

  void saw_text() { text_since_directive_ = true; }
  /// Closes open groups, finds the include guard.
  void finish();

 private:
  enum class Operand : std::uint8_t { Plain, HeaderName, Expression };
  std::string_view plain_name();
  std::string spliced_name();
  void copy_operand(Operand operand);
  void copy_plain();
  bool copy_comment();
  void copy_quoted(char quote, bool escapes);
  bool copy_header_name();
  void copy_number();
  void copy_raw_string();
  [[nodiscard]] bool raw_prefix() const;
  [[nodiscard]] bool after_has_include() const;

  Directive& add(DirectiveKind kind, std::uint32_t line);
  Directive& add_with_operand(DirectiveKind kind, std::uint32_t line);
  void add_conditional(DirectiveKind kind, std::uint32_t line);
  void add_define(std::uint32_t line);
  void add_include(DirectiveKind kind, std::uint32_t line);
  void add_pragma(std::string_view text, std::uint32_t line);
  void read_directive(std::uint32_t line);
  void look_in_assembler(std::string_view text, std::string_view behind, std::uint32_t line);
  void add_assembler_file(std::string_view name, std::uint32_t line);
  void note_local_values(std::string_view body, std::uint32_t line);
  void note_hidden_pragmas(std::string_view body, std::uint32_t line, bool called_pragma = false);
  void note_hidden_macro_stacks(const std::string& body, std::uint32_t line);
  void note_pragma_macro(DirectiveKind kind, std::string_view name, std::uint32_t line);
  struct Name {
    Symbol symbol = 0;
    std::size_t end = 0;  ///< in the text
    bool certain = true;  ///< Word::certain
  };
  [[nodiscard]] Name first_identifier(std::string_view text) const;
  void refuse(std::string_view what, std::uint32_t line);
  std::uint32_t add_expression(const Directive& directive, HeaderNames names);

  Scan& scan_;
  SourceReader& reader_;
  InternName* intern_name_;
  std::size_t operand_ = 0;             ///< where the current operand starts in scan_.text
  std::vector<DirectiveIndex> open_;    ///< the If of each open group
  std::vector<DirectiveIndex> latest_;  ///< the latest branch of each open group
  std::size_t no_angle_before_ = 0;     ///< the rest of the line up to there has no '>'
  bool text_since_directive_ = false;
  bool guard_possible_ = false;
};

}  // namespace pump::include_server

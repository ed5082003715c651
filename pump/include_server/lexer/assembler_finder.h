// Finds the files that the assembler opens (assembler_text.h): in assembler text, string literals and macros.
//
// One per scan, on one thread.
#pragma once

#include <string_view>

#include "pump/include_server/lexer/operand_reader.h"
#include "pump/include_server/lexer/scan_builder.h"

namespace pump::include_server {

class AssemblerFinder {
 public:
  AssemblerFinder(ScanBuilder& builder, SourceReader& reader, OperandReader& operand)
      : builder_(builder), reader_(reader), operand_(operand) {}

  /// After `.incbin` (`binary`) or `.include` in assembler text: reads the name.
  void read_statement(bool binary);
  /// In a string literal, quotes included. `rest`: the text after it, where another literal may continue it.
  void find_in_literal(std::string_view literal, std::string_view rest, std::uint32_t line);
  /// In a raw string that was just read.
  void find_in_raw_string(std::string_view literal, std::uint32_t line);
  /// At a literal: `.incbin "x"` as the argument of a macro that makes a string of it. `before`: the text
  /// before the literal.
  void find_before_literal(std::string_view before, std::uint32_t line);
  /// In a macro's name, parameters and body. The definition counts for all places where the macro is
  /// expanded.
  void find_in_macro(std::string_view definition, std::uint32_t line);

 private:
  void find_in_text(std::string_view text, std::string_view rest, std::uint32_t line);
  /// `name`: as the assembler reads it; empty: computed.
  void add_file(std::string_view name, std::uint32_t line);

  ScanBuilder& builder_;
  SourceReader& reader_;
  OperandReader& operand_;
};

}  // namespace pump::include_server

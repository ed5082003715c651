// Reads one directive, from after its '#' to the end of its logical line, and adds it to the scan.
//
// One per scan, on one thread.
#pragma once

#include <string>
#include <string_view>

#include "pump/include_server/lexer/assembler_finder.h"
#include "pump/include_server/lexer/operand_reader.h"
#include "pump/include_server/lexer/pragma_finder.h"
#include "pump/include_server/lexer/scan_builder.h"

namespace pump::include_server {

class DirectiveReader {
 public:
  DirectiveReader(ScanBuilder& builder, SourceReader& reader, OperandReader& operand, PragmaFinder& pragmas,
                  AssemblerFinder& assembler)
      : builder_(builder), reader_(reader), operand_(operand), pragmas_(pragmas), assembler_(assembler) {}

  /// After '#', which is on `line`: reads to the newline, which stays.
  void read(std::uint32_t line);

 private:
  std::string_view plain_name();
  std::string spliced_name();
  void read_directive(std::uint32_t line);
  void add_unknown(std::string_view name, std::uint32_t line);
  void add_define(std::uint32_t line);
  void add_undef(std::uint32_t line);
  void add_include(DirectiveKind kind, std::uint32_t line);
  void add_conditional(DirectiveKind kind, std::uint32_t line);
  void note_builtin(Symbol macro, std::uint32_t line);
  void add_local_values(std::string_view body, std::uint32_t line);
  /// The operand that was copied belongs to the directive; with its slot in Scan::expressions.
  void set_operand(Directive& directive) const;
  void set_expression(Directive& directive, HeaderNames names);

  ScanBuilder& builder_;
  SourceReader& reader_;
  OperandReader& operand_;
  PragmaFinder& pragmas_;
  AssemblerFinder& assembler_;
};

}  // namespace pump::include_server

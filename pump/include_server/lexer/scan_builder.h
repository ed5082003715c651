// Makes a Scan: adds directives, links the branches of conditional groups, finds the include guard.
//
// One per scan, on one thread. Directives are added in the order of the text.
#pragma once

#include <string_view>
#include <vector>

#include "pump/include_server/lexer/scan.h"

namespace pump::include_server {

/// intern() or intern_given()
using InternName = Symbol(std::string_view);

class ScanBuilder {
 public:
  ScanBuilder(Scan& scan, InternName* intern_name) : scan_(scan), intern_name_(intern_name) {}

  [[nodiscard]] Scan& scan() { return scan_; }
  [[nodiscard]] const LexMode& lex() const { return scan_.mode.lex; }

  /// The result is valid until the next directive is added.
  Directive& add(DirectiveKind kind, std::uint32_t line);
  void add_named(DirectiveKind kind, Symbol name, std::uint32_t line) { add(kind, line).name = name; }
  /// A directive of kind Refused. `reason` is shown to users.
  void refuse(std::string_view reason, std::uint32_t line);
  /// Refuses a macro's name that is not MacroName::certain.
  void refuse_name(std::uint32_t line);

  /// Adds If … Endif and links it to its group. Not for kinds that end a branch unless in_group().
  Directive& add_branch(DirectiveKind kind, std::uint32_t line);
  [[nodiscard]] bool in_group() const { return !open_.empty(); }

  /// There is something other than directives between the last one and the next.
  void saw_text() { text_since_directive_ = true; }
  /// Closes open groups, finds the include guard, gives spare memory back.
  void finish();

  /// The identifier that a text begins with, after blanks.
  struct MacroName {
    Symbol symbol = 0;    ///< the empty one if there is none
    std::size_t end = 0;  ///< in the text
    bool certain = true;  ///< Word::certain
  };
  [[nodiscard]] MacroName macro_name(std::string_view text) const;

 private:
  void find_guard();

  Scan& scan_;
  InternName* intern_name_;
  std::vector<DirectiveIndex> open_;    ///< the If of each open group
  std::vector<DirectiveIndex> latest_;  ///< the latest branch of each open group
  bool text_since_directive_ = false;
  bool text_before_first_ = false;
};

}  // namespace pump::include_server

// Macro expansion as cpplib does it.
//
// Tokens are pulled one by one from a stack of token ranges. A macro is disabled while its replacement is on
// the stack; an identifier that is read meanwhile is painted, and never expanded again. Arguments are
// expanded on their own before they are substituted.
//
// Pulling lets `defined` and `__has_include` switch off expansion for their operand (next_raw()). If a macro
// has several possible definitions, expansion stops and names it (ambiguous()); the caller tries each
// definition. So a computed #include expands to a set of headers: header_operand.h.
//
// Not thread-safe. An Expander is used for many operands, because it keeps its buffers.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/preprocessor/macro_table.h"

namespace pump::include_server {

/// Values that depend on the place of the expansion, on the file system or on the compiler.
class ExpansionEnvironment {
 public:
  virtual ~ExpansionEnvironment() = default;
  /// __LINE__, __FILE__, …; a token of kind Unknown if the value is not known.
  virtual Token value_of(Builtin builtin) = 0;
  /// __has_include, __has_include_next or __has_embed; nothing: unknown.
  virtual std::optional<bool> has_include(Builtin which, std::string_view name, bool angled) = 0;
  /// For example "__has_builtin(__builtin_abs)"; nothing: unknown.
  virtual std::optional<std::int64_t> query(const std::string& text) = 0;
};

/// Counts the work for one translation unit: directives walked, tokens expanded. The walk stops at the limit.
struct StepCounter {
  std::uint64_t steps = 0;
  std::uint64_t limit = 0;
  void add(std::uint64_t n) { steps += n; }
  [[nodiscard]] bool exhausted() const { return steps > limit; }
};

class Expander {
 public:
  Expander(MacroTable& macros, ExpansionEnvironment& environment, StepCounter& steps)
      : macros_(macros), environment_(environment), steps_(steps) {}

  /// `mode`: how pasted tokens are split. `clang`: clang's rules apply, otherwise gcc's.
  /// `keeps_lone_comma`: Dialect's.
  void set_language(const LexMode& mode, bool clang, bool keeps_lone_comma = false) {
    mode_ = mode;
    clang_ = clang;
    keeps_lone_comma_ = keeps_lone_comma;
    pasted_.clear();
    made_bytes_ = 0;
  }
  /// Begins with the operand of a directive, which must live until finish(). `expression`: it is that of an
  /// `#if`, in which __has_include is evaluated.
  void start(const std::vector<Token>& tokens, bool expression);
  Token next();      ///< the next token of the full expansion; kind End at the end
  Token next_raw();  ///< the next token without expansion
  void finish();     ///< drops the remaining tokens

  /// The macro with several alternatives that stopped the expansion, or 0. Later tokens are meaningless.
  [[nodiscard]] Symbol ambiguous() const { return ambiguous_; }
  /// The expansion is ill-formed, or overflowed().
  [[nodiscard]] bool failed() const { return failed_; }
  /// Too deep or too long for this implementation; a compiler may accept it.
  [[nodiscard]] bool overflowed() const { return overflowed_; }
  /// A token with an unknown value was returned since start().
  [[nodiscard]] bool met_unknown() const { return met_unknown_; }

 private:
  /// A token range being read.
  struct Context {
    const Token* at;
    const Token* end;
    Symbol macro;  ///< enabled again at the end of the range; 0: none
  };
  struct Argument {
    const Token* tokens = nullptr;
    std::uint32_t count = 0;
    bool present = false;  ///< false: omitted, with its comma
    bool expanded = false;
    const Token* expansion = nullptr;
    std::uint32_t expansion_count = 0;
  };
  using Arguments = std::vector<Argument>;

  void overflow() { failed_ = overflowed_ = true; }
  Token expand_identifier(const Token& token, bool& produced);
  Token builtin(const Definition& definition, bool& produced, const Token& token);
  Token has_include(Builtin which);
  Token query(Symbol name);
  bool open_follows();
  bool collect(const ParsedMacro& macro, Arguments& arguments);
  void push(const Token* tokens, std::size_t count, Symbol macro);
  void pop();
  void expand_argument(Argument& argument);
  void substitute(const ParsedMacro& macro, std::size_t begin, std::size_t end, Arguments& arguments,
                  std::vector<Token>& out);
  void emit(std::vector<Token>& out, Token token, bool& paste);
  void emit_argument(const Token& parameter, Argument& argument, bool raw, std::vector<Token>& out,
                     bool& paste);
  Token stringify(const Token* tokens, std::size_t count, const Token& site);
  bool paste(const Token& left, const Token& right, Token& result);
  /// True if the text, which # or ## made, may be interned. Otherwise the unit overflows.
  bool may_intern(const std::string& text);
  Token* keep(const std::vector<Token>& tokens);
  std::vector<Token> borrow();
  void give_back(std::vector<Token>&& buffer);

  MacroTable& macros_;
  ExpansionEnvironment& environment_;
  StepCounter& steps_;
  LexMode mode_;
  bool clang_ = false;
  bool keeps_lone_comma_ = false;
  bool expression_ = false;
  bool failed_ = false;
  bool met_unknown_ = false;
  bool overflowed_ = false;
  bool pending_space_ = false;  ///< the next token has a blank before it
  Symbol ambiguous_ = 0;
  unsigned depth_ = 0;    ///< of nested arguments being expanded
  std::size_t base_ = 0;  ///< number of contexts outside of the argument being expanded
  std::vector<Context> contexts_;
  std::vector<std::vector<Token>> buffers_;       ///< for borrow()
  std::vector<std::unique_ptr<Token[]>> blocks_;  ///< tokens of keep(), until the next start()
  std::size_t block_ = 0, used_ = 0;              ///< the block in use, and its tokens in use
  /// The key is two symbols in one number. Both must affect the bucket: many pastes share one operand.
  struct HashPaste {
    std::size_t operator()(std::uint64_t operands) const {
      operands *= 0x9E3779B97F4A7C15U;
      return static_cast<std::size_t>(operands ^ (operands >> 32U));
    }
  };
  tsl::robin_map<std::uint64_t, Token, HashPaste> pasted_;  ///< results of paste()
  std::size_t made_bytes_ = 0;                              ///< new spellings of this unit
};

}  // namespace pump::include_server

// Macro expansion as cpplib does it: a stack of token ranges being read, a macro disabled while its
// replacement is on the stack, identifiers met meanwhile painted for good; arguments expanded on their own
// before substitution.
//
// Tokens are pulled one by one, so that `defined` and `__has_include` can switch expansion off for their
// operand. Where a macro has several possible definitions, expansion stops and names it: the caller tries
// each (walker_branches.cc). One per worker; all scratch memory is kept between uses.
#pragma once

#include <tsl/robin_map.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pump/include_server/preprocessor/macro_table.h"

namespace pump::include_server {

/// What expansion asks of the walk.
class ExpansionHost {
 public:
  virtual ~ExpansionHost() = default;
  /// __LINE__, __FILE__, …; a token of kind Unknown where it cannot be told.
  virtual Token value_of(Builtin builtin) = 0;
  /// __has_include and its like; nothing: unknown.
  virtual std::optional<bool> has_include(Builtin which, std::string_view name, bool angled) = 0;
  /// "__has_builtin(__builtin_abs)"; nothing: unknown.
  virtual std::optional<std::int64_t> query(const std::string& text) = 0;
};

/// Counts work across all engines of one run; over the limit everything stops.
struct StepCounter {
  std::uint64_t steps = 0;
  std::uint64_t limit = 0;
  void add(std::uint64_t n) { steps += n; }
  [[nodiscard]] bool exhausted() const { return steps > limit; }
};

class Expander {
 public:
  Expander(MacroTable& macros, ExpansionHost& host, StepCounter& steps)
      : macros_(macros), host_(host), steps_(steps) {}

  /// How pasted tokens are split, and whose rules hold where gcc and clang differ.
  void set_language(const LexMode& mode, bool clang, bool keeps_lone_comma = false) {
    mode_ = mode;
    clang_ = clang;
    keeps_lone_comma_ = keeps_lone_comma;
    pasted_.clear();
  }
  /// Begins with a directive's operand. `expression`: `#if`, where __has_include means something.
  void start(const std::vector<Token>& tokens, bool expression);
  Token next();      ///< the next token of the full expansion; kind End at the end
  Token next_raw();  ///< the next token as it stands
  void finish();     ///< drops what is left

  /// A macro with several alternatives that stopped the expansion, or 0. The tokens since are meaningless.
  [[nodiscard]] Symbol ambiguous() const { return ambiguous_; }
  /// A compiler would have rejected something, or `overflowed`.
  [[nodiscard]] bool failed() const { return failed_; }
  /// Too deep or too long for this engine; says nothing about the compiler.
  [[nodiscard]] bool overflowed() const { return overflowed_; }
  /// A token that cannot be known was delivered since start().
  [[nodiscard]] bool met_unknown() const { return met_unknown_; }

 private:
  struct Context {
    const Token* at;
    const Token* end;
    Symbol macro;  ///< enabled again when the context is left; 0: none
  };
  struct Argument {
    const Token* tokens = nullptr;
    std::uint32_t count = 0;
    bool present = false;
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
  Token* keep(const std::vector<Token>& tokens);
  std::vector<Token> borrow();
  void give_back(std::vector<Token>&& buffer);

  MacroTable& macros_;
  ExpansionHost& host_;
  StepCounter& steps_;
  LexMode mode_;
  bool clang_ = false;
  bool keeps_lone_comma_ = false;  ///< Dialect's
  bool expression_ = false;
  bool failed_ = false;
  bool met_unknown_ = false;
  bool overflowed_ = false;
  bool pending_space_ = false;
  Symbol ambiguous_ = 0;
  unsigned depth_ = 0;
  std::size_t base_ = 0;
  std::vector<Context> contexts_;
  std::vector<std::vector<Token>> buffers_;
  std::vector<std::unique_ptr<Token[]>> blocks_;
  std::size_t block_ = 0, used_ = 0;
  /// Of two symbols in one number: the half that all pastes with one operand share must not choose the
  /// bucket.
  struct HashPaste {
    std::size_t operator()(std::uint64_t operands) const {
      operands *= 0x9E3779B97F4A7C15U;
      return static_cast<std::size_t>(operands ^ (operands >> 32U));
    }
  };
  tsl::robin_map<std::uint64_t, Token, HashPaste> pasted_;
};

}  // namespace pump::include_server

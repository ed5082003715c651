// One file version reduced to what the preprocessor walks: a flat list of its directives.
//
// Made once per (content, mode) and shared by all units and threads; the bytes are not kept, only the text of
// directives, with splices removed and comments turned into blanks. Macro bodies and expressions are split
// into tokens when first needed. Never fails: binary garbage and unterminated constructs give a list as the
// compiler would see it.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/lexer/token.h"

namespace pump::include_server {

enum class DirectiveKind : std::uint8_t {
  If,  // is_plain() needs these, up to Undef, first; ends_branch() Elif to Endif in a row
  Ifdef,
  Ifndef,
  Elif,
  Elifdef,
  Elifndef,
  Else,
  Endif,
  Define,
  Undef,
  Include,
  IncludeNext,
  Import,
  Embed,
  Line,
  Error,
  PragmaOnce,
  SystemHeader,  ///< #pragma GCC system_header
  PushMacro,
  PopMacro,
  TargetPragma,   ///< #pragma GCC target, optimize (the name): may define and undefine macros
  Refused,        ///< cannot be followed: a C++20 module, …; the name says what it is
  AssemblerFile,  ///< .incbin or .include in a string or in assembler text; name 0: of a computed name
  LocalValue,     ///< text or a macro body uses the named macro, which says something else on a server
                  ///< (is_local_value())
  HiddenPragma,   ///< a macro body pushes or pops the named macro: it may change at any time. Name 0: any
                  ///< macro, or which files are read again
};

/// It does nothing but read and write macros, if its condition does.
constexpr bool is_plain(DirectiveKind kind) {
  return kind <= DirectiveKind::Undef;
}

/// Macros that tell about the file that the compiler reads: when it was written, and the name it was given.
constexpr bool is_local_value(std::string_view macro) {
  return macro == "__TIMESTAMP__" || macro == "__BASE_FILE__";
}

/// A branch ends there, and perhaps another begins.
constexpr bool ends_branch(DirectiveKind kind) {
  return kind >= DirectiveKind::Elif && kind <= DirectiveKind::Endif;
}

enum DirectiveFlag : std::uint8_t {
  kAngled = 1,
  kComputed = 2,   ///< the operand is not a literal header name
  kManyLines = 4,  ///< it ends on another line than it begins
  kAbsolute = 8,   ///< the header name begins with '/'
};

/// Index of a directive in its Scan; kNoDirective where there is none.
using DirectiveIndex = std::uint32_t;

struct Directive {
  DirectiveKind kind = DirectiveKind::Endif;
  std::uint8_t flags = 0;
  std::uint32_t line = 0;
  Symbol name = 0;                     ///< macro, or header name without delimiters
  std::uint32_t text = 0, length = 0;  ///< operand, in Scan::text
  std::uint32_t slot = 0;              ///< Define: in Scan::definitions; If, Elif, computed includes: in
                                       ///< Scan::expressions; other includes: a number
  DirectiveIndex next =
      0;  ///< If … Else: the next branch of the group (or its Endif, or the end of the list)
  DirectiveIndex end = 0;  ///< If … Else: after the group's Endif

  /// Where a walk goes on that has come to this end of a branch; `self`: this directive's index.
  [[nodiscard]] constexpr DirectiveIndex behind(DirectiveIndex self) const {
    return kind == DirectiveKind::Endif ? self + 1 : end;
  }
};

struct ScanMode {
  LexMode lex;
  bool operator==(const ScanMode&) const = default;
  [[nodiscard]] std::uint32_t bits() const;
};

class Definition;
struct Scan;

/// Tokens of an operand, made when first asked for. Any thread.
class LazyTokens {
 public:
  LazyTokens(std::uint32_t text, std::uint32_t length, HeaderNames names)
      : text_(text), length_(length), names_(names) {}
  ~LazyTokens() { delete tokens_.load(std::memory_order_relaxed); }
  LazyTokens(LazyTokens&& other) noexcept
      : text_(other.text_),
        length_(other.length_),
        names_(other.names_),
        tokens_(other.tokens_.exchange(nullptr)) {}
  LazyTokens& operator=(LazyTokens&&) = delete;
  const std::vector<Token>& get(const Scan& scan) const;

 private:
  std::uint32_t text_, length_;
  HeaderNames names_;
  mutable std::atomic<const std::vector<Token>*> tokens_{nullptr};
};

struct Scan {
  ScanMode mode;
  std::vector<Directive> directives;
  std::string text;
  std::vector<Definition>
      definitions;  ///< macro tables point to them: they stay where they are once the scan is made
  std::vector<LazyTokens> expressions;
  std::uint32_t literal_includes = 0;  ///< #includes that name a header: their slots are below
  /// The macro whose definition makes the whole file empty (`#ifndef X … #endif` around everything), or 0.
  Symbol guard = 0;

  Scan();
  ~Scan();
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;
  /// What it takes, roughly; what is parsed later is a few times its text.
  [[nodiscard]] std::size_t bytes() const;
  [[nodiscard]] std::string_view operand(const Directive& directive) const {
    return std::string_view(text).substr(directive.text, directive.length);
  }
};

std::shared_ptr<const Scan> scan_text(std::string_view bytes, const ScanMode& mode);
/// The same for #define and #undef lines that stand for a compiler's own macros and -D, -U: their names are not mentions
/// (interner.h).
std::shared_ptr<const Scan> scan_given_macros(std::string_view lines, const ScanMode& mode);

}  // namespace pump::include_server

// A scan: the flat list of the directives of one version of a file. The preprocessor evaluates it instead of
// the text.
//
// Made once per (content, mode) by scan_text() (see scan_cache.h), then immutable and shared by all units and
// threads. The bytes are not kept, only the text of directives, with splices removed and comments replaced by
// blanks. Macro bodies and expressions are split into tokens when first needed. Scanning never fails: binary
// data and unterminated constructs give the directives that the compiler would see.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/lexer/token.h"

namespace pump::include_server {

enum class DirectiveKind : std::uint8_t {
  If,  // the order matters: is_plain() needs If to Undef first, ends_branch() Elif to Endif in a row
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
  TargetPragma,    ///< #pragma GCC target or optimize (the name): may define and undefine macros
  Refused,         ///< not supported, for example a C++20 module; `name` is a reason shown to users
  AssemblerFile,   ///< .incbin or .include in a string or in assembler text; name 0: computed
  LocalValue,      ///< text or a macro body uses the named word, which is_local_value()
  ChangesBuiltin,  ///< before #define or #undef of a name that may_be_builtin()
  HiddenPragma,    ///< text or a macro body may push or pop the named macro, at any expansion. Name 0: any
                   ///< macro, or it is `once` or `system_header`
};

/// It only reads and writes macros, provided that its condition does.
constexpr bool is_plain(DirectiveKind kind) {
  return kind <= DirectiveKind::Undef;
}

/// Words whose value depends on the local file (its modification time, the name on the command line), or on this machine's
/// clock and time zone. They have another value on a server. Macros, and for clang __PRETTY_FUNCTION__, which names
/// the file of a lambda or unnamed type.
constexpr bool is_local_value(std::string_view word) {
  return word == "__TIMESTAMP__" || word == "__BASE_FILE__" || word == "__DATE__" || word == "__TIME__" ||
         word == "__PRETTY_FUNCTION__";
}

/// The macros of which compilers report a redefinition (-Wbuiltin-macro-redefined), if they compute them.
constexpr bool may_be_builtin(std::string_view macro) {
  if (!macro.starts_with("__")) return false;
  for (const std::string_view name : {"__FILE__", "__LINE__", "__DATE__", "__TIME__", "__TIMESTAMP__",
                                      "__COUNTER__", "__BASE_FILE__", "__FILE_NAME__", "__INCLUDE_LEVEL__"})
    if (macro == name) return true;
  return macro.starts_with("__has_") || macro.starts_with("__is_");
}

/// It ends a branch of a conditional group, and begins the next unless it is Endif.
constexpr bool ends_branch(DirectiveKind kind) {
  return kind >= DirectiveKind::Elif && kind <= DirectiveKind::Endif;
}

enum DirectiveFlag : std::uint8_t {
  kAngled = 1,
  kComputed = 2,   ///< the operand is not a literal header name
  kManyLines = 4,  ///< it ends on a later line than it begins
  kAbsolute = 8,   ///< the header name begins with '/'
};

/// Index of a directive in Scan::directives.
using DirectiveIndex = std::uint32_t;

struct Directive {
  DirectiveKind kind = DirectiveKind::Endif;
  std::uint8_t flags = 0;
  std::uint32_t line = 0;
  Symbol name = 0;                     ///< macro, or header name without delimiters
  std::uint32_t text = 0, length = 0;  ///< operand, in Scan::text
  std::uint32_t slot = 0;  ///< Define: index in Scan::definitions; If, Elif, computed includes: in
                           ///< Scan::expressions; other includes: their number in the scan
  /// If … Else: the next branch of the group (or its Endif, or the end of the list).
  DirectiveIndex next = 0;
  DirectiveIndex end = 0;  ///< If … Else: after the group's Endif

  /// For a directive that ends_branch(): the directive at which evaluation continues. `self`: its own index.
  [[nodiscard]] constexpr DirectiveIndex after_branch(DirectiveIndex self) const {
    return kind == DirectiveKind::Endif ? self + 1 : end;
  }
};

struct ScanMode {
  LexMode lex;
  bool operator==(const ScanMode&) const = default;
  /// Different for different modes.
  [[nodiscard]] std::uint32_t bits() const;
};

class Definition;
struct Scan;

/// The tokens of an operand, made at the first get(). Any thread.
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
  std::vector<Definition> definitions;  ///< macro tables point to them
  std::vector<LazyTokens> expressions;
  std::uint32_t literal_includes = 0;  ///< the number of #includes that are not computed
  /// The include guard: the file is empty if this macro is defined (`#ifndef X … #endif` around all). 0: none.
  Symbol guard = 0;

  Scan();
  ~Scan();
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;
  /// An estimate of its memory, with that of tokens that may be made later.
  [[nodiscard]] std::size_t bytes() const;
  [[nodiscard]] std::string_view operand(const Directive& directive) const {
    return std::string_view(text).substr(directive.text, directive.length);
  }
};

std::shared_ptr<const Scan> scan_text(std::string_view bytes, const ScanMode& mode);
/// scan_text() for #define and #undef lines that represent the compiler's own macros and -D, -U: their names
/// are not mentions (is_mentioned() of interner.h).
std::shared_ptr<const Scan> scan_given_macros(std::string_view lines, const ScanMode& mode);

}  // namespace pump::include_server

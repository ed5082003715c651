// Macro definitions: their text in a scan, and the parameters and tokens parsed from it when first needed.
// Immutable otherwise; any thread. A Definition must not outlive its scan.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "pump/include_server/lexer/token.h"

namespace pump::include_server {

struct Scan;

/// A definition split into parameters and replacement list.
struct ParsedMacro {
  bool function_like = false;
  bool variadic = false;
  bool valid = true;             ///< false: a compiler reports an error
  bool is_integer = false;       ///< the body is one number token
  std::uint16_t parameters = 0;  ///< the variadic one included
  Symbol single = 0;             ///< if the body is one identifier: that; else 0
  std::vector<Token> body;
};

/// Macros whose value the preprocessor computes.
enum class Builtin : std::uint8_t {
  None,
  Line,
  File,
  BaseFile,
  FileName,
  IncludeLevel,
  Unknown,  ///< a value that cannot be known, for example __COUNTER__
  HasInclude,
  HasIncludeNext,
  HasEmbed,
  Query,  ///< __has_builtin and others that the compiler itself answers
};

/// One #define, -D, or predefined macro.
class Definition {
 public:
  Definition(const Scan& scan, Symbol name, std::uint32_t text, std::uint32_t length)
      : scan_(&scan), name_(name), text_(text), length_(length) {}
  Definition(Symbol name, Builtin builtin) : name_(name), builtin_(builtin) {}
  ~Definition() { delete parsed_.load(std::memory_order_relaxed); }
  /// Only while its scan is being made: macro tables point to definitions later.
  Definition(Definition&& other) noexcept
      : scan_(other.scan_),
        name_(other.name_),
        text_(other.text_),
        length_(other.length_),
        builtin_(other.builtin_),
        parsed_(other.parsed_.exchange(nullptr)) {}
  Definition& operator=(Definition&&) = delete;

  [[nodiscard]] Symbol name() const { return name_; }
  [[nodiscard]] Builtin builtin() const { return builtin_; }
  [[nodiscard]] const ParsedMacro& parsed() const {
    const ParsedMacro* parsed = parsed_.load(std::memory_order_acquire);
    return parsed != nullptr ? *parsed : parse();
  }
  /// Parameters and body as written.
  [[nodiscard]] std::string_view text() const;
  /// True if the body contains __has_include, __has_include_next or __has_embed: few macros do.
  [[nodiscard]] bool mentions_probe() const;

 private:
  const ParsedMacro& parse() const;
  const Scan* scan_ = nullptr;
  Symbol name_;
  std::uint32_t text_ = 0, length_ = 0;
  Builtin builtin_ = Builtin::None;
  mutable std::atomic<const ParsedMacro*> parsed_{nullptr};
};

/// Parses what follows the name in a #define: "(a, b...) body" or " body". Pure.
ParsedMacro parse_macro(std::string_view text, const LexMode& mode);

}  // namespace pump::include_server

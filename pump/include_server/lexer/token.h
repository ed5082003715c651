// Preprocessing tokens and identifiers. Macro bodies and expressions are arrays of tokens, eight bytes each.
// Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/lexer/interner.h"
#include "pump/include_server/lexer/language.h"
#include "pump/os/text.h"

namespace pump::include_server {

enum class TokenKind : std::uint8_t {
  End,
  Identifier,
  Number,
  String,  ///< quotes and prefix included
  Character,
  HeaderName,  ///< <...> after `#include` or `__has_include(`, brackets included
  Punctuator,
  Parameter,    ///< in a macro body; `extra` is its index
  VaOpt,        ///< __VA_OPT__ in a macro body; the next `extra` body tokens are its operand
  Placemarker,  ///< an empty operand of ##
  Unknown,      ///< a value that cannot be known (`__COUNTER__`)
  Other,        ///< an unterminated literal
};

enum TokenFlag : std::uint8_t {
  kSpaceBefore = 1,  ///< there is whitespace before the token in the source
  kPainted = 2,      ///< an identifier that must not be expanded again
  kStringify = 4,    ///< a Parameter or VaOpt after #
  kPasteLeft = 8,    ///< the left operand of ##
  kShownSpace = 16,  ///< printed after whitespace: its own, or that before the macro or parameter it is from
  kRespelled = 32,   ///< written with \u00e9 or similar; `text` has the letter, operator # the original
};

struct Token {
  Symbol text = 0;
  TokenKind kind = TokenKind::End;
  std::uint8_t flags = 0;
  std::uint16_t extra = 0;

  [[nodiscard]] bool is(Symbol punctuator) const {
    return kind == TokenKind::Punctuator && text == punctuator;
  }
};

/// In which places `<` may begin a header name.
enum class HeaderNames : std::uint8_t { None, Anywhere, AfterHasInclude };

/// Appends the tokens of directive text (splices removed, comments blanked), without an End.
void tokenize(std::string_view text, const LexMode& mode, HeaderNames header_names,
              std::vector<Token>& tokens);

/// True for bytes that may begin an identifier, except '$', which depends on the mode.
constexpr bool is_identifier_start(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}
constexpr bool is_digit(unsigned char c) {
  return c >= '0' && c <= '9';
}
/// The value of a digit to any base up to 16; 99 for other characters.
constexpr int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}
constexpr bool is_blank(unsigned char c) {
  return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\0' || c == '\r' || c == '\n';
}
/// Part of an identifier or number in some mode.
constexpr bool is_identifier_byte(unsigned char c) {
  return is_identifier_start(c) || is_digit(c) || c == '$';
}
/// Part of a directive's name.
constexpr bool is_ascii_identifier_byte(unsigned char c) {
  return c < 0x80 && is_identifier_byte(c);
}
/// `act(index, word)` for each ASCII word of the text.
template <typename Act>
void for_each_word(std::string_view text, const Act& act) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_ascii_identifier_byte(static_cast<unsigned char>(text[end]))) ++end;
    if (end > at) act(at, text.substr(at, end - at));
    at = end > at ? end : at + 1;
  }
}
/// True if one of these words is `wanted`.
bool has_word(std::string_view text, std::string_view wanted);
/// The end of an identifier that began before `at`: it continues over is_identifier_byte() but ends before
/// blanks and punctuation beyond ASCII (no-break space, typographic quotes and dashes: U+00A0, and U+2000 to
/// U+203E except those that C11 D.1 allows).
std::size_t end_of_identifier(std::string_view text, std::size_t at);
/// An identifier as compilers compare it.
struct Word {
  std::string spelled;  ///< if not `plain`: each universal character name (\u00e9) replaced by its character
  std::size_t end = 0;  ///< its end in the text
  bool plain = true;    ///< it has no universal character names
  /// False if compilers and modes disagree about which characters belong to it, or which names are equal to it.
  bool certain = true;
};
/// The identifier that begins at `at`; empty if none does.
Word read_word(std::string_view text, std::size_t at, const LexMode& mode);
/// True if a universal character name begins at `at`: \u or \U with a digit, \u{ or \N{.
bool is_universal_name(std::string_view text, std::size_t at);
/// `text` without blanks at both ends.
using os::trim_blanks;
/// True for "u8", "L", … before a quote; `raw`: for those of raw strings, which end in R.
bool is_literal_prefix(std::string_view identifier, bool raw);

}  // namespace pump::include_server

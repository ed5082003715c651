// Substitution: parameters, #, ##, __VA_OPT__, the GNU comma.
#include <algorithm>

#include "pump/include_server/preprocessor/expansion.h"

namespace pump::include_server {
namespace {

constexpr unsigned kMarks = kStringify | kPasteLeft;
constexpr unsigned kSpaces = kSpaceBefore | kShownSpace;
/// Of text that is made: spellings are kept for ever, so the step budget bounds the memory that a macro bomb
/// takes, too.
constexpr std::size_t kBytesPerStep = 4;

std::uint8_t without(std::uint8_t flags, unsigned mask) {
  return static_cast<std::uint8_t>(flags & ~mask);
}

}  // namespace

void Expander::substitute(const ParsedMacro& macro, std::size_t begin, std::size_t end, Arguments& arguments,
                          std::vector<Token>& out) {
  bool paste_next = false;
  for (std::size_t i = begin; i < end; ++i) {
    if (failed_ || ambiguous_ != 0) return;
    const Token& token = macro.body[i];
    const bool pastes = (token.flags & kPasteLeft) != 0;
    if (token.kind == TokenKind::VaOpt) {
      Argument& rest = arguments.back();
      expand_argument(rest);
      std::vector<Token> inner = borrow();
      if (rest.expansion_count != 0) substitute(macro, i + 1, i + 1 + token.extra, arguments, inner);
      if ((token.flags & kStringify) != 0) {
        emit(out, stringify(inner.data(), inner.size(), token), paste_next);
      } else {
        if (inner.empty()) inner.push_back(Token{0, TokenKind::Placemarker, 0, 0});
        for (const Token& one : inner) emit(out, one, paste_next);
      }
      give_back(std::move(inner));
      i += token.extra;
    } else if (token.kind == TokenKind::Parameter) {
      Argument& argument = arguments[token.extra];
      if ((token.flags & kStringify) != 0) {
        emit(out, stringify(argument.tokens, argument.count, token), paste_next);
      } else {
        emit_argument(token, argument, pastes || paste_next, out, paste_next);
      }
    } else if (pastes && token.is(known::kComma) && macro.variadic && i + 1 < end &&
               macro.body[i + 1].kind == TokenKind::Parameter &&
               macro.body[i + 1].extra + 1 == macro.parameters) {
      // `, ## __VA_ARGS__`: the comma goes with an omitted argument, and is never pasted.
      Argument& rest = arguments.back();
      if (rest.present) {
        Token comma = token;
        comma.flags = without(comma.flags, kMarks);
        emit(out, comma, paste_next);
      }
      bool no_paste = false;
      Token parameter = macro.body[++i];
      parameter.flags = without(parameter.flags, kShownSpace);
      emit_argument(parameter, rest, true, out, no_paste);
      paste_next = (parameter.flags & kPasteLeft) != 0;
      continue;
    } else {
      Token plain = token;
      plain.flags = without(plain.flags, kMarks);
      emit(out, plain, paste_next);
    }
    paste_next = pastes;
  }
}

void Expander::emit(std::vector<Token>& out, Token token, bool& paste_next) {
  if (paste_next && !out.empty()) {
    Token result;
    if (paste(out.back(), token, result)) {
      // It stands where the left one stood. A new name is free to be a macro; what one operand was, the other
      // being nothing, it stays.
      result.flags = static_cast<std::uint8_t>((out.back().flags & kSpaces) | without(result.flags, kSpaces));
      out.back() = result;
    } else {
      out.push_back(token);
    }
  } else {
    out.push_back(token);
  }
  paste_next = false;
}

void Expander::emit_argument(const Token& parameter, Argument& argument, bool raw, std::vector<Token>& out,
                             bool& paste_next) {
  if (!raw) expand_argument(argument);
  const Token* tokens = raw ? argument.tokens : argument.expansion;
  const std::size_t count = raw ? argument.count : argument.expansion_count;
  steps_.add(count);
  if (steps_.exhausted()) {
    overflow();
    return;
  }
  if (count == 0) {
    emit(out, Token{0, TokenKind::Placemarker, without(parameter.flags, kMarks), 0}, paste_next);
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    Token token = tokens[i];
    if (i == 0)
      token.flags =
          static_cast<std::uint8_t>(without(token.flags, kShownSpace) | (parameter.flags & kShownSpace));
    emit(out, token, paste_next);
  }
}

Token Expander::stringify(const Token* tokens, std::size_t count, const Token& site) {
  std::string text = "\"";
  for (std::size_t i = 0; i < count; ++i) {
    const Token& token = tokens[i];
    if (token.kind == TokenKind::Placemarker) continue;
    if (text.size() > 1 && (token.flags & kShownSpace) != 0) text += ' ';
    const bool literal = token.kind == TokenKind::String || token.kind == TokenKind::Character;
    for (const char c : spelling(token.text)) {
      if (literal && (c == '"' || c == '\\')) text += '\\';
      text += c;
    }
    if (text.size() > kLongestMade || token.kind == TokenKind::Unknown || (token.flags & kRespelled) != 0)
      return Token{0, TokenKind::Unknown, 0, 0};
  }
  text += '"';
  steps_.add(text.size() / kBytesPerStep);
  return Token{intern(text), TokenKind::String, without(site.flags, kMarks), 0};
}

/// False where the two do not make one token: a compiler rejects that, but for assembler keeps both.
bool Expander::paste(const Token& left, const Token& right, Token& result) {
  if (right.kind == TokenKind::Placemarker) {
    result = left;
    return true;
  }
  if (left.kind == TokenKind::Placemarker) {
    result = right;
    return true;
  }
  // clang takes a pasted \u00e9 for another name than é, gcc does not.
  if (left.kind == TokenKind::Unknown || right.kind == TokenKind::Unknown ||
      ((left.flags | right.flags) & kRespelled) != 0) {
    result = Token{0, TokenKind::Unknown, 0, 0};
    return true;
  }
  steps_.add(1);
  const std::uint64_t key = (std::uint64_t{left.text} << 32U) | right.text;
  if (const auto found = pasted_.find(key); found != pasted_.end()) {
    result = found->second;
    return true;
  }
  std::string text(spelling(left.text));
  text += spelling(right.text);
  steps_.add(text.size() / kBytesPerStep);
  if (text.size() > kLongestMade) {
    result = Token{0, TokenKind::Unknown, 0, 0};
    return true;
  }
  std::vector<Token> tokens;
  tokenize(text, mode_, HeaderNames::None, tokens);
  if (tokens.size() != 1) return false;
  result = tokens.front();
  result.flags = 0;
  if (pasted_.size() > 100'000) pasted_.clear();
  pasted_.emplace(key, result);
  return true;
}

}  // namespace pump::include_server

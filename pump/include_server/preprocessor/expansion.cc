#include "pump/include_server/preprocessor/expansion.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "pump/include_server/preprocessor/header_operand.h"

namespace pump::include_server {
namespace {

/// Deeper nesting of arguments does not occur in programs, but would overflow the stack.
constexpr unsigned kDeepestArgument = 800;
constexpr std::size_t kBlockTokens = 8192;
constexpr Token kUnknownToken{0, TokenKind::Unknown, 0, 0};
constexpr unsigned kMarks = kStringify | kPasteLeft;
constexpr unsigned kSpaces = kSpaceBefore | kShownSpace;
/// Bytes of new text that count as one step.
constexpr std::size_t kBytesPerStep = 4;
/// Of new spellings that one unit may make. They are never freed, so this is what a macro bomb leaves behind.
constexpr std::size_t kMostMadeByUnit = 1U << 20U;

Token number_token(std::int64_t value) {
  const Symbol text = value == 0 ? known::kZero : value == 1 ? known::kOne : intern(std::to_string(value));
  return Token{text, TokenKind::Number, 0, 0};
}

std::uint8_t without(std::uint8_t flags, unsigned mask) {
  return static_cast<std::uint8_t>(flags & ~mask);
}

/// The blank before an empty argument stays.
void drop_placemarkers(std::vector<Token>& tokens) {
  unsigned space = 0;
  std::size_t kept = 0;
  for (const Token& token : tokens) {
    if (token.kind == TokenKind::Placemarker) {
      space |= token.flags & kShownSpace;
      continue;
    }
    tokens[kept] = token;
    tokens[kept].flags = static_cast<std::uint8_t>(token.flags | std::exchange(space, 0U));
    ++kept;
  }
  tokens.resize(kept);
}

}  // namespace

void Expander::start(const std::vector<Token>& tokens, bool expression) {
  finish();
  expression_ = expression;
  failed_ = overflowed_ = met_unknown_ = pending_space_ = false;
  ambiguous_ = 0;
  block_ = used_ = 0;
  if (blocks_.size() > 64) blocks_.clear();
  push(tokens.data(), tokens.size(), 0);
}

void Expander::finish() {
  while (!contexts_.empty()) pop();
  base_ = 0;
}

void Expander::push(const Token* tokens, std::size_t count, Symbol macro) {
  if (macro != 0) macros_.disable(macro);
  contexts_.push_back({tokens, tokens + count, macro});
}

void Expander::pop() {
  if (contexts_.back().macro != 0) macros_.enable(contexts_.back().macro);
  contexts_.pop_back();
}

Token Expander::next_raw() {
  while (contexts_.size() > base_) {
    Context& context = contexts_.back();
    if (context.at == context.end) {
      pop();
      continue;
    }
    Token token = *context.at++;
    if (token.kind == TokenKind::Identifier && macros_.disabled(token.text)) token.flags |= kPainted;
    return token;
  }
  return {};
}

Token Expander::next() {
  while (true) {
    Token token = next_raw();
    if (token.kind == TokenKind::End || ambiguous_ != 0 || failed_) return Token{};
    steps_.add(1);
    if (token.kind == TokenKind::Identifier && (token.flags & kPainted) == 0) {
      bool produced = true;
      token = expand_identifier(token, produced);
      if (failed_ || ambiguous_ != 0) return Token{};
      if (!produced) continue;
    }
    if (pending_space_) {
      token.flags |= kShownSpace;
      pending_space_ = false;
    }
    if (token.kind == TokenKind::Unknown || (token.flags & kRespelled) != 0) met_unknown_ = true;
    return token;
  }
}

/// Pushes the replacement of the macro (produced = false), or returns the token to use.
Token Expander::expand_identifier(const Token& token, bool& produced) {
  const MacroState state = macros_.get(token.text);
  if (state.undefined()) return token;
  if (!state.certain()) {
    ambiguous_ = token.text;
    return kUnknownToken;
  }
  const Definition& definition = *state.definition();
  if (definition.builtin() != Builtin::None) return builtin(definition, produced, token);
  const ParsedMacro& macro = definition.parsed();
  const Token* replacement = macro.body.data();
  std::size_t count = macro.body.size();
  const bool plain = std::none_of(macro.body.begin(), macro.body.end(),
                                  [](const Token& body) { return (body.flags & kMarks) != 0; });
  if (macro.function_like || !plain) {
    if (!macro.valid) {
      failed_ = true;
      return kUnknownToken;
    }
    if (macro.function_like && !open_follows()) return token;
    Arguments arguments;
    if (macro.function_like && !collect(macro, arguments)) {
      failed_ = true;
      return kUnknownToken;
    }
    std::vector<Token> out = borrow();
    substitute(macro, 0, macro.body.size(), arguments, out);
    drop_placemarkers(out);
    count = out.size();
    replacement = keep(out);
    give_back(std::move(out));
  }
  if (ambiguous_ != 0 || failed_) return kUnknownToken;
  produced = false;
  if ((token.flags & kShownSpace) != 0) pending_space_ = true;
  if (count == 0) return token;
  steps_.add(count);
  if (steps_.exhausted() || contexts_.size() > 100'000) {
    overflow();
    return kUnknownToken;
  }
  push(replacement, count, token.text);
  return token;
}

bool Expander::open_follows() {
  while (contexts_.size() > base_) {
    const Context& context = contexts_.back();
    if (context.at != context.end) return context.at->is(known::kOpen);
    pop();
  }
  return false;
}

bool Expander::collect(const ParsedMacro& macro, Arguments& arguments) {
  next_raw();  // the parenthesis
  std::vector<Token> tokens = borrow();
  std::vector<std::size_t> ends;
  for (unsigned nested = 0;;) {
    const Token token = next_raw();
    if (token.kind == TokenKind::End) {
      give_back(std::move(tokens));
      return false;
    }
    if (token.is(known::kOpen)) ++nested;
    if (token.is(known::kClose) && nested-- == 0) break;
    const bool separates =
        token.is(known::kComma) && nested == 0 && !(macro.variadic && ends.size() + 1 >= macro.parameters);
    if (separates) {
      ends.push_back(tokens.size());
    } else {
      tokens.push_back(token);
    }
  }
  ends.push_back(tokens.size());
  steps_.add(tokens.size());
  const Token* kept = keep(tokens);
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    arguments.push_back({kept + begin, static_cast<std::uint32_t>(end - begin), true, false, nullptr, 0});
    begin = end;
  }
  give_back(std::move(tokens));
  if (macro.parameters == 0) return arguments.size() == 1 && arguments[0].count == 0;
  if (macro.variadic && arguments.size() + 1 == macro.parameters)
    arguments.emplace_back();  // omitted altogether
  if (!keeps_lone_comma_ && macro.variadic && macro.parameters == 1 && arguments.size() == 1 &&
      arguments[0].count == 0)
    arguments[0].present = false;
  return arguments.size() == macro.parameters;
}

void Expander::expand_argument(Argument& argument) {
  if (argument.expanded) return;
  argument.expanded = true;
  const bool anything =
      std::any_of(argument.tokens, argument.tokens + argument.count, [this](const Token& token) {
        return token.kind == TokenKind::Identifier && (token.flags & kPainted) == 0 &&
               !macros_.get(token.text).undefined();
      });
  if (!anything) {
    argument.expansion = argument.tokens;
    argument.expansion_count = argument.count;
    return;
  }
  if (++depth_ > kDeepestArgument) overflow();
  const std::size_t outer = std::exchange(base_, contexts_.size());
  const bool outer_space = std::exchange(pending_space_, false);
  std::vector<Token> out = borrow();
  push(argument.tokens, argument.count, 0);
  for (Token token = next(); token.kind != TokenKind::End; token = next()) out.push_back(token);
  while (contexts_.size() > base_) pop();
  base_ = outer;
  pending_space_ = outer_space;
  --depth_;
  argument.expansion_count = static_cast<std::uint32_t>(out.size());
  argument.expansion = keep(out);
  give_back(std::move(out));
}

// Substitution: parameters, #, ##, __VA_OPT__, the GNU comma.

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
      // `, ## __VA_ARGS__`: an omitted argument removes the comma, and the comma is never pasted.
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
      // The result takes the left operand's place. A new name may be a macro; if one operand is empty, the
      // other stays painted.
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
  if (!may_intern(text)) return kUnknownToken;
  return Token{intern(text), TokenKind::String, without(site.flags, kMarks), 0};
}

bool Expander::may_intern(const std::string& text) {
  const auto added = may_make(text);
  if (added) made_bytes_ += *added;
  if (added && made_bytes_ <= kMostMadeByUnit) return true;
  overflow();
  return false;
}

/// False if the two do not form one token. A compiler rejects that, except for assembler, which keeps both.
bool Expander::paste(const Token& left, const Token& right, Token& result) {
  if (right.kind == TokenKind::Placemarker) {
    result = left;
    return true;
  }
  if (left.kind == TokenKind::Placemarker) {
    result = right;
    return true;
  }
  // To clang, a pasted \u00e9 is another name than é; to gcc it is the same.
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
  if (!may_intern(text)) {
    result = kUnknownToken;
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

// Builtins.

Token Expander::builtin(const Definition& definition, bool& produced, const Token& token) {
  produced = true;
  switch (definition.builtin()) {
    case Builtin::HasInclude:
    case Builtin::HasIncludeNext:
    case Builtin::HasEmbed:
      if (!expression_ || !open_follows()) return token;
      return has_include(definition.builtin());
    case Builtin::Query:
      if (!open_follows()) return token;
      return query(definition.name());
    default: {
      Token value = environment_.value_of(definition.builtin());
      value.flags = token.flags;
      return value;
    }
  }
}

Token Expander::has_include(Builtin which) {
  next_raw();  // the parenthesis
  bool angled = false;
  const std::optional<std::string> name = header_name(*this, clang_, angled);
  if (ambiguous_ != 0) return kUnknownToken;
  // __has_embed may have parameters after the name.
  for (unsigned nested = 1; nested != 0;) {
    const Token token = next_raw();
    if (token.kind == TokenKind::End) return kUnknownToken;
    if (token.is(known::kOpen)) ++nested;
    if (token.is(known::kClose)) --nested;
  }
  if (!name) return kUnknownToken;
  const std::optional<bool> answer = environment_.has_include(which, *name, angled);
  return answer ? number_token(*answer ? 1 : 0) : kUnknownToken;
}

Token Expander::query(Symbol name) {
  next_raw();
  std::string text(spelling(name));
  text += '(';
  bool plain = true;
  for (unsigned nested = 1; nested != 0;) {
    const Token token = next_raw();
    if (token.kind == TokenKind::End) return kUnknownToken;
    if (token.is(known::kOpen)) ++nested;
    if (token.is(known::kClose) && --nested == 0) break;
    // gcc expands the operand, clang does not. If that could make a difference, the value is unknown.
    if (token.kind == TokenKind::Identifier && !macros_.get(token.text).undefined()) plain = false;
    text += spelling(token.text);
  }
  if (!plain) return kUnknownToken;
  text += ')';
  const std::optional<std::int64_t> answer = environment_.query(text);
  return answer ? number_token(*answer) : kUnknownToken;
}

// Memory.

Token* Expander::keep(const std::vector<Token>& tokens) {
  const std::size_t count = tokens.size();
  Token* kept = nullptr;
  if (count > kBlockTokens) {
    // A block of its own, inserted before the one in use.
    auto own = std::make_unique<Token[]>(count);
    kept = own.get();
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(std::min(block_, blocks_.size())),
                   std::move(own));
    ++block_;
  } else {
    if (block_ < blocks_.size() && used_ + count > kBlockTokens) {
      ++block_;
      used_ = 0;
    }
    if (block_ >= blocks_.size()) {
      blocks_.push_back(std::make_unique<Token[]>(kBlockTokens));
      block_ = blocks_.size() - 1;
      used_ = 0;
    }
    kept = blocks_[block_].get() + used_;
    used_ += count;
  }
  if (count != 0) std::memcpy(kept, tokens.data(), count * sizeof(Token));
  return kept;
}

std::vector<Token> Expander::borrow() {
  if (buffers_.empty()) return {};
  std::vector<Token> buffer = std::move(buffers_.back());
  buffers_.pop_back();
  buffer.clear();
  return buffer;
}

void Expander::give_back(std::vector<Token>&& buffer) {
  if (buffers_.size() < 64 && buffer.capacity() < (1U << 16U)) buffers_.push_back(std::move(buffer));
}

}  // namespace pump::include_server

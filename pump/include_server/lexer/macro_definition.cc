#include "pump/include_server/lexer/macro_definition.h"

#include <algorithm>
#include <utility>

#include "pump/include_server/lexer/scan.h"

namespace pump::include_server {
namespace {

/// Both flags for whitespace before a token.
constexpr unsigned kSpace = kSpaceBefore | kShownSpace;

class MacroParser {
 public:
  MacroParser(std::string_view text, const LexMode& mode) : text_(text), mode_(mode) {}

  ParsedMacro run() {
    const bool function_like = !text_.empty() && text_.front() == '(';
    tokenize(text_, mode_, HeaderNames::None, tokens_);
    macro_.function_like = function_like;
    if (function_like && !parameters()) {
      macro_.valid = false;
      return std::move(macro_);
    }
    body();
    if (!macro_.body.empty()) macro_.body.front().flags &= static_cast<std::uint8_t>(~kSpace);
    if (!function_like && macro_.body.size() == 1) {
      const Token& only = macro_.body.front();
      macro_.is_integer = only.kind == TokenKind::Number;
      if (only.kind == TokenKind::Identifier) macro_.single = only.text;
    }
    return std::move(macro_);
  }

 private:
  bool parameters() {
    for (at_ = 1; at_ < tokens_.size(); ++at_) {
      const Token& token = tokens_[at_];
      if (token.is(known::kClose)) {
        ++at_;
        macro_.parameters = static_cast<std::uint16_t>(names_.size());
        return true;
      }
      if (token.is(known::kEllipsis)) {
        macro_.variadic = true;
        // `name...` names the variadic parameter (GNU); `...` alone is __VA_ARGS__.
        if (tokens_[at_ - 1].kind != TokenKind::Identifier) names_.push_back(known::kVaArgs);
      } else if (token.kind == TokenKind::Identifier) {
        if (macro_.variadic || names_.size() > 60000) return false;
        names_.push_back(token.text);
      } else if (!token.is(known::kComma)) {
        return false;
      }
    }
    return false;
  }

  [[nodiscard]] int parameter(Symbol name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    return found == names_.end() ? -1 : static_cast<int>(found - names_.begin());
  }

  void body() {
    std::vector<Token>& out = macro_.body;
    bool stringify = false, stringify_space = false;
    for (; at_ < tokens_.size(); ++at_) {
      Token token = tokens_[at_];
      if (token.is(known::kHashHash) && !out.empty() && at_ + 1 < tokens_.size()) {
        out.back().flags |= kPasteLeft;
        close_vaopt_paste();
        continue;
      }
      if (macro_.function_like && token.is(known::kHash) && is_operand(at_ + 1)) {
        stringify = true;
        stringify_space = (token.flags & kSpaceBefore) != 0;
        continue;
      }
      if (macro_.function_like && token.kind == TokenKind::Identifier) {
        if (const int index = parameter(token.text); index >= 0) {
          token.kind = TokenKind::Parameter;
          token.extra = static_cast<std::uint16_t>(index);
        } else if (token.text == known::kVaOpt && macro_.variadic) {
          if (vaopt(token, stringify, stringify_space)) {
            stringify = false;
            continue;
          }
        }
      }
      mark_stringify(token, stringify, stringify_space);
      stringify = false;
      out.push_back(token);
    }
  }

  static void mark_stringify(Token& token, bool stringify, bool space) {
    if (!stringify) return;
    token.flags = static_cast<std::uint8_t>((token.flags & ~kSpace) | kStringify | (space ? kSpace : 0U));
  }

  [[nodiscard]] bool is_operand(std::size_t at) const {
    return at < tokens_.size() && tokens_[at].kind == TokenKind::Identifier &&
           (parameter(tokens_[at].text) >= 0 || (tokens_[at].text == known::kVaOpt && macro_.variadic));
  }

  /// __VA_OPT__(tokens): a VaOpt token followed by the tokens it covers.
  bool vaopt(Token token, bool stringify, bool stringify_space) {
    if (at_ + 1 >= tokens_.size() || !tokens_[at_ + 1].is(known::kOpen)) return false;
    if (inside_vaopt_) {  // an error in all compilers
      macro_.valid = false;
      return false;
    }
    std::size_t close = at_ + 2;
    for (unsigned depth = 1; close < tokens_.size(); ++close) {
      if (tokens_[close].is(known::kOpen)) ++depth;
      if (tokens_[close].is(known::kClose) && --depth == 0) break;
    }
    if (close >= tokens_.size()) return false;
    token.kind = TokenKind::VaOpt;
    mark_stringify(token, stringify, stringify_space);
    const std::size_t index = macro_.body.size();
    macro_.body.push_back(token);
    std::vector<Token> inner(tokens_.begin() + static_cast<std::ptrdiff_t>(at_) + 2,
                             tokens_.begin() + static_cast<std::ptrdiff_t>(close));
    std::vector<Token> whole = std::exchange(tokens_, std::move(inner));
    const std::size_t outer_at = std::exchange(at_, 0);
    inside_vaopt_ = true;
    body();
    inside_vaopt_ = false;
    tokens_ = std::move(whole);
    at_ = outer_at;
    macro_.body[index].extra =
        static_cast<std::uint16_t>(std::min<std::size_t>(macro_.body.size() - index - 1, 65535));
    last_vaopt_ = index;
    last_vaopt_end_ = macro_.body.size();
    at_ = close;
    return true;
  }

  /// `__VA_OPT__(x) ## y`: kPasteLeft belongs to the VaOpt token, not to the last token inside it.
  void close_vaopt_paste() {
    if (last_vaopt_end_ == 0 || last_vaopt_end_ != macro_.body.size()) return;
    if (macro_.body[last_vaopt_].extra != 0)
      macro_.body.back().flags &= static_cast<std::uint8_t>(~kPasteLeft);
    macro_.body[last_vaopt_].flags |= kPasteLeft;
  }

  std::string_view text_;
  const LexMode& mode_;
  std::vector<Token> tokens_;
  std::vector<Symbol> names_;
  ParsedMacro macro_;
  std::size_t at_ = 0;
  std::size_t last_vaopt_ = 0, last_vaopt_end_ = 0;
  bool inside_vaopt_ = false;
};

}  // namespace

ParsedMacro parse_macro(std::string_view text, const LexMode& mode) {
  return MacroParser(text, mode).run();
}

const ParsedMacro& Definition::parse() const {
  const auto* made = new ParsedMacro(scan_ != nullptr ? parse_macro(text(), scan_->mode.lex) : ParsedMacro{});
  const ParsedMacro* expected = nullptr;
  if (parsed_.compare_exchange_strong(expected, made, std::memory_order_acq_rel)) return *made;
  delete made;
  return *expected;
}

std::string_view Definition::text() const {
  return scan_ == nullptr ? std::string_view() : std::string_view(scan_->text).substr(text_, length_);
}

bool Definition::mentions_probe() const {
  return text().find("__has_include") != std::string_view::npos ||
         text().find("__has_embed") != std::string_view::npos;
}

}  // namespace pump::include_server

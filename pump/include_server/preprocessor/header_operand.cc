#include "pump/include_server/preprocessor/header_operand.h"

namespace pump::include_server {

std::optional<std::string> header_name(Expander& expander, bool clang, bool& angled) {
  Token token = expander.next();
  const std::string_view text = spelling(token.text);
  if (token.kind == TokenKind::HeaderName ||
      (token.kind == TokenKind::String && text.size() >= 2 && text.front() == '"')) {
    angled = token.kind == TokenKind::HeaderName;
    return std::string(text.substr(1, text.size() - 2));
  }
  if (!token.is(known::kLess)) return std::nullopt;
  // `<` comes from a macro. The name is the spelling of the tokens up to `>`. gcc keeps the blank before each
  // token, except before `>`. clang keeps that one, too; but the first token of a replacement or argument has
  // the blank of the macro or parameter that it replaces (kShownSpace).
  angled = true;
  std::string name;
  for (token = expander.next();; token = expander.next()) {
    if (!clang && token.is(known::kGreater)) return name;
    if (token.kind == TokenKind::End || token.kind == TokenKind::Unknown || (token.flags & kRespelled) != 0 ||
        name.size() > kLongestMade)
      return std::nullopt;
    const unsigned space = clang ? kShownSpace : kSpaceBefore;
    if ((token.flags & space) != 0) name += ' ';
    if (token.is(known::kGreater)) return name;
    name += spelling(token.text);
  }
}

std::optional<std::vector<ProbeOperand>> probe_operands(const std::vector<Token>& tokens, bool body) {
  std::vector<ProbeOperand> operands;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Symbol name = tokens[i].text;
    if (tokens[i].kind != TokenKind::Identifier) continue;
    if (name != known::kHasInclude && name != known::kHasIncludeNext && name != known::kHasEmbed) continue;
    const std::size_t before = i > 0 && tokens[i - 1].is(known::kOpen) ? 2 : 1;
    if (i >= before && tokens[i - before].text == known::kDefined) continue;
    const bool called = i + 1 < tokens.size() && tokens[i + 1].is(known::kOpen);
    if (called && i + 2 == tokens.size() && !body) break;  // an error for the compiler
    if (!called || i + 2 == tokens.size()) return std::nullopt;
    unsigned nested = 1;
    for (std::size_t j = i + 2; j < tokens.size() && nested != 0; ++j) {
      if (tokens[j].kind == TokenKind::Parameter || tokens[j].kind == TokenKind::VaOpt) return std::nullopt;
      if (tokens[j].is(known::kOpen)) ++nested;
      if (tokens[j].is(known::kClose)) --nested;
    }
    operands.push_back({i + 2, name == known::kHasIncludeNext});
  }
  return operands;
}

bool possible_headers(Expander& expander, MacroTable& macros, bool clang, const std::vector<Token>& operand,
                      std::set<HeaderName>& names, unsigned& tries) {
  if (tries == 0) return false;
  --tries;
  expander.start(operand, false);
  bool angled = false;
  const std::optional<std::string> name = header_name(expander, clang, angled);
  const Symbol ambiguous = expander.ambiguous();
  const bool unknown = expander.met_unknown() || expander.overflowed();
  expander.finish();
  if (ambiguous == 0) {
    if (name) names.emplace(intern(*name), angled);
    return name || !unknown;
  }
  const MacroState state = macros.get(ambiguous);
  if (state.certain() || state.alternatives().anything) return false;
  const std::vector<const Definition*> choices = state.alternatives().choices;
  for (const Definition* choice : choices) {
    macros.set(ambiguous, MacroState(choice));
    const bool determined = possible_headers(expander, macros, clang, operand, names, tries);
    macros.set(ambiguous, state);
    if (!determined) return false;
  }
  return true;
}

}  // namespace pump::include_server

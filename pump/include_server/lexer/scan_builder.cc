#include "pump/include_server/lexer/scan_builder.h"

#include "pump/include_server/lexer/macro_definition.h"

namespace pump::include_server {

Directive& ScanBuilder::add(DirectiveKind kind, std::uint32_t line) {
  if (scan_.directives.empty()) text_before_first_ = text_since_directive_;
  Directive& directive = scan_.directives.emplace_back();
  directive.kind = kind;
  directive.line = line;
  text_since_directive_ = false;
  return directive;
}

void ScanBuilder::refuse(std::string_view reason, std::uint32_t line) {
  add_named(DirectiveKind::Refused, intern(reason), line);
}

void ScanBuilder::refuse_name(std::uint32_t line) {
  refuse("a macro's name with characters beyond ASCII that compilers do not agree about", line);
}

Directive& ScanBuilder::add_branch(DirectiveKind kind, std::uint32_t line) {
  const auto index = static_cast<DirectiveIndex>(scan_.directives.size());
  Directive& directive = add(kind, line);
  if (!ends_branch(kind)) {
    open_.push_back(index);
    latest_.push_back(index);
    return directive;
  }
  scan_.directives[latest_.back()].next = index;
  latest_.back() = index;
  if (kind != DirectiveKind::Endif) return directive;
  for (DirectiveIndex i = open_.back(); i != index; i = scan_.directives[i].next)
    scan_.directives[i].end = index + 1;
  directive.next = directive.end = index + 1;
  open_.pop_back();
  latest_.pop_back();
  return directive;
}

void ScanBuilder::finish() {
  const auto size = static_cast<DirectiveIndex>(scan_.directives.size());
  for (; !open_.empty(); open_.pop_back(), latest_.pop_back()) {
    scan_.directives[latest_.back()].next = size;
    for (DirectiveIndex i = open_.back(); i < size; i = scan_.directives[i].next)
      scan_.directives[i].end = size;
  }
  scan_.directives.shrink_to_fit();
  scan_.text.shrink_to_fit();
  scan_.definitions.shrink_to_fit();
  scan_.expressions.shrink_to_fit();
  if (size != 0 && !text_before_first_ && !text_since_directive_) find_guard();
}

/// There is no text before the first directive and after the last one.
void ScanBuilder::find_guard() {
  const std::size_t size = scan_.directives.size();
  const Directive& first = scan_.directives.front();
  if (first.end != size || first.next + 1 != size || scan_.directives.back().kind != DirectiveKind::Endif)
    return;
  if (first.kind == DirectiveKind::Ifndef) {
    scan_.guard = first.name;
  } else if (first.kind == DirectiveKind::If) {
    const std::vector<Token>& tokens = scan_.expressions[first.slot].get(scan_);
    if (tokens.size() < 3 || !tokens[0].is(known::kBang) || tokens[1].text != known::kDefined) return;
    if (tokens.size() == 3 && tokens[2].kind == TokenKind::Identifier) scan_.guard = tokens[2].text;
    if (tokens.size() == 5 && tokens[2].is(known::kOpen) && tokens[4].is(known::kClose))
      scan_.guard = tokens[3].text;
  }
}

ScanBuilder::MacroName ScanBuilder::macro_name(std::string_view text) const {
  std::size_t begin = 0;
  while (begin < text.size() && is_blank(static_cast<unsigned char>(text[begin]))) ++begin;
  std::size_t end = begin;
  while (end < text.size() && is_ascii_identifier_byte(static_cast<unsigned char>(text[end]))) ++end;
  if (end == text.size() || (static_cast<unsigned char>(text[end]) < 0x80 && text[end] != '\\'))
    return {intern_name_(text.substr(begin, end - begin)), end, true};
  const Word word = read_word(text, begin, lex());
  const std::string_view written = text.substr(begin, word.end - begin);
  return {intern_name_(word.plain ? written : std::string_view(word.spelled)), word.end, word.certain};
}

}  // namespace pump::include_server

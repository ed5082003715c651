#include "pump/include_server/lexer/assembler_finder.h"

#include <string>

#include "pump/include_server/lexer/assembler_text.h"

namespace pump::include_server {
namespace {

/// True if a literal before `rest` may be concatenated with what follows it. Not before an operator, a
/// semicolon or, after a closing parenthesis, a word. True at the end of `rest`, which may be the end of a
/// macro's body or argument: another literal may follow the macro.
bool literal_goes_on(std::string_view rest, const ScanMode& mode) {
  SourceReader reader(rest, mode);
  bool inside = true;  // the parentheses that contain the literal
  for (int c = reader.next(); c != SourceReader::kEnd; c = reader.next()) {
    if (c == ')') inside = false;
    if (c == ')' || c == '\n' || is_blank(static_cast<unsigned char>(c))) continue;
    const char next = static_cast<char>(c);
    return inside ? std::string_view(";=!<>&|:]}").find(next) == std::string_view::npos
                  : std::string_view("\",/\\").find(next) != std::string_view::npos;
  }
  return true;
}

/// True if `rest` begins with a literal, or with a word that may expand to one.
bool literal_follows(std::string_view rest, const ScanMode& mode) {
  SourceReader reader(rest, mode);
  for (int c = reader.next(); c != SourceReader::kEnd; c = reader.next()) {
    if (c == '\n' || is_blank(static_cast<unsigned char>(c))) continue;
    return c == '"' || is_identifier_start(static_cast<unsigned char>(c));
  }
  return false;
}

}  // namespace

void AssemblerFinder::add_file(std::string_view name, std::uint32_t line) {
  builder_.add_named(DirectiveKind::AssemblerFile, is_computed(name) ? 0 : intern(name), line);
}

void AssemblerFinder::read_statement(bool binary) {
  const std::uint32_t line = reader_.line();
  while (reader_.peek() == ' ' || reader_.peek() == '\t') reader_.take();
  const int c = reader_.peek();
  if (c != '"') {  // a macro, of the preprocessor or of the assembler
    const bool word = c == '\\' || c == '/' ||
                      (c != SourceReader::kEnd && is_identifier_byte(static_cast<unsigned char>(c)));
    if (word && (binary || c != '/')) add_file({}, line);
    return;
  }
  const std::string literal = operand_.take_quoted();
  add_file(literal.size() < 2 ? std::string_view() : std::string_view(literal).substr(1, literal.size() - 2),
           line);
}

void AssemblerFinder::find_before_literal(std::string_view before, std::uint32_t line) {
  constexpr std::string_view kWord = ".incbin";
  const std::string unspliced = read_characters(before, builder_.scan().mode);
  std::string_view text = unspliced;
  // Blanks, line ends and a comment may be between the word and the literal.
  for (;;) {
    const std::size_t last = text.find_last_not_of(" \t\r\n\f\v");
    text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
    const std::size_t comment = text.ends_with("*/") ? text.rfind("/*") : std::string_view::npos;
    if (comment == std::string_view::npos) break;
    text = text.substr(0, comment);
  }
  if (text.size() >= kWord.size() && equal_ignoring_case(text.substr(text.size() - kWord.size()), kWord))
    add_file({}, line);
}

void AssemblerFinder::find_in_literal(std::string_view literal, std::string_view rest, std::uint32_t line) {
  if (!may_name_assembler_file(literal)) return;
  const bool closed = literal.size() >= 2 && literal.back() == '"';
  // One that is not closed is not concatenated with anything.
  find_in_text(unescaped(literal.substr(1, literal.size() - (closed ? 2 : 1))), closed ? rest : ";", line);
}

/// `text` is continued by `rest` if that begins with another literal.
void AssemblerFinder::find_in_text(std::string_view text, std::string_view rest, std::uint32_t line) {
  for (const AssemblerName& found : find_assembler_files(text)) {
    switch (found.end) {
      case AssemblerName::End::Whole:
        add_file(found.name, line);
        break;
      case AssemblerName::End::Word:
      case AssemblerName::End::PartOfWord:
        // The name is in another literal, if one follows. ".include" ends many texts.
        if (found.binary ? literal_goes_on(rest, builder_.scan().mode)
                         : literal_follows(rest, builder_.scan().mode))
          add_file({}, line);
        break;
      case AssemblerName::End::Name:
        add_file({}, line);
        break;
    }
  }
}

void AssemblerFinder::find_in_raw_string(std::string_view literal, std::uint32_t line) {
  const std::size_t open = literal.find('('), close = literal.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return;
  const std::string_view text = literal.substr(open + 1, close - open - 1);
  if (may_name_assembler_file(text)) find_in_text(text, reader_.bytes().substr(reader_.at()), line);
}

void AssemblerFinder::find_in_macro(std::string_view definition, std::uint32_t line) {
  for (std::size_t at = definition.find('"'); at != std::string_view::npos;
       at = definition.find('"', at + 1)) {
    const std::size_t start = at;
    for (++at; at < definition.size() && definition[at] != '"'; ++at)
      if (definition[at] == '\\') ++at;
    if (at >= definition.size()) break;
    const std::string_view rest = definition.substr(start);
    find_in_literal(rest.substr(0, at + 1 - start), rest.substr(at + 1 - start), line);
  }
  if (statement_outside_literals(definition, builder_.lex().assembler)) add_file({}, line);
}

}  // namespace pump::include_server

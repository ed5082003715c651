// Text that acts like a directive: C++20 modules, _Pragma, and what the assembler will open.
#include <algorithm>

#include "pump/include_server/lexer/assembler_text.h"
#include "pump/include_server/lexer/scan_directive.h"

namespace pump::include_server {
namespace {

std::string unescape(std::string_view literal) {
  std::string plain;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] == '\\' && i + 1 < literal.size()) ++i;
    plain += literal[i];
  }
  return plain;
}

/// May a literal that stands in front of this text become one with what comes next? Not before an operator, a
/// semicolon or, once a parenthesis closes, a word. What follows a macro's body or its argument may follow
/// the literal.
bool literal_goes_on(std::string_view behind, const ScanMode& mode) {
  SourceReader reader(behind, mode);
  bool inside = true;  // of the parentheses in which the literal stands
  for (int c = reader.next(); c != SourceReader::kEnd; c = reader.next()) {
    if (c == ')') inside = false;
    if (c == ')' || c == '\n' || is_blank(static_cast<unsigned char>(c))) continue;
    const char next = static_cast<char>(c);
    return inside ? std::string_view(";=!<>&|:]}").find(next) == std::string_view::npos
                  : std::string_view("\",/\\").find(next) != std::string_view::npos;
  }
  return true;
}

/// The same, where the next thing must be a literal or a word that may be one.
bool literal_follows(std::string_view behind, const ScanMode& mode) {
  SourceReader reader(behind, mode);
  for (int c = reader.next(); c != SourceReader::kEnd; c = reader.next()) {
    if (c == '\n' || is_blank(static_cast<unsigned char>(c))) continue;
    return c == '"' || is_identifier_start(static_cast<unsigned char>(c));
  }
  return false;
}

}  // namespace

void DirectiveReader::read_module_line(std::uint32_t line) {
  // Read from the raw bytes: a splice inside would only make this miss, and the compiler refuses macros here
  // anyway.
  std::string_view rest = reader_.bytes().substr(reader_.at(), 512);
  rest = rest.substr(0, rest.find_first_of("\r\n"));
  const auto word = [&rest] {
    std::size_t end = 0;
    while (end < rest.size() && is_identifier_byte(static_cast<unsigned char>(rest[end]))) ++end;
    const std::string_view taken = rest.substr(0, end);
    rest = trim_blanks(rest.substr(end));
    return taken;
  };
  std::string_view first = word();
  if (first == "export") first = word();
  if (first != "import" && first != "module") return;
  const char next = rest.empty() ? '\0' : rest.front();
  const bool header = first == "import" && (next == '<' || next == '"');
  if (!header) {
    if (next != ':' && !is_identifier_byte(static_cast<unsigned char>(next))) return;
    const std::size_t end = rest.find(';');
    if (end == std::string_view::npos) return;
    const auto part_of_name = [](char c) {
      return is_identifier_byte(static_cast<unsigned char>(c)) || c == '.' || c == ':' || c == ' ' ||
             c == '\t';
    };
    if (!std::all_of(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(end), part_of_name)) return;
  } else if (rest.find(';') == std::string_view::npos) {
    return;
  }
  add(DirectiveKind::Refused, line).name = intern("C++20 module");
  text_since_directive_ = true;
}

void DirectiveReader::read_pragma_operator() {
  const std::uint32_t line = reader_.line();
  operand_ = scan_.text.size();
  const auto skip_blanks = [this] {
    for (int c = reader_.peek(); c == ' ' || c == '\t' || c == '\n' || (c == '/' && copy_comment());
         c = reader_.peek())
      if (c != '/') reader_.take();
  };
  skip_blanks();
  if (reader_.peek() != '(') return scan_.text.resize(operand_);
  reader_.take();
  skip_blanks();
  scan_.text.resize(operand_);
  // L"…", R"(…)"
  for (int c = reader_.peek();
       c != SourceReader::kEnd && is_ascii_identifier_byte(static_cast<unsigned char>(c));
       c = reader_.peek()) {
    scan_.text += static_cast<char>(c);
    reader_.take();
  }
  const std::string prefix = scan_.text.substr(operand_);
  skip_blanks();
  scan_.text.resize(operand_);
  // The literal comes from a macro.
  if (reader_.peek() == ')' && !prefix.empty()) note_pragma_macro(DirectiveKind::HiddenPragma, {}, line);
  if (reader_.peek() != '"' ||
      (!prefix.empty() && !is_literal_prefix(prefix, false) && !is_literal_prefix(prefix, true)))
    return scan_.text.resize(operand_);
  const bool raw = is_literal_prefix(prefix, true) && scan_.mode.lex.raw_strings;
  if (raw) {
    copy_raw_string();
  } else {
    copy_quoted('"', true);
  }
  std::string literal = scan_.text.substr(operand_);
  scan_.text.resize(operand_);
  if (raw) {  // clang takes what it holds for the pragma, gcc does not
    note_hidden_pragmas(literal, line);
  } else if (literal.size() >= 2) {
    const std::string pragma = unescape(std::string_view(literal).substr(1, literal.size() - 2));
    add_pragma(trim_blanks(pragma), line);
  }
  scan_.text.resize(operand_);
  text_since_directive_ = true;
}

void DirectiveReader::note_local_value(std::string_view name, std::uint32_t line) {
  add(DirectiveKind::LocalValue, line).name = intern(name);
  text_since_directive_ = true;
}

/// `name`: as the assembler has it, after its own escapes are known.
void DirectiveReader::add_assembler_file(std::string_view name, std::uint32_t line) {
  add(DirectiveKind::AssemblerFile, line).name = is_computed(name) ? 0 : intern(name);
  text_since_directive_ = true;
}

void DirectiveReader::read_assembler_statement(bool binary) {
  const std::uint32_t line = reader_.line();
  while (reader_.peek() == ' ' || reader_.peek() == '\t') reader_.take();
  const int c = reader_.peek();
  if (c != '"') {  // a macro, of the preprocessor or of the assembler
    const bool word = c == '\\' || c == '/' ||
                      (c != SourceReader::kEnd && is_identifier_byte(static_cast<unsigned char>(c)));
    if (word && (binary || c != '/')) add_assembler_file({}, line);
    return;
  }
  operand_ = scan_.text.size();
  copy_quoted('"', true);
  const std::string literal = scan_.text.substr(operand_);
  scan_.text.resize(operand_);
  add_assembler_file(
      literal.size() < 2 ? std::string_view() : std::string_view(literal).substr(1, literal.size() - 2),
      line);
}

void DirectiveReader::look_for_assembler_word(std::string_view before, std::uint32_t line) {
  constexpr std::string_view kWord = ".incbin";
  std::string spliced;
  SourceReader reader(before, scan_.mode);
  for (int c = reader.next(); c != SourceReader::kEnd; c = reader.next()) spliced += static_cast<char>(c);
  std::string_view text = spliced;
  // Blanks, line ends and a comment may stand between the word and the literal.
  for (;;) {
    const std::size_t last = text.find_last_not_of(" \t\r\n\f\v");
    text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
    const std::size_t comment = text.ends_with("*/") ? text.rfind("/*") : std::string_view::npos;
    if (comment == std::string_view::npos) break;
    text = text.substr(0, comment);
  }
  if (text.size() >= kWord.size() && equal_ignoring_case(text.substr(text.size() - kWord.size()), kWord))
    add_assembler_file({}, line);
}

void DirectiveReader::look_for_assembler(std::string_view literal, std::string_view behind,
                                         std::uint32_t line) {
  if (!may_name_assembler_file(literal)) return;
  const bool closed = literal.size() >= 2 && literal.back() == '"';
  // One that is not closed goes on nowhere.
  look_in_assembler(unescaped(literal.substr(1, literal.size() - (closed ? 2 : 1))), closed ? behind : ";",
                    line);
}

/// `text` goes on in `behind`, if that begins with another literal.
void DirectiveReader::look_in_assembler(std::string_view text, std::string_view behind, std::uint32_t line) {
  for (const AssemblerName& found : find_assembler_files(text)) {
    switch (found.end) {
      case AssemblerName::End::Whole:
        add_assembler_file(found.name, line);
        break;
      case AssemblerName::End::Word:
      case AssemblerName::End::PartOfWord:
        // The literal ends here: the name is in another one, if any is there. ".include" ends many texts.
        if (found.binary ? literal_goes_on(behind, scan_.mode) : literal_follows(behind, scan_.mode))
          add_assembler_file({}, line);
        break;
      case AssemblerName::End::Name:
        add_assembler_file({}, line);
        break;
    }
  }
}

}  // namespace pump::include_server

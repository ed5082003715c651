#include "pump/include_server/lexer/pragma_finder.h"

#include <string>

namespace pump::include_server {
namespace {

constexpr std::string_view kModulePragma = "#pragma clang module";

/// #pragma GCC target and #pragma GCC optimize may define and undefine macros.
bool changes_macros(std::string_view pragma) {
  return pragma == "target" || pragma == "optimize";
}

/// "pragma" in any case of letters.
bool contains_pragma(std::string_view macro) {
  std::string lower(macro);
  for (char& c : lower) c = static_cast<char>(c | 0x20);
  return lower.find("pragma") != std::string::npos;
}

/// True if the text ends, for example, in _Pragma(" or DO_PRAGMA( or _Pragma(STRING(.
bool makes_pragma(std::string_view text) {
  text = trim_blanks(text);
  if (text.ends_with('"')) text = trim_blanks(text.substr(0, text.size() - 1));
  while (text.ends_with('(')) {
    text = trim_blanks(text.substr(0, text.size() - 1));
    std::size_t word = text.size();
    while (word > 0 && is_ascii_identifier_byte(static_cast<unsigned char>(text[word - 1]))) --word;
    if (contains_pragma(text.substr(word))) return true;
    text = trim_blanks(text.substr(0, word));
  }
  return false;
}

/// The text between the first pair of double quotes, or nothing.
std::string_view first_literal(std::string_view text) {
  const std::size_t open = text.find('"');
  if (open == std::string_view::npos) return {};
  const std::size_t close = text.find('"', open + 1);
  return close == std::string_view::npos ? std::string_view() : text.substr(open + 1, close - open - 1);
}

/// Escapes of a pragma's literal: \" and \\.
std::string without_backslashes(std::string_view literal) {
  std::string plain;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] == '\\' && i + 1 < literal.size()) ++i;
    plain += literal[i];
  }
  return plain;
}

}  // namespace

void PragmaFinder::read_pragma(std::string_view text, std::uint32_t line) {
  auto [word, end, certain] = builder_.macro_name(text);
  builder_.saw_text();
  if (word == known::kOnce) {
    builder_.add(DirectiveKind::PragmaOnce, line);
  } else if (word == known::kPushMacro || word == known::kPopMacro) {
    const std::string_view name = trim_blanks(first_literal(text));
    if (name.empty()) return;
    const Word macro = read_word(name, 0, builder_.lex());
    if (!macro.plain || !macro.certain) return builder_.refuse_name(line);
    const DirectiveKind kind = word == known::kPushMacro ? DirectiveKind::PushMacro : DirectiveKind::PopMacro;
    builder_.add_named(kind, intern(name), line);
  } else if (spelling(word) == "include_alias") {  // clang and others, if they imitate Microsoft's compiler
    builder_.refuse("#pragma include_alias", line);
  } else if (word == known::kGcc || spelling(word) == "clang") {
    text.remove_prefix(end);
    const ScanBuilder::MacroName second = builder_.macro_name(text);
    if (second.symbol == known::kSystemHeader) builder_.add(DirectiveKind::SystemHeader, line);
    if (changes_macros(spelling(second.symbol))) add_target(spelling(second.symbol), line);
    if (word != known::kGcc && spelling(second.symbol) == "module") builder_.refuse(kModulePragma, line);
    // It compares modification times, which are not sent.
    if (second.symbol == known::kDependency) builder_.refuse("#pragma GCC dependency", line);
  }
}

void PragmaFinder::read_operator() {
  const std::uint32_t line = reader_.line();
  operand_.begin();
  const auto skip_blanks = [this] {
    for (int c = reader_.peek(); c == ' ' || c == '\t' || c == '\n' || (c == '/' && operand_.copy_comment());
         c = reader_.peek())
      if (c != '/') reader_.take();
  };
  skip_blanks();
  if (reader_.peek() != '(') return operand_.drop();
  reader_.take();
  skip_blanks();
  operand_.drop();
  // L"…", R"(…)"
  for (int c = reader_.peek();
       c != SourceReader::kEnd && is_ascii_identifier_byte(static_cast<unsigned char>(c));
       c = reader_.peek()) {
    operand_.append(static_cast<char>(c));
    reader_.take();
  }
  const std::string prefix(operand_.copied());
  skip_blanks();
  operand_.drop();
  // A macro expands to the literal.
  if (reader_.peek() == ')' && !prefix.empty()) add_hidden({}, line);
  if (reader_.peek() != '"' ||
      (!prefix.empty() && !is_literal_prefix(prefix, false) && !is_literal_prefix(prefix, true)))
    return operand_.drop();
  const bool raw = is_literal_prefix(prefix, true) && builder_.lex().raw_strings;
  const std::string literal = raw ? operand_.take_raw_string() : operand_.take_quoted();
  if (raw) {  // clang executes it as a pragma, gcc does not
    find_in_macro(literal, line);
  } else if (literal.size() >= 2) {
    const std::string pragma = without_backslashes(std::string_view(literal).substr(1, literal.size() - 2));
    read_pragma(trim_blanks(pragma), line);
  }
  builder_.saw_text();
}

void PragmaFinder::find_in_macro(std::string_view text, std::uint32_t line, std::string_view name) {
  const bool found_where_used = contains_pragma(name);
  find_macro_stacks(text, line);
  const std::size_t close = text.starts_with('(') ? text.find(')') : std::string_view::npos;
  const std::string_view parameters =
      close == std::string_view::npos ? std::string_view() : text.substr(0, close);
  for_each_word(text, [&](std::size_t at, std::string_view word) {
    const std::string_view before = text.substr(0, at);
    const std::string_view rest = trim_blanks(text.substr(at + word.size()));
    const std::string_view second = rest.substr(0, end_of_identifier(rest, 0));
    if (word == "once" && makes_pragma(before)) {
      add_hidden({}, line);
    } else if (word == "include_alias") {
      builder_.refuse("#pragma include_alias", line);
    } else if (word == "GCC" || word == "clang") {
      if (second == "dependency") builder_.refuse("#pragma GCC dependency in a macro", line);
      if (second == "module" && word == "clang") builder_.refuse(kModulePragma, line);
      if (second == "system_header") add_hidden({}, line);
      if (word == "GCC" && (changes_macros(second) || (!found_where_used && has_word(parameters, second))))
        add_target(second, line);
    } else if ((changes_macros(word) || (!found_where_used && at > close && has_word(parameters, word))) &&
               makes_pragma(before)) {
      add_target(word, line);
    }
  });
}

/// push_macro("NAME"), push_macro(\"NAME\") in a literal, push_macro(#x).
void PragmaFinder::find_macro_stacks(std::string_view text, std::uint32_t line) {
  for (std::size_t at = text.find("_macro"); at != std::string_view::npos; at = text.find("_macro", at + 1)) {
    const std::string_view before = text.substr(0, at);
    if (!before.ends_with("push") && !before.ends_with("pop")) continue;
    std::string_view rest = trim_blanks(text.substr(at + std::string_view("_macro").size()));
    if (rest.empty() || rest.front() != '(') continue;
    rest = trim_blanks(rest.substr(1));
    if (!rest.empty() && rest.front() == '\\') rest.remove_prefix(1);
    std::string_view name;  // empty: not written here
    if (!rest.empty() && rest.front() == '"') {
      const Word word = read_word(rest, 1, builder_.lex());
      const std::string_view after = trim_blanks(rest.substr(word.end));
      const bool whole = after.starts_with('"') || after.starts_with("\\\"");
      if (word.plain && word.certain && whole) name = rest.substr(1, word.end - 1);
    }
    add_hidden(name, line);
  }
}

void PragmaFinder::find_in_text(std::string_view text, std::uint32_t line) {
  for_each_word(text, [&](std::size_t at, std::string_view word) {
    const std::string_view rest = trim_blanks(text.substr(at + word.size()));
    const std::string_view second = rest.substr(0, end_of_identifier(rest, 0));
    if (word == "once" && makes_pragma(text.substr(0, at))) add_hidden({}, line);
    if (word == "GCC" && changes_macros(second)) add_target(second, line);
    if (changes_macros(word) && makes_pragma(text.substr(0, at))) add_target(word, line);
  });
}

void PragmaFinder::find_in_argument(std::string_view before, std::string_view literal, std::uint32_t line) {
  std::string unspliced;
  if (before.find('\\') != std::string_view::npos) {
    unspliced = read_characters(before, builder_.scan().mode);
    before = unspliced;
  }
  before = trim_blanks(before);
  if (before.empty() || before.back() != '(') return;
  const std::string_view content = trim_blanks(literal);
  for (const std::string_view pragma : {"once", "GCC ", "clang ", "push_macro", "pop_macro", "include_alias"})
    if (content.starts_with(pragma)) return find_in_macro(std::string(before).append(content), line);
  before = trim_blanks(before.substr(0, before.size() - 1));
  if (!before.ends_with("push_macro") && !before.ends_with("pop_macro")) return;
  const std::string_view name = trim_blanks(literal);
  const Word word = read_word(name, 0, builder_.lex());
  const bool known = word.plain && word.certain && word.end == name.size();
  add_hidden(known ? name : std::string_view(), line);
}

void PragmaFinder::add_hidden(std::string_view name, std::uint32_t line) {
  builder_.add_named(DirectiveKind::HiddenPragma, intern(name), line);
}

void PragmaFinder::add_target(std::string_view pragma, std::uint32_t line) {
  builder_.add_named(DirectiveKind::TargetPragma, intern(pragma), line);
}

}  // namespace pump::include_server

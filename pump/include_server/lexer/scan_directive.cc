#include "pump/include_server/lexer/scan_directive.h"

#include <algorithm>

#include "pump/include_server/lexer/assembler_text.h"
#include "pump/include_server/lexer/macro_definition.h"

namespace pump::include_server {
namespace {

constexpr std::string_view kUncertainName =
    "a macro's name with characters beyond ASCII that compilers do not agree about";
constexpr std::string_view kModulePragma = "#pragma clang module";

/// Of #pragma GCC: it may define and undefine macros.
bool changes_macros(std::string_view pragma) {
  return pragma == "target" || pragma == "optimize";
}

/// A macro that has "pragma" in its name, in any case of letters.
bool is_called_pragma(std::string_view macro) {
  std::string lower(macro);
  for (char& c : lower) c = static_cast<char>(c | 0x20);
  return lower.find("pragma") != std::string::npos;
}

/// Does the text end in _Pragma(" or DO_PRAGMA( or _Pragma(STRING( or the like?
bool makes_pragma(std::string_view text) {
  text = trim_blanks(text);
  if (text.ends_with('"')) text = trim_blanks(text.substr(0, text.size() - 1));
  while (text.ends_with('(')) {
    text = trim_blanks(text.substr(0, text.size() - 1));
    std::size_t word = text.size();
    while (word > 0 && is_ascii_identifier_byte(static_cast<unsigned char>(text[word - 1]))) --word;
    if (is_called_pragma(text.substr(word))) return true;
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

}  // namespace

Directive& DirectiveReader::add(DirectiveKind kind, std::uint32_t line) {
  if (scan_.directives.empty()) guard_possible_ = !text_since_directive_;
  Directive& directive = scan_.directives.emplace_back();
  directive.kind = kind;
  directive.line = line;
  text_since_directive_ = false;
  return directive;
}

Directive& DirectiveReader::add_with_operand(DirectiveKind kind, std::uint32_t line) {
  Directive& directive = add(kind, line);
  directive.text = static_cast<std::uint32_t>(operand_);
  directive.length = static_cast<std::uint32_t>(scan_.text.size() - operand_);
  return directive;
}

std::uint32_t DirectiveReader::add_expression(const Directive& directive, HeaderNames names) {
  scan_.expressions.emplace_back(directive.text, directive.length, names);
  return static_cast<std::uint32_t>(scan_.expressions.size() - 1);
}

/// The directive's name where nothing but blanks precedes it and no splice can be near; consumed. Else empty,
/// and nothing is.
std::string_view DirectiveReader::plain_name() {
  const std::string_view bytes = reader_.bytes();
  std::size_t begin = reader_.at();
  while (begin < bytes.size() && (bytes[begin] == ' ' || bytes[begin] == '\t')) ++begin;
  std::size_t end = begin;
  while (end < bytes.size() && is_ascii_identifier_byte(static_cast<unsigned char>(bytes[end]))) ++end;
  if (end == begin || end == bytes.size() || bytes[end] == '\\' || bytes[end] == '?') return {};
  reader_.go_to(end);
  return bytes.substr(begin, end - begin);
}

/// The same where splices and comments may precede or split it.
std::string DirectiveReader::spliced_name() {
  std::string name;
  for (int c = reader_.peek(); c != SourceReader::kEnd && c != '\n'; c = reader_.peek()) {
    if (c == '/' && name.empty()) {
      if (!copy_comment()) break;
      scan_.text.resize(operand_);
    } else if (is_ascii_identifier_byte(static_cast<unsigned char>(c))) {
      name += static_cast<char>(c);
      reader_.take();
    } else if (name.empty() && is_blank(static_cast<unsigned char>(c))) {
      reader_.take();
    } else {
      break;
    }
  }
  return name;
}

void DirectiveReader::read(std::uint32_t line) {
  const std::size_t before = scan_.directives.size();
  read_directive(line);
  if (reader_.line() == line) return;
  for (std::size_t i = before; i < scan_.directives.size(); ++i) scan_.directives[i].flags |= kManyLines;
}

void DirectiveReader::read_directive(std::uint32_t line) {
  operand_ = scan_.text.size();
  std::string spliced;
  std::string_view name = plain_name();
  if (name.empty()) name = spliced = spliced_name();
  struct Known {
    std::string_view name;
    DirectiveKind kind;
    Operand operand;
  };
  static constexpr Known kKnown[] = {
      {"define", DirectiveKind::Define, Operand::Plain},
      {"if", DirectiveKind::If, Operand::Expression},
      {"ifdef", DirectiveKind::Ifdef, Operand::Plain},
      {"ifndef", DirectiveKind::Ifndef, Operand::Plain},
      {"endif", DirectiveKind::Endif, Operand::Plain},
      {"else", DirectiveKind::Else, Operand::Plain},
      {"elif", DirectiveKind::Elif, Operand::Expression},
      {"include", DirectiveKind::Include, Operand::HeaderName},
      {"undef", DirectiveKind::Undef, Operand::Plain},
      {"elifdef", DirectiveKind::Elifdef, Operand::Plain},
      {"elifndef", DirectiveKind::Elifndef, Operand::Plain},
      {"include_next", DirectiveKind::IncludeNext, Operand::HeaderName},
      {"import", DirectiveKind::Import, Operand::HeaderName},
      {"embed", DirectiveKind::Embed, Operand::HeaderName},
      {"line", DirectiveKind::Line, Operand::Plain},
      {"error", DirectiveKind::Error, Operand::Plain},
  };
  const auto* known =
      std::find_if(std::begin(kKnown), std::end(kKnown), [&](const Known& k) { return k.name == name; });
  if (known != std::end(kKnown) && !scan_.mode.lex.elifdef &&
      (known->kind == DirectiveKind::Elifdef || known->kind == DirectiveKind::Elifndef))
    known = std::end(kKnown);
  if (known == std::end(kKnown)) {
    copy_operand(name == "pragma" ? Operand::HeaderName : Operand::Plain);
    if (name == "pragma") {
      add_pragma(trim_blanks(std::string_view(scan_.text).substr(operand_)), line);
    } else if (!name.empty() && is_digit(static_cast<unsigned char>(name.front()))) {
      scan_.text.insert(operand_, name);  // a line marker
      add_with_operand(DirectiveKind::Line, line);
      return;
    } else {
      text_since_directive_ = true;
    }
    scan_.text.resize(operand_);
    return;
  }
  copy_operand(known->operand);
  switch (known->kind) {
    case DirectiveKind::Define:
      add_define(line);
      break;
    case DirectiveKind::Include:
    case DirectiveKind::IncludeNext:
    case DirectiveKind::Import:
    case DirectiveKind::Embed:
      add_include(known->kind, line);
      break;
    case DirectiveKind::Line:
      add_with_operand(known->kind, line);
      break;
    case DirectiveKind::Error:
      add(known->kind, line);
      scan_.text.resize(operand_);
      break;
    case DirectiveKind::Undef: {
      const Name undefined = first_identifier(std::string_view(scan_.text).substr(operand_));
      scan_.text.resize(operand_);
      if (!undefined.certain) {
        refuse(kUncertainName, line);
      } else {
        add(known->kind, line).name = undefined.symbol;
      }
      break;
    }
    default:
      add_conditional(known->kind, line);
  }
}

DirectiveReader::Name DirectiveReader::first_identifier(std::string_view text) const {
  std::size_t begin = 0;
  while (begin < text.size() && is_blank(static_cast<unsigned char>(text[begin]))) ++begin;
  std::size_t end = begin;
  while (end < text.size() && is_ascii_identifier_byte(static_cast<unsigned char>(text[end]))) ++end;
  if (end == text.size() || (static_cast<unsigned char>(text[end]) < 0x80 && text[end] != '\\'))
    return {intern_name_(text.substr(begin, end - begin)), end, true};
  const Word word = read_word(text, begin, scan_.mode.lex);
  const std::string_view written = text.substr(begin, word.end - begin);
  return {intern_name_(word.plain ? written : std::string_view(word.spelled)), word.end, word.certain};
}

void DirectiveReader::refuse(std::string_view what, std::uint32_t line) {
  add(DirectiveKind::Refused, line).name = intern(what);
  text_since_directive_ = true;
}

void DirectiveReader::add_define(std::uint32_t line) {
  const std::string_view operand = std::string_view(scan_.text).substr(operand_);
  const auto [name, end, certain] = first_identifier(operand);
  if (name == known::kEmpty || !certain) {
    scan_.text.resize(operand_);
    if (!certain) refuse(kUncertainName, line);
    return;
  }
  // Most bodies are too short to hold any of these.
  const std::string_view body = operand.substr(end);
  const auto mentions = [body](std::string_view word) {
    return body.size() > word.size() && body.find(word) != std::string_view::npos;
  };
  const bool hidden = mentions("_macro") || mentions("once") || mentions("GCC ") || mentions("clang ") ||
                      mentions("include_alias") || mentions("ragma") || mentions("RAGMA");
  const bool local = mentions("__TIMESTAMP__") || mentions("__BASE_FILE__");
  const std::string assembler(may_name_assembler_file(body) ? operand : std::string_view());
  Directive& directive = add(DirectiveKind::Define, line);
  directive.name = name;
  directive.slot = static_cast<std::uint32_t>(scan_.definitions.size());
  scan_.definitions.emplace_back(scan_, name, static_cast<std::uint32_t>(operand_ + end),
                                 static_cast<std::uint32_t>(operand.size() - end));
  if (hidden) note_hidden_pragmas(body, line, is_called_pragma(spelling(name)));
  if (local) note_local_values(body, line);
  // Wherever the macro is expanded: the definition stands for all of them.
  for (std::size_t at = assembler.find('"'); at != std::string::npos; at = assembler.find('"', at + 1)) {
    const std::size_t start = at;
    for (++at; at < assembler.size() && assembler[at] != '"'; ++at)
      if (assembler[at] == '\\') ++at;
    if (at >= assembler.size()) break;
    const std::string_view rest = std::string_view(assembler).substr(start);
    look_for_assembler(rest.substr(0, at + 1 - start), rest.substr(at + 1 - start), line);
  }
  if (statement_outside_literals(assembler, scan_.mode.lex.assembler))
    add(DirectiveKind::AssemblerFile, line).name = 0;
}

/// The definition stands for all places where it is expanded.
void DirectiveReader::note_local_values(std::string_view body, std::uint32_t line) {
  std::vector<Token> tokens;
  tokenize(body, scan_.mode.lex, HeaderNames::None, tokens);
  for (const Token& token : tokens)
    if (token.kind == TokenKind::Identifier && is_local_value(spelling(token.text)))
      add(DirectiveKind::LocalValue, line).name = token.text;
}

/// Pragmas that a macro's expansion executes: `_Pragma("once")`, or what makes one of its argument:
/// DO_PRAGMA(once). The definition stands for all places where the macro is expanded, but for one: what
/// PRAGMA_GCC(x) makes of its argument is seen where it is used, by its name. `body`: parameters, too.
void DirectiveReader::note_hidden_pragmas(std::string_view body, std::uint32_t line, bool called_pragma) {
  const std::string text(body);  // of scan_, which grows
  note_hidden_macro_stacks(text, line);
  const std::size_t close = text.starts_with('(') ? text.find(')') : std::string::npos;
  const std::string_view parameters =
      close == std::string::npos ? "" : std::string_view(text).substr(0, close);
  for_each_word(text, [&](std::size_t at, std::string_view word) {
    const std::string_view before = std::string_view(text).substr(0, at);
    std::string_view rest = trim_blanks(std::string_view(text).substr(at + word.size()));
    const std::string_view second = rest.substr(0, end_of_identifier(rest, 0));
    rest = trim_blanks(rest.substr(second.size()));
    if (word == "once" && makes_pragma(before)) {
      note_pragma_macro(DirectiveKind::HiddenPragma, {}, line);
    } else if (word == "include_alias") {
      refuse("#pragma include_alias", line);
    } else if (word == "GCC" || word == "clang") {
      if (second == "dependency") refuse("#pragma GCC dependency in a macro", line);
      if (second == "module" && word == "clang") refuse(kModulePragma, line);
      if (second == "system_header") note_pragma_macro(DirectiveKind::HiddenPragma, {}, line);
      if (word == "GCC" && (changes_macros(second) || (!called_pragma && has_word(parameters, second))))
        note_pragma_macro(DirectiveKind::TargetPragma, second, line);
    } else if ((changes_macros(word) || (!called_pragma && at > close && has_word(parameters, word))) &&
               makes_pragma(before)) {
      note_pragma_macro(DirectiveKind::TargetPragma, word, line);
    }
  });
}

void DirectiveReader::note_pragma_macro(DirectiveKind kind, std::string_view name, std::uint32_t line) {
  add(kind, line).name = intern(name);
  text_since_directive_ = true;
}

/// push_macro("NAME"), push_macro(\"NAME\") in a literal, push_macro(#x).
void DirectiveReader::note_hidden_macro_stacks(const std::string& text, std::uint32_t line) {
  for (std::size_t at = text.find("_macro"); at != std::string::npos; at = text.find("_macro", at + 1)) {
    const std::string_view before = std::string_view(text).substr(0, at);
    if (!before.ends_with("push") && !before.ends_with("pop")) continue;
    std::string_view rest =
        trim_blanks(std::string_view(text).substr(at + std::string_view("_macro").size()));
    if (rest.empty() || rest.front() != '(') continue;
    rest = trim_blanks(rest.substr(1));
    if (!rest.empty() && rest.front() == '\\') rest.remove_prefix(1);
    Symbol name = 0;  // comes from elsewhere
    if (!rest.empty() && rest.front() == '"') {
      const Word word = read_word(rest, 1, scan_.mode.lex);
      const std::string_view after = trim_blanks(rest.substr(word.end));
      const bool whole = after.starts_with('"') || after.starts_with("\\\"");
      if (word.plain && word.certain && whole) name = intern(rest.substr(1, word.end - 1));
    }
    add(DirectiveKind::HiddenPragma, line).name = name;
  }
}

void DirectiveReader::note_text_pragmas(std::string_view text, std::uint32_t line) {
  for_each_word(text, [&](std::size_t at, std::string_view word) {
    const std::string_view rest = trim_blanks(text.substr(at + word.size()));
    const std::string_view second = rest.substr(0, end_of_identifier(rest, 0));
    if (word == "once" && makes_pragma(text.substr(0, at)))
      note_pragma_macro(DirectiveKind::HiddenPragma, {}, line);
    if (word == "GCC" && changes_macros(second)) note_pragma_macro(DirectiveKind::TargetPragma, second, line);
    if (changes_macros(word) && makes_pragma(text.substr(0, at)))
      note_pragma_macro(DirectiveKind::TargetPragma, word, line);
  });
}

void DirectiveReader::note_text_pragma(std::string_view before, std::string_view literal,
                                       std::uint32_t line) {
  std::string unspliced;
  if (before.find('\\') != std::string_view::npos) {
    SourceReader inside(before, scan_.mode);
    for (int c = inside.next(); c != SourceReader::kEnd; c = inside.next()) unspliced += static_cast<char>(c);
    before = unspliced;
  }
  before = trim_blanks(before);
  if (before.empty() || before.back() != '(') return;
  const std::string_view content = trim_blanks(literal);
  for (const std::string_view pragma : {"once", "GCC ", "clang ", "push_macro", "pop_macro", "include_alias"})
    if (content.starts_with(pragma)) return note_hidden_pragmas(std::string(before).append(content), line);
  before = trim_blanks(before.substr(0, before.size() - 1));
  if (!before.ends_with("push_macro") && !before.ends_with("pop_macro")) return;
  const std::string_view name = trim_blanks(literal);
  const Word word = read_word(name, 0, scan_.mode.lex);
  const bool known = word.plain && word.certain && word.end == name.size();
  note_pragma_macro(DirectiveKind::HiddenPragma, known ? name : std::string_view(), line);
}

void DirectiveReader::add_include(DirectiveKind kind, std::uint32_t line) {
  const std::string_view operand = trim_blanks(std::string_view(scan_.text).substr(operand_));
  const char open = operand.empty() ? '\0' : operand.front();
  const std::size_t close = open == '"'   ? operand.find('"', 1)
                            : open == '<' ? operand.find('>')
                                          : std::string_view::npos;
  if (close != std::string_view::npos) {
    Directive& directive = add(kind, line);
    directive.name = intern(operand.substr(1, close - 1));
    if (open == '<') directive.flags |= kAngled;
    if (operand.substr(1, 1) == "/") directive.flags |= kAbsolute;
    directive.slot = scan_.literal_includes++;
    scan_.text.resize(operand_);
    return;
  }
  Directive& directive = add_with_operand(kind, line);
  directive.flags |= kComputed;
  directive.slot = add_expression(directive, HeaderNames::Anywhere);
}

void DirectiveReader::add_pragma(std::string_view text, std::uint32_t line) {
  auto [word, end, certain] = first_identifier(text);
  text_since_directive_ = true;
  if (word == known::kOnce) {
    add(DirectiveKind::PragmaOnce, line);
  } else if (word == known::kPushMacro || word == known::kPopMacro) {
    const std::string_view name = trim_blanks(first_literal(text));
    if (name.empty()) return;
    const Word macro = read_word(name, 0, scan_.mode.lex);
    if (!macro.plain || !macro.certain) return refuse(kUncertainName, line);
    const Symbol symbol = intern(name);
    add(word == known::kPushMacro ? DirectiveKind::PushMacro : DirectiveKind::PopMacro, line).name = symbol;
  } else if (spelling(word) == "include_alias") {  // of clang and others, where they imitate Microsoft's
    refuse("#pragma include_alias", line);
  } else if (word == known::kGcc || spelling(word) == "clang") {
    text.remove_prefix(end);
    const Name second = first_identifier(text);
    if (second.symbol == known::kSystemHeader) add(DirectiveKind::SystemHeader, line);
    if (changes_macros(spelling(second.symbol))) add(DirectiveKind::TargetPragma, line).name = second.symbol;
    if (word != known::kGcc && spelling(second.symbol) == "module") refuse(kModulePragma, line);
    // It compares when the files were written, which no server knows.
    if (second.symbol == known::kDependency) refuse("#pragma GCC dependency", line);
  }
}

void DirectiveReader::add_conditional(DirectiveKind kind, std::uint32_t line) {
  const bool opens =
      kind == DirectiveKind::If || kind == DirectiveKind::Ifdef || kind == DirectiveKind::Ifndef;
  if (!opens && open_.empty()) {
    scan_.text.resize(operand_);
    text_since_directive_ = true;
    return;
  }
  const auto index = static_cast<DirectiveIndex>(scan_.directives.size());
  Name name;
  if (kind == DirectiveKind::Ifdef || kind == DirectiveKind::Ifndef || kind == DirectiveKind::Elifdef ||
      kind == DirectiveKind::Elifndef) {
    name = first_identifier(std::string_view(scan_.text).substr(operand_));
    // As an expression, in which such a word is unknown.
    if (!name.certain) kind = opens ? DirectiveKind::If : DirectiveKind::Elif;
  }
  const bool expression = kind == DirectiveKind::If || kind == DirectiveKind::Elif;
  if (!expression) scan_.text.resize(operand_);
  Directive& directive = expression ? add_with_operand(kind, line) : add(kind, line);
  directive.name = expression ? known::kEmpty : name.symbol;
  if (expression) directive.slot = add_expression(directive, HeaderNames::AfterHasInclude);
  if (opens) {
    open_.push_back(index);
    latest_.push_back(index);
    return;
  }
  scan_.directives[latest_.back()].next = index;
  latest_.back() = index;
  if (kind != DirectiveKind::Endif) return;
  for (DirectiveIndex i = open_.back(); i != index; i = scan_.directives[i].next)
    scan_.directives[i].end = index + 1;
  directive.next = directive.end = index + 1;
  open_.pop_back();
  latest_.pop_back();
}

void DirectiveReader::finish() {
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
  if (size == 0 || !guard_possible_ || text_since_directive_) return;
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

}  // namespace pump::include_server

#include "pump/include_server/lexer/directive_reader.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "pump/include_server/lexer/assembler_text.h"
#include "pump/include_server/lexer/function_names.h"
#include "pump/include_server/lexer/macro_definition.h"

namespace pump::include_server {
namespace {

struct KnownDirective {
  std::string_view name;
  DirectiveKind kind;
  OperandReader::Kind operand;
};
// The most frequent ones first.
constexpr KnownDirective kKnownDirectives[] = {
    {"define", DirectiveKind::Define, OperandReader::Kind::Plain},
    {"if", DirectiveKind::If, OperandReader::Kind::Expression},
    {"ifdef", DirectiveKind::Ifdef, OperandReader::Kind::Plain},
    {"ifndef", DirectiveKind::Ifndef, OperandReader::Kind::Plain},
    {"endif", DirectiveKind::Endif, OperandReader::Kind::Plain},
    {"else", DirectiveKind::Else, OperandReader::Kind::Plain},
    {"elif", DirectiveKind::Elif, OperandReader::Kind::Expression},
    {"include", DirectiveKind::Include, OperandReader::Kind::HeaderName},
    {"undef", DirectiveKind::Undef, OperandReader::Kind::Plain},
    {"elifdef", DirectiveKind::Elifdef, OperandReader::Kind::Plain},
    {"elifndef", DirectiveKind::Elifndef, OperandReader::Kind::Plain},
    {"include_next", DirectiveKind::IncludeNext, OperandReader::Kind::HeaderName},
    {"import", DirectiveKind::Import, OperandReader::Kind::HeaderName},
    {"embed", DirectiveKind::Embed, OperandReader::Kind::HeaderName},
    {"line", DirectiveKind::Line, OperandReader::Kind::Plain},
    {"error", DirectiveKind::Error, OperandReader::Kind::Plain},
};

/// nullptr if the compiler ignores it, or it is #pragma.
const KnownDirective* find_known(std::string_view name, const LexMode& lex) {
  const auto* known = std::find_if(std::begin(kKnownDirectives), std::end(kKnownDirectives),
                                   [&](const KnownDirective& candidate) { return candidate.name == name; });
  if (known == std::end(kKnownDirectives)) return nullptr;
  const bool elifdef = known->kind == DirectiveKind::Elifdef || known->kind == DirectiveKind::Elifndef;
  return elifdef && !lex.elifdef ? nullptr : known;
}

}  // namespace

void DirectiveReader::set_operand(Directive& directive) const {
  directive.text = static_cast<std::uint32_t>(operand_.start());
  directive.length = static_cast<std::uint32_t>(operand_.copied().size());
}

void DirectiveReader::set_expression(Directive& directive, HeaderNames names) {
  set_operand(directive);
  std::vector<LazyTokens>& expressions = builder_.scan().expressions;
  directive.slot = static_cast<std::uint32_t>(expressions.size());
  expressions.emplace_back(directive.text, directive.length, names);
}

/// The directive's name if nothing but blanks precedes it and there can be no splice in it; consumed.
/// Otherwise empty, and nothing is consumed.
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

/// The directive's name, consumed, if comments may precede it and splices may be anywhere.
std::string DirectiveReader::spliced_name() {
  std::string name;
  for (int c = reader_.peek(); c != SourceReader::kEnd && c != '\n'; c = reader_.peek()) {
    if (c == '/' && name.empty()) {
      if (!operand_.copy_comment()) break;
      operand_.drop();
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
  std::vector<Directive>& directives = builder_.scan().directives;
  const std::size_t before = directives.size();
  read_directive(line);
  if (reader_.line() == line) return;
  for (std::size_t i = before; i < directives.size(); ++i) directives[i].flags |= kManyLines;
}

void DirectiveReader::read_directive(std::uint32_t line) {
  operand_.begin();
  std::string spliced;
  std::string_view name = plain_name();
  if (name.empty()) name = spliced = spliced_name();
  const KnownDirective* known = find_known(name, builder_.lex());
  if (known == nullptr) return add_unknown(name, line);
  operand_.copy_line(known->operand);
  switch (known->kind) {
    case DirectiveKind::Define:
      return add_define(line);
    case DirectiveKind::Undef:
      return add_undef(line);
    case DirectiveKind::Include:
    case DirectiveKind::IncludeNext:
    case DirectiveKind::Import:
    case DirectiveKind::Embed:
      return add_include(known->kind, line);
    case DirectiveKind::Line:
      return set_operand(builder_.add(known->kind, line));
    case DirectiveKind::Error:
      builder_.add(known->kind, line);
      return operand_.drop();
    default:
      return add_conditional(known->kind, line);
  }
}

/// #pragma, `# 1 "file"` (a line marker), or a directive that the compiler ignores or refuses.
void DirectiveReader::add_unknown(std::string_view name, std::uint32_t line) {
  const bool pragma = name == "pragma";
  operand_.copy_line(pragma ? OperandReader::Kind::HeaderName : OperandReader::Kind::Plain);
  if (pragma) {
    pragmas_.read_pragma(trim_blanks(operand_.copied()), line);
  } else if (!name.empty() && is_digit(static_cast<unsigned char>(name.front()))) {
    operand_.insert_before(name);
    return set_operand(builder_.add(DirectiveKind::Line, line));
  } else {
    builder_.saw_text();
  }
  operand_.drop();
}

void DirectiveReader::add_undef(std::uint32_t line) {
  const ScanBuilder::MacroName name = builder_.macro_name(operand_.copied());
  operand_.drop();
  if (!name.certain) return builder_.refuse_name(line);
  note_builtin(name.symbol, line);
  builder_.add_named(DirectiveKind::Undef, name.symbol, line);
}

void DirectiveReader::add_define(std::uint32_t line) {
  const std::string_view operand = operand_.copied();
  const auto [name, end, certain] = builder_.macro_name(operand);
  if (name == known::kEmpty || !certain) {
    operand_.drop();
    if (!certain) builder_.refuse_name(line);
    return;
  }
  // Most bodies are too short to contain any of these words.
  const std::string_view body = operand.substr(end);
  const auto mentions = [body](std::string_view word) {
    return body.size() > word.size() && body.find(word) != std::string_view::npos;
  };
  const bool pragmas = mentions("_macro") || mentions("once") || mentions("GCC ") || mentions("clang ") ||
                       mentions("include_alias") || mentions("ragma") || mentions("RAGMA");
  const bool local_values =
      mentions("__TIME") || mentions("__BASE_FILE__") || mentions("__DATE__") ||  // __TIME__, __TIMESTAMP__
      (mentions("__PRETTY_FUNCTION__") && !is_function_name_for_messages(spelling(name)));
  const bool assembler = may_name_assembler_file(body);

  note_builtin(name, line);
  std::vector<Definition>& definitions = builder_.scan().definitions;
  Directive& directive = builder_.add(DirectiveKind::Define, line);
  directive.name = name;
  directive.slot = static_cast<std::uint32_t>(definitions.size());
  definitions.emplace_back(builder_.scan(), name, static_cast<std::uint32_t>(operand_.start() + end),
                           static_cast<std::uint32_t>(body.size()));
  if (pragmas) pragmas_.find_in_macro(body, line, spelling(name));
  if (local_values) add_local_values(body, line);
  if (assembler) assembler_.find_in_macro(operand, line);
}

void DirectiveReader::note_builtin(Symbol macro, std::uint32_t line) {
  if (may_be_builtin(spelling(macro))) builder_.add_named(DirectiveKind::ChangesBuiltin, macro, line);
}

/// The definition counts for all places where the macro is expanded.
void DirectiveReader::add_local_values(std::string_view body, std::uint32_t line) {
  std::vector<Token> tokens;
  tokenize(body, builder_.lex(), HeaderNames::None, tokens);
  for (const Token& token : tokens)
    if (token.kind == TokenKind::Identifier && is_local_value(spelling(token.text)))
      builder_.add_named(DirectiveKind::LocalValue, token.text, line);
}

void DirectiveReader::add_include(DirectiveKind kind, std::uint32_t line) {
  const std::string_view operand = trim_blanks(operand_.copied());
  const char open = operand.empty() ? '\0' : operand.front();
  const std::size_t close = open == '"'   ? operand.find('"', 1)
                            : open == '<' ? operand.find('>')
                                          : std::string_view::npos;
  Directive& directive = builder_.add(kind, line);
  if (close == std::string_view::npos) {
    directive.flags |= kComputed;
    return set_expression(directive, HeaderNames::Anywhere);
  }
  directive.name = intern(operand.substr(1, close - 1));
  if (open == '<') directive.flags |= kAngled;
  if (operand.substr(1, 1) == "/") directive.flags |= kAbsolute;
  directive.slot = builder_.scan().literal_includes++;
  operand_.drop();
}

void DirectiveReader::add_conditional(DirectiveKind kind, std::uint32_t line) {
  const bool opens = !ends_branch(kind);
  if (!opens && !builder_.in_group()) {
    operand_.drop();
    return builder_.saw_text();
  }
  ScanBuilder::MacroName name;
  if (kind == DirectiveKind::Ifdef || kind == DirectiveKind::Ifndef || kind == DirectiveKind::Elifdef ||
      kind == DirectiveKind::Elifndef) {
    name = builder_.macro_name(operand_.copied());
    // Read as an expression, in which an uncertain name has an unknown value.
    if (!name.certain) kind = opens ? DirectiveKind::If : DirectiveKind::Elif;
  }
  Directive& directive = builder_.add_branch(kind, line);
  if (kind == DirectiveKind::If || kind == DirectiveKind::Elif) {
    set_expression(directive, HeaderNames::AfterHasInclude);
  } else {
    directive.name = name.symbol;
    operand_.drop();
  }
}

}  // namespace pump::include_server

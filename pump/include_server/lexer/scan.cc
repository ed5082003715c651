// The directive scanner: finds directives, and text that acts like one (_Pragma, modules, assembler
// statements).
//
// Decision: bytes between directives are classified, not split into tokens. Comments, literals, raw strings
// and numbers with separators must be recognised, because each of them may contain a newline, a '#', or the
// start of another. Rejected: searching for '#' at line starts only, which fails in comments and raw strings;
// a full tokenizer, which is several times slower and gives nothing more.
#include "pump/include_server/lexer/scan.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "pump/include_server/lexer/assembler_text.h"
#include "pump/include_server/lexer/directive_reader.h"
#include "pump/include_server/lexer/macro_definition.h"
#include "pump/include_server/lexer/module_line.h"
#include "pump/include_server/lexer/skip_text.h"
#include "pump/include_server/lexer/source_reader.h"

namespace pump::include_server {
namespace {

/// Which function reads a token of text that begins with the byte.
enum class Byte : std::uint8_t {
  Plain,
  Identifier,
  Digit,
  Quote,
  Slash,
  Newline,
  CarriageReturn,
  Backslash,
  Question,
  Blank
};

constexpr std::array<Byte, 256> classify() {
  std::array<Byte, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_identifier_start(byte)) table[c] = Byte::Identifier;
    if (is_digit(byte)) table[c] = Byte::Digit;
  }
  table['"'] = table['\''] = Byte::Quote;
  table['/'] = Byte::Slash;
  table['\n'] = Byte::Newline;
  table['\r'] = Byte::CarriageReturn;
  table['\\'] = Byte::Backslash;
  table['?'] = Byte::Question;
  table[' '] = table['\t'] = table['\f'] = table['\v'] = table['\0'] = Byte::Blank;
  return table;
}
constexpr std::array<Byte, 256> kBytes = classify();

bool identifier_byte(unsigned char c) {
  return kBytes[c] == Byte::Identifier || kBytes[c] == Byte::Digit;
}

/// A text to search for. `rare` is the index of a character that is rare in sources: memchr() skips to it many times
/// faster than memmem() compares.
struct Wanted {
  std::string_view text;
  std::size_t rare;
};
constexpr Wanted kGcc{"GCC ", 0}, kOnce{"(once)", 0}, kTarget{"target", 3}, kOptimize{"optimize", 6};

/// The text from the first occurrence of `wanted` on; empty if there is none.
std::string_view from(std::string_view text, const Wanted& wanted) {
  for (std::size_t at = text.find(wanted.text[wanted.rare], wanted.rare); at != std::string_view::npos;
       at = text.find(wanted.text[wanted.rare], at + 1)) {
    const std::string_view found = text.substr(at - wanted.rare);
    if (found.starts_with(wanted.text)) return found;
  }
  return {};
}

/// True if the word occurs after '(' and blanks.
bool begins_an_argument(std::string_view bytes, const Wanted& word) {
  for (std::string_view rest = from(bytes, word); !rest.empty();
       rest = from(rest.substr(word.text.size()), word)) {
    const std::size_t before = bytes.substr(0, bytes.size() - rest.size()).find_last_not_of(" \t");
    if (before != std::string_view::npos && bytes[before] == '(') return true;
  }
  return false;
}

/// True if a file may contain what PragmaFinder::find_in_text() finds: few files do.
bool may_make_pragmas(std::string_view bytes) {
  for (std::string_view rest = from(bytes, kGcc); !rest.empty(); rest = from(rest, kGcc)) {
    rest.remove_prefix(kGcc.text.size());
    if (rest.starts_with("target") || rest.starts_with("optimize")) return true;
  }
  return !from(bytes, kOnce).empty() || begins_an_argument(bytes, kTarget) ||
         begins_an_argument(bytes, kOptimize);
}

class Scanner {
 public:
  Scanner(std::string_view bytes, const ScanMode& mode, InternName* intern_name = &intern)
      : scan_(std::make_shared<Scan>()),
        reader_(bytes, scan_->mode),
        builder_(*scan_, intern_name),
        operand_(scan_->text, reader_, scan_->mode.lex),
        pragmas_(builder_, reader_, operand_),
        assembler_(builder_, reader_, operand_),
        directives_(builder_, reader_, operand_, pragmas_, assembler_) {
    scan_->mode = mode;
  }

  std::shared_ptr<const Scan> run() {
    if (reader_.bytes().substr(0, 3) == "\xEF\xBB\xBF") reader_.go_to(3);
    may_make_pragmas_ = may_make_pragmas(reader_.bytes());
    while (!reader_.done()) line();
    builder_.finish();
    return std::move(scan_);
  }

 private:
  void line() {
    skip_blanks();
    const int c = reader_.peek();
    if (c == SourceReader::kEnd) return;
    if (c == '\n') {
      reader_.take();
      return;
    }
    const std::uint32_t number = reader_.line();
    if (c == '#') {
      reader_.take();
      directives_.read(number);
    } else if (c == '%' && scan_->mode.lex.digraphs && digraph_hash()) {
      directives_.read(number);
    } else {
      builder_.saw_text();
      const std::string_view rest = reader_.bytes().substr(reader_.at());
      if (scan_->mode.lex.modules && may_be_module_line(rest) && is_module_line(rest))
        builder_.refuse("C++20 module", number);
      text();
    }
    if (reader_.peek() == '\n') reader_.take();
  }

  bool digraph_hash() {
    const SourceReader::Position start = reader_.position();
    reader_.take();
    if (reader_.peek() == ':') {
      reader_.take();
      return true;
    }
    reader_.return_to(start);
    return false;
  }

  /// Skips blanks and comments, newlines only inside comments.
  void skip_blanks() {
    while (true) {
      reader_.skip_indentation();
      const int c = reader_.peek();
      if (c == '/') {
        if (!comment()) return;
      } else if (c != SourceReader::kEnd && c != '\n' && is_blank(static_cast<unsigned char>(c)) &&
                 c != '\r') {
        reader_.take();
      } else {
        return;
      }
    }
  }

  /// At '/': skips a comment; false, and nothing is consumed, if there is none.
  bool comment() {
    const SourceReader::Position start = reader_.position();
    reader_.next();
    const int c = reader_.peek();
    if (c == '*') {
      reader_.take();
      reader_.skip_block_comment();
      return true;
    }
    if (c == '/' && line_comment_here()) {
      reader_.skip_to_newline();
      return true;
    }
    reader_.return_to(start);
    return false;
  }

  /// At the second '/': true if it begins a line comment.
  bool line_comment_here() {
    const LexMode& lex = scan_->mode.lex;
    return lex.c90_comments ? reader_.peek_second() != '*' : lex.line_comments;
  }

  /// At a newline after text: goes on to the next line that is not blank if that is text as well. Most lines
  /// are, and line() is not needed for them.
  bool next_line_is_text() {
    const std::string_view bytes = reader_.bytes();
    std::size_t at = reader_.at();
    std::uint32_t lines = 0;
    for (; at < bytes.size(); ++at) {
      const char c = bytes[at];
      if (c == '\n') ++lines;
      if (c == '\n' || c == ' ' || c == '\t') continue;
      const Byte kind = kBytes[static_cast<unsigned char>(c)];
      const LexMode& lex = scan_->mode.lex;
      const bool comment = c == '/' && lex.line_comments && !lex.c90_comments && bytes.substr(at, 2) == "//";
      const bool word =
          kind == Byte::Identifier && !(scan_->mode.lex.modules && may_be_module_line(bytes.substr(at)));
      const bool plain = kind == Byte::Plain && c != '#' && c != '%';
      if (!comment && !word && !plain && kind != Byte::Digit && kind != Byte::Quote) return false;
      reader_.go_to(at, lines);
      return true;
    }
    return false;
  }

  /// Reads text up to the newline before a line that may be a directive.
  void text() {
    while (true) {
      // In assembler text a word may be a statement.
      if (!scan_->mode.lex.assembler) {
        const std::size_t start = reader_.at();
        reader_.go_to(skip_plain_text(reader_.bytes(), start));
        if (may_make_pragmas_) [[unlikely]]
          pragmas_.find_in_text(reader_.bytes().substr(start, reader_.at() - start), reader_.line());
      }
      if (reader_.done()) return;
      switch (kBytes[reader_.raw()]) {
        case Byte::Plain:
        case Byte::Blank:
          reader_.skip_raw();
          break;
        case Byte::Identifier:
          identifier();
          break;
        case Byte::Digit:
          number();
          break;
        case Byte::Quote:
          quoted();
          break;
        case Byte::Slash:
          if (!comment()) reader_.skip_raw();
          break;
        case Byte::Newline:
          if (!next_line_is_text()) return;
          break;
        case Byte::CarriageReturn:
        case Byte::Backslash:
        case Byte::Question: {
          const int c = reader_.peek();  // skips a splice
          if (c == '\n') return;
          if (c == SourceReader::kEnd) return;
          // The character itself or one that a trigraph means; anything else is classified next.
          if (c == '\\' || c == '?' || c != reader_.raw()) reader_.take();
          break;
        }
      }
    }
  }

  void identifier() {
    const std::size_t start = reader_.at();
    while (identifier_byte(reader_.raw())) reader_.skip_raw();
    const unsigned char after = reader_.raw();
    std::string_view name = reader_.bytes().substr(start, reader_.at() - start);
    if (after == '\\' || (after == '?' && scan_->mode.lex.trigraphs)) {
      spliced_.assign(name);
      for (int c = reader_.peek(); c != SourceReader::kEnd && identifier_byte(static_cast<unsigned char>(c));
           c = reader_.peek()) {
        spliced_ += static_cast<char>(c);
        reader_.take();
      }
      name = spliced_;
    }
    if (name.back() == 'R' && reader_.raw() == '"' && scan_->mode.lex.raw_strings &&
        is_literal_prefix(name, true)) {
      raw_string();
    } else if (name == "_Pragma") {
      pragmas_.read_operator();
    } else if (is_local_value(name)) {
      builder_.add_named(DirectiveKind::LocalValue, intern(name), reader_.line());
    } else if (scan_->mode.lex.assembler && start > 0 && reader_.bytes()[start - 1] == '.' &&
               (equal_ignoring_case(name, "incbin") || equal_ignoring_case(name, "include"))) {
      assembler_.read_statement(name.size() == std::string_view("incbin").size());
    }
  }

  void number() {
    while (true) {
      const int c = reader_.peek();
      if (c == SourceReader::kEnd) return;
      const auto byte = static_cast<unsigned char>(c);
      if (identifier_byte(byte) || c == '.') {
        reader_.take();
      } else if (c == '\'' && scan_->mode.lex.digit_separators && separator_follows()) {
        reader_.take();
      } else {
        return;
      }
    }
  }

  bool separator_follows() {
    const int c = reader_.peek_second();
    return c != SourceReader::kEnd && identifier_byte(static_cast<unsigned char>(c));
  }

  void quoted() {
    const std::size_t start = reader_.at();
    const std::uint32_t number = reader_.line();
    const int quote = reader_.next();
    for (;;) {
      while (kBytes[reader_.raw()] == Byte::Identifier || reader_.raw() == ' ') reader_.skip_raw();
      const int c = reader_.peek();
      if (c == SourceReader::kEnd || c == '\n') break;
      reader_.take();
      if (c == quote) break;
      if (c == '\\' && reader_.peek() != SourceReader::kEnd && reader_.peek() != '\n') reader_.take();
    }
    if (quote != '"') return;
    std::string_view literal = reader_.bytes().substr(start, reader_.at() - start);
    const bool trigraph = scan_->mode.lex.trigraphs && literal.find("??") != std::string_view::npos;
    if (trigraph || reader_.line() != number) {  // or splices inside
      spliced_ = read_characters(literal, scan_->mode);
      literal = spliced_;
    }
    assembler_.find_in_literal(literal, reader_.bytes().substr(reader_.at()), number);
    // An argument, or after a splice: most literals are neither.
    const std::string_view before = reader_.bytes().substr(0, start);
    const std::size_t last = before.find_last_not_of(" \t");
    if (last == std::string_view::npos) return;
    // The end of the word ".incbin", of a comment or of a splice, also on a line before.
    const std::size_t end = before.find_last_not_of(" \t\r\n\f\v");
    if (end != std::string_view::npos &&
        std::string_view("nN/\\").find(before[end]) != std::string_view::npos)
      assembler_.find_before_literal(end_of(before, 256), number);
    if ((before[last] == '(' || before[last] == '\n'))
      pragmas_.find_in_argument(end_of(before, 64),
                                literal.substr(1, literal.size() < 2 ? 0 : literal.size() - 2), number);
  }

  void raw_string() {
    const std::uint32_t number = reader_.line();
    assembler_.find_in_raw_string(operand_.take_raw_string(), number);
  }

  static std::string_view end_of(std::string_view text, std::size_t bytes) {
    return text.substr(text.size() - std::min(text.size(), bytes));
  }

  std::shared_ptr<Scan> scan_;
  SourceReader reader_;
  ScanBuilder builder_;
  OperandReader operand_;
  PragmaFinder pragmas_;
  AssemblerFinder assembler_;
  DirectiveReader directives_;
  std::string spliced_;
  bool may_make_pragmas_ = false;  ///< may_make_pragmas()
};

}  // namespace

Scan::Scan() = default;
Scan::~Scan() = default;

std::size_t Scan::bytes() const {
  constexpr std::size_t kTokensPerText = 3;  // bytes of tokens for each byte of text
  return sizeof *this + directives.capacity() * sizeof directives[0] +
         (1 + kTokensPerText) * text.capacity() + definitions.capacity() * sizeof(Definition) +
         expressions.capacity() * sizeof expressions[0];
}

std::uint32_t ScanMode::bits() const {
  std::uint32_t bits = 0;
  for (const bool flag :
       {lex.raw_strings, lex.line_comments, lex.trigraphs, lex.assembler, lex.digit_separators, lex.cplusplus,
        lex.dollars, lex.elifdef, lex.modules, lex.c90_comments, lex.digraphs, lex.unicode_names})
    bits = bits << 1U | (flag ? 1U : 0U);
  return bits;
}

const std::vector<Token>& LazyTokens::get(const Scan& scan) const {
  if (const auto* tokens = tokens_.load(std::memory_order_acquire); tokens != nullptr) return *tokens;
  auto* made = new std::vector<Token>;
  tokenize(std::string_view(scan.text).substr(text_, length_), scan.mode.lex, names_, *made);
  const std::vector<Token>* expected = nullptr;
  if (tokens_.compare_exchange_strong(expected, made, std::memory_order_acq_rel)) return *made;
  delete made;
  return *expected;
}

std::shared_ptr<const Scan> scan_text(std::string_view bytes, const ScanMode& mode) {
  return Scanner(bytes, mode).run();
}

std::shared_ptr<const Scan> scan_given_macros(std::string_view lines, const ScanMode& mode) {
  return Scanner(lines, mode, &intern_given).run();
}

}  // namespace pump::include_server

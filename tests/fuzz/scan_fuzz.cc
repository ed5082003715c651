// libFuzzer target: the directive scanner. Any bytes in any mode give a well-formed list: indices within it,
// operands within its text, groups properly nested; and tokenizing every operand terminates. Four more
// properties hold for any text, and the scanner's fast paths could break them:
//   - a second scan gives the same list;
//   - the text without its line splices, or with many more, gives the same list (without raw strings, which keep them);
//   - the text with its trigraphs replaced gives the same list;
//   - the list, written as directives, gives the same list again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/lexer/macro_definition.h"
#include "pump/include_server/lexer/scan.h"
#include "pump/include_server/send_plan/absolute_includes.h"

using namespace pump::include_server;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

LexMode mode_of(std::uint32_t bits) {
  LexMode mode;
  mode.raw_strings = (bits & 1U) != 0;
  mode.line_comments = (bits & 2U) != 0;
  mode.trigraphs = (bits & 4U) != 0;
  mode.assembler = (bits & 8U) != 0;
  mode.digit_separators = (bits & 16U) != 0;
  mode.cplusplus = (bits & 32U) != 0;
  mode.dollars = (bits & 64U) != 0;
  mode.elifdef = (bits & 128U) != 0;
  mode.modules = (bits & 256U) != 0;
  mode.c90_comments = (bits & 512U) != 0;
  return mode;
}

bool opens_branch(DirectiveKind kind) {
  switch (kind) {
    case DirectiveKind::If:
    case DirectiveKind::Ifdef:
    case DirectiveKind::Ifndef:
    case DirectiveKind::Elif:
    case DirectiveKind::Elifdef:
    case DirectiveKind::Elifndef:
    case DirectiveKind::Else:
      return true;
    default:
      return false;
  }
}

bool has_operand(DirectiveKind kind) {
  return kind == DirectiveKind::If || kind == DirectiveKind::Elif;
}

/// Without the number of lines.
std::uint8_t flags_of(const Directive& directive) {
  return static_cast<std::uint8_t>(directive.flags & ~kManyLines);
}

/// Everything about a directive except its lines and its position.
void require_same(const Scan& one, const Scan& two) {
  require(one.directives.size() == two.directives.size() && one.guard == two.guard &&
          one.literal_includes == two.literal_includes);
  for (std::size_t i = 0; i < one.directives.size(); ++i) {
    const Directive& a = one.directives[i];
    const Directive& b = two.directives[i];
    require(a.kind == b.kind && flags_of(a) == flags_of(b) && a.name == b.name && a.next == b.next &&
            a.end == b.end);
    if (has_operand(a.kind)) require(trim_blanks(one.operand(a)) == trim_blanks(two.operand(b)));
  }
}

/// Translation phase 2, written as simply as possible. Lone CRs and CRLFs become newlines.
std::string without_splices(std::string_view bytes) {
  std::string plain;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\r') {
      plain += '\n';
      if (i + 1 < bytes.size() && bytes[i + 1] == '\n') ++i;
      continue;
    }
    if (bytes[i] == '\\') {
      const std::size_t end = bytes.find_first_not_of(" \t\f\v", i + 1);
      if (end != std::string_view::npos && (bytes[end] == '\n' || bytes[end] == '\r')) {
        i = end;
        if (bytes[end] == '\r' && end + 1 < bytes.size() && bytes[end + 1] == '\n') ++i;
        continue;
      }
    }
    plain += bytes[i];
  }
  return plain;
}

void check_splices(std::string_view bytes, ScanMode mode, std::size_t every) {
  mode.lex.raw_strings = mode.lex.trigraphs = false;
  mode.lex.modules =
      false;  // module lines are read from the raw bytes: compilers accept them only without line splices
  mode.lex.assembler = false;  // so are the assembler's own directives
  const std::string plain = without_splices(bytes);
  // "\\<splice><newline>" leaves a backslash that the text without splices would join to the next line.
  if (without_splices(plain) != plain ||
      bytes.starts_with("\xEF\xBB\xBF") != plain.starts_with("\xEF\xBB\xBF"))
    return;
  const auto expected = scan_text(plain, mode);
  require_same(*scan_text(bytes, mode), *expected);
  // The reverse: with line splices everywhere, the fast paths are not taken.
  std::string spliced;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    spliced += plain[i];
    if (i % every == 0) spliced += "\\\n";
  }
  if (!plain.starts_with('\xEF')) require_same(*scan_text(spliced, mode), *expected);
}

/// Translation phase 1.
std::string without_trigraphs(std::string_view bytes) {
  constexpr std::string_view kThird = "=/'()!<>-", kMeaning = "#\\^[]|{}~";
  std::string plain;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t which =
        bytes.substr(i, 2) == "??" && i + 2 < bytes.size() ? kThird.find(bytes[i + 2]) : kThird.npos;
    plain += which == kThird.npos ? bytes[i] : kMeaning[which];
    if (which != kThird.npos) i += 2;
  }
  return plain;
}

void check_trigraphs(std::string_view bytes, ScanMode mode) {
  mode.lex.raw_strings = mode.lex.modules = mode.lex.assembler = false;
  const std::string plain = without_trigraphs(bytes);
  mode.lex.trigraphs = true;
  const auto scan = scan_text(bytes, mode);
  mode.lex.trigraphs = false;
  require_same(*scan, *scan_text(plain, mode));
}

/// A directive as source text; empty if it has no such form.
std::string written_out(const Scan& scan, const Directive& directive) {
  const std::string name(spelling(directive.name));
  switch (directive.kind) {
    case DirectiveKind::If:
      return "#if " + std::string(scan.operand(directive));
    case DirectiveKind::Elif:
      return "#elif " + std::string(scan.operand(directive));
    case DirectiveKind::Ifdef:
      return "#ifdef " + name;
    case DirectiveKind::Ifndef:
      return "#ifndef " + name;
    case DirectiveKind::Elifdef:
      return "#elifdef " + name;
    case DirectiveKind::Elifndef:
      return "#elifndef " + name;
    case DirectiveKind::Else:
      return "#else " + name;
    case DirectiveKind::Endif:
      return "#endif " + name;
    case DirectiveKind::Undef:
      return "#undef " + name;
    case DirectiveKind::PragmaOnce:
      return "#pragma once";
    case DirectiveKind::Include:
      if ((directive.flags & kComputed) != 0) return {};
      return "#include " + ((directive.flags & kAngled) != 0 ? "<" + name + ">" : "\"" + name + "\"");
    default:
      return {};
  }
}

void check_written_out(const Scan& scan) {
  std::string text;
  std::vector<const Directive*> written;
  for (const Directive& directive : scan.directives) {
    const std::string line = written_out(scan, directive);
    if (line.empty()) continue;
    // A line that ends in a backslash would continue; a newline in a raw string is not one in another mode's
    // literal.
    if (trim_blanks(line).back() == '\\' || line.find('\n') != std::string::npos) return;
    // Characters that splices join ("/" and "*") mean something else without the splice.
    if (has_operand(directive.kind) && line.find('/') != std::string::npos) return;
    text += line + "\n";
    written.push_back(&directive);
  }
  ScanMode mode = scan.mode;
  mode.lex.trigraphs = false;
  const auto again = scan_text(text, mode);
  require(again->directives.size() == written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    const Directive& a = *written[i];
    const Directive& b = again->directives[i];
    require(a.kind == b.kind && a.name == b.name && flags_of(a) == flags_of(b));
    if (has_operand(a.kind)) require(trim_blanks(scan.operand(a)) == trim_blanks(again->operand(b)));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const LexMode lex = mode_of(data[0] | static_cast<std::uint32_t>(data[size - 1]) << 8U);
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto scan = scan_text(bytes, ScanMode{lex});
  require(scan != nullptr);
  const std::size_t count = scan->directives.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Directive& directive = scan->directives[i];
    require(std::size_t{directive.text} + directive.length <= scan->text.size());
    if (opens_branch(directive.kind)) {
      // Forward only, so that following them terminates.
      require(directive.next > i && directive.next <= count);
      require(directive.end > i && directive.end <= count && directive.next <= directive.end);
    }
    (void)scan->operand(directive);
  }
  require_same(*scan, *scan_text(bytes, ScanMode{lex}));
  check_splices(bytes, ScanMode{lex}, 1 + bytes.size() % 5);
  check_trigraphs(bytes, ScanMode{lex});
  check_written_out(*scan);
  for (const LazyTokens& tokens : scan->expressions) (void)tokens.get(*scan);
  for (const AbsoluteInclude& include : find_absolute_includes(bytes, lex))
    require(include.begin <= include.end && include.end <= bytes.size());
  return 0;
}

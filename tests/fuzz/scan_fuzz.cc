// libFuzzer target: the directive scanner. Any bytes in any mode give a well-formed list: indices within it, operands
// within its text, groups properly nested; and tokenizing every operand ends.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "pump/include_server/absolute_includes.h"
#include "pump/include_server/scan.h"

using namespace pump::include_server;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

LexMode mode_of(std::uint8_t bits) {
  LexMode mode;
  mode.raw_strings = (bits & 1U) != 0;
  mode.line_comments = (bits & 2U) != 0;
  mode.trigraphs = (bits & 4U) != 0;
  mode.assembler = (bits & 8U) != 0;
  mode.digit_separators = (bits & 16U) != 0;
  mode.cplusplus = (bits & 32U) != 0;
  mode.dollars = (bits & 64U) != 0;
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
    case DirectiveKind::Else: return true;
    default: return false;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const LexMode lex = mode_of(data[0]);
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto scan = scan_text(bytes, ScanMode{lex, (data[0] & 128U) != 0});
  require(scan != nullptr);
  const std::size_t count = scan->directives.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Directive& directive = scan->directives[i];
    require(std::size_t{directive.text} + directive.length <= scan->text.size());
    if (opens_branch(directive.kind)) {
      // Forward only: whoever follows them ends.
      require(directive.next > i && directive.next <= count);
      require(directive.end > i && directive.end <= count && directive.next <= directive.end);
    }
    (void)scan->operand(directive);
  }
  for (const LazyTokens& tokens : scan->expressions) (void)tokens.get(*scan);
  for (const AbsoluteInclude& include : find_absolute_includes(bytes, lex))
    require(include.begin <= include.end && include.end <= bytes.size());
  return 0;
}

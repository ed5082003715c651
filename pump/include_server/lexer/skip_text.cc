#include "pump/include_server/lexer/skip_text.h"

#include "pump/include_server/lexer/token.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace pump::include_server {
namespace {

constexpr bool ends_line(char c) {
  return c == '\n' || c == '\r' || c == '\\' || c == '?';
}
constexpr bool may_matter(char c) {
  return ends_line(c) || c == '"' || c == '\'' || c == '/';
}

#ifdef __SSE2__
constexpr std::size_t kBlock = 16;

__m128i load(const char* bytes) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
}
__m128i equal(__m128i block, char c) {
  return _mm_cmpeq_epi8(block, _mm_set1_epi8(c));
}
__m128i either(__m128i a, __m128i b) {
  return _mm_or_si128(a, b);
}
__m128i line_ends(__m128i block) {
  return either(either(equal(block, '\n'), equal(block, '\r')),
                either(equal(block, '\\'), equal(block, '?')));
}
/// The index of the first hit of a block; negative: none.
int first(__m128i hits) {
  const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hits));
  return mask == 0 ? -1 : __builtin_ctz(mask);
}
#endif

/// At '_': true if it may be in _Pragma or a word that is_local_value(). A splice in the word is found as a
/// backslash.
bool word_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  return rest.starts_with("_Pragma") || rest.starts_with("_TIMESTAMP_") || rest.starts_with("_BASE_FILE_") ||
         rest.starts_with("_TIME__") || rest.starts_with("_DATE__") || rest.starts_with("_PRETTY_FUNCTION_");
}

/// Index of the first byte that may matter, or of the '_' of such a word.
std::size_t find_what_may_matter(std::string_view text, std::size_t at) {
#ifdef __SSE2__
  // Two bytes more than a block are read: "_P", "_TI", "_BA" and "_DA" may straddle two.
  for (; at + kBlock + 1 < text.size(); at += kBlock) {
    const __m128i block = load(text.data() + at);
    // '/' and '?' differ in one bit.
    const __m128i slash_or_question = equal(either(block, _mm_set1_epi8('/' ^ '?')), '?');
    const __m128i ends = either(either(equal(block, '\n'), equal(block, '\r')), equal(block, '\\'));
    const __m128i quotes = either(equal(block, '"'), equal(block, '\''));
    const __m128i second = load(text.data() + at + 1);
    const __m128i third = load(text.data() + at + 2);
    const __m128i time = _mm_and_si128(equal(second, 'T'), equal(third, 'I'));
    const __m128i base_or_date =
        _mm_and_si128(either(equal(second, 'B'), equal(second, 'D')), equal(third, 'A'));
    const __m128i words =
        _mm_and_si128(equal(block, '_'), either(equal(second, 'P'), either(time, base_or_date)));
    const __m128i hits = either(either(slash_or_question, ends), either(quotes, words));
    auto mask = static_cast<unsigned>(_mm_movemask_epi8(hits));
    if (mask == 0) [[likely]]
      continue;
    for (; mask != 0; mask &= mask - 1) {
      const std::size_t hit = at + static_cast<std::size_t>(__builtin_ctz(mask));
      if (text[hit] != '_' || word_at(text, hit)) return hit;
    }
  }
#endif
  for (; at < text.size(); ++at) {
    if (may_matter(text[at])) return at;
    if (text[at] == '_' && word_at(text, at)) return at;
  }
  return at;
}

bool continues_word(char c) {
  return is_identifier_byte(static_cast<unsigned char>(c)) || c == '.';
}

}  // namespace

std::size_t skip_plain_text(std::string_view text, std::size_t at) {
  const std::size_t hit = find_what_may_matter(text, at);
  if (hit == text.size() || text[hit] == '\n' || text[hit] == '/') return hit;
  // An apostrophe may separate digits, a quote may follow R, an identifier may continue after a splice.
  std::size_t start = hit;
  while (start > at && continues_word(text[start - 1])) --start;
  return start;
}

std::size_t find_line_end(std::string_view text, std::size_t at) {
#ifdef __SSE2__
  for (; at + kBlock <= text.size(); at += kBlock) {
    const int hit = first(line_ends(load(text.data() + at)));
    if (hit >= 0) return at + static_cast<std::size_t>(hit);
  }
#endif
  while (at < text.size() && !ends_line(text[at])) ++at;
  return at;
}

}  // namespace pump::include_server

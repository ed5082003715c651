#include "pump/include_server/compiler/compiler_query.h"

#include <algorithm>

#include "pump/include_server/compiler/probe_output.h"
#include "pump/os/format.h"
#include "pump/os/text.h"

namespace pump::include_server {
namespace {

constexpr unsigned kBits = 63;  // of intmax_t; values are usually dates like 202311 and 20230206

}  // namespace

// In #if lines, where every compiler has to give the value.
std::string query_text(std::string_view query) {
  std::string text =
      os::format("pump_asked\n#if !({0})\npump_zero\n#endif\n#if ({0}) < 0\npump_negative\n#endif\n", query);
  for (unsigned bit = 0; bit < kBits; ++bit)
    text += os::format("#if ({}) & {}\npump_bit {}\n#endif\n", query, std::uint64_t{1} << bit, bit);
  return text + "pump_end\n";
}

std::optional<std::int64_t> read_query_answer(std::string_view output) {
  std::int64_t value = 0;
  bool zero = false, negative = false, complete = false;
  os::for_each_line(output, [&](std::string_view line) {
    zero |= first_word_is(line, "pump_zero");
    negative |= first_word_is(line, "pump_negative");
    complete |= first_word_is(line, "pump_end");
    if (first_word_is(line, "pump_bit")) value |= std::int64_t{1} << (number_in(line) % kBits);
  });
  // An ill-formed query has neither a zero nor a bit.
  if (!complete || negative || zero == (value != 0)) return std::nullopt;
  return value;
}

std::string pragma_query(std::string_view pragma) {
  return os::format("#pragma GCC {}", pragma);
}

std::optional<std::string> pragma_query_text(std::string_view query) {
  if (query == pragma_query("optimize"))
    return R"probe(#pragma GCC optimize("O0")
#ifdef __OPTIMIZE__
#define pump_before
#endif
#pragma GCC optimize("O2")
#if defined __OPTIMIZE__ && !defined pump_before
#error pump_defines_macros
#endif
#error pump_end
)probe";
  if (query == pragma_query("target"))
    return R"probe(#if defined __x86_64__ || defined __i386__
#pragma GCC target("no-avx2")
#ifdef __AVX2__
#define pump_before
#endif
#pragma GCC target("avx2")
#if defined __AVX2__ && !defined pump_before
#error pump_defines_macros
#endif
#else
#error pump_defines_macros
#endif
#error pump_end
)probe";
  return std::nullopt;
}

std::optional<std::int64_t> read_pragma_answer(std::string_view errors) {
  if (errors.find("#error pump_end") == std::string_view::npos) return std::nullopt;
  return errors.find("#error pump_defines_macros") != std::string_view::npos ? 1 : 0;
}

std::string sanitised_query(std::string_view query) {
  constexpr std::size_t kLongest = 300;
  std::string clean;
  for (const char c : query) {
    if (c == ' ' || c == '\t') continue;
    const bool harmless = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          c == '_' || c == ':' || c == '(' || c == ')' || c == ',' || c == '.' || c == '-' ||
                          c == '+' || c == '"';
    if (!harmless) return {};
    clean += c;
  }
  const std::size_t open = clean.find('(');
  if (clean.size() > kLongest || open == std::string::npos || open + 2 >= clean.size() || clean.back() != ')')
    return {};
  const std::string_view name = std::string_view(clean).substr(0, open);
  if (!name.starts_with("__has_") && !name.starts_with("__is_") && name != "__building_module") return {};
  // These depend on files, not on the compiler.
  if (name.starts_with("__has_include") || name == "__has_embed") return {};
  if (std::count(clean.begin(), clean.end(), '(') != 1 || std::count(clean.begin(), clean.end(), ')') != 1 ||
      std::count(clean.begin(), clean.end(), '"') % 2 != 0)
    return {};
  return clean;
}

}  // namespace pump::include_server

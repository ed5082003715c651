#include "pump/include_server/compiler/probe_text.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "pump/include_server/compiler/advance_queries.h"
#include "pump/include_server/compiler/naming_probe.h"
#include "pump/include_server/compiler/probe_output.h"
#include "pump/os/format.h"
#include "pump/os/text.h"

namespace pump::include_server {
namespace {

std::vector<std::string> split(std::string_view names) {
  std::vector<std::string> result;
  for (std::size_t start = 0; start < names.size();) {
    const std::size_t end = std::min(names.find(' ', start), names.size());
    if (end > start) result.emplace_back(names.substr(start, end - start));
    start = end + 1;
  }
  return result;
}

struct Query {
  std::string text;
  std::string function;
};

const std::vector<Query>& queries() {
  static const std::vector<Query> all = [] {
    std::vector<Query> list;
    for (const QueryGroup& group : kQueryGroups)
      for (const std::string& argument : split(group.arguments))
        list.push_back({os::format("{}({})", group.function, argument), std::string(group.function)});
    return list;
  }();
  return all;
}

const std::vector<std::string>& names() {
  static const std::vector<std::string> all = split(kBuiltinNames);
  return all;
}

// gcc's C preprocessor does not accept "::", and a function that is not defined would not be expanded.
std::string guard_of(const Query& query) {
  const bool scoped = query.text.find("::") != std::string::npos;
  return os::format("#if defined {}{}\n", query.function,
                    scoped ? " && (defined __cplusplus || defined __clang__)" : "");
}

// What becomes of the rest of a line shows how the compiler reads it: R"()" as a raw string or as R and a
// string, and so on. (In C90 mode "//**/" is a slash and a comment. gcc reads "//" in a directive as two
// slashes in that mode, too.)
constexpr std::string_view kLexText = R"probe(
#define R pump_no_raw
pump_raw R"()"
#undef R
pump_comment //**/x
#define C 1 //2
pump_directive C
#undef C
#define B pump_no_separator
pump_separator 1'B'B
#undef B
pump_trigraph "??="
#define DLR pump_no_dollar
pump_dollar x$DLR
#undef DLR
#if 0
#elifndef pump_undefined
pump_elifdef
#endif
#if true
pump_true
#endif
#if '\377' > 0
pump_unsigned_char
#endif
#if 'aa' - 'bb' > 0
pump_unsigned_multichar
#endif
#if 4 >> -1
pump_reverse
#endif
#if 1 and not 0
pump_words
#endif
#if L'a' - L'b' > 0
pump_unsigned_wide
#endif
%:define pump_digraph
#ifdef pump_digraph
pump_digraphs
#endif
#define pump_caf\u00e9
#ifdef pump_café
#ifndef pump_caf
pump_unicode_names
#endif
#endif
#define PICK(a, b, c, ...) c
#define COUNT(...) PICK(0, ## __VA_ARGS__, keeps, drops, x)
pump_comma COUNT()
#undef COUNT
#undef PICK
)probe";

// Shows `answer` if every character of C's basic set has its ASCII value.
std::string ascii_text(std::string_view prefix, std::string_view answer) {
  std::string text = "#if 1";
  for (char c = ' '; c <= '~'; ++c)
    if (c != '$' && c != '@' && c != '`')
      text += os::format(" && {}'{}{}' == {}", prefix, c == '\'' || c == '\\' ? "\\" : "", c, int{c});
  constexpr std::string_view kEscapes = "a\ab\bf\fn\nr\rt\tv\v";
  for (std::size_t i = 0; i < kEscapes.size(); i += 2)
    text += os::format(" && {}'\\{}' == {}", prefix, kEscapes[i], int{kEscapes[i + 1]});
  return os::format("{}\n{}\n#endif\n", text, answer);
}

// "pump_value 12 201907L" (the L is clang's) -> 201907; nothing if the compiler did not replace the query by
// a number.
std::optional<std::int64_t> value_in(std::string_view line) {
  const char* const end = line.data() + line.size();
  const char* const at = line.data() + line.rfind(' ') + 1;
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(at, end, value);
  const bool number = error == std::errc() && (rest == end || (*rest == 'L' && rest + 1 == end));
  const bool alone = std::count(line.begin(), line.end(), ' ') == 2;
  return number && alone ? std::optional(value) : std::nullopt;
}

void read_lex_line(std::string_view line, LexMode& lex, Dialect& dialect) {
  const auto has = [line](std::string_view part) { return line.find(part) != std::string_view::npos; };
  if (first_word_is(line, "pump_raw")) {
    lex.raw_strings = !has("pump_no_raw");
  } else if (first_word_is(line, "pump_comment")) {
    lex.c90_comments = has("x");
  } else if (first_word_is(line, "pump_directive")) {
    lex.line_comments = !has("2");
  } else if (first_word_is(line, "pump_separator")) {
    lex.digit_separators = !has("pump_no_separator");
  } else if (first_word_is(line, "pump_trigraph")) {
    lex.trigraphs = !has("?");
  } else if (first_word_is(line, "pump_dollar")) {
    lex.dollars = !has("pump_no_dollar");
  } else if (first_word_is(line, "pump_elifdef")) {
    lex.elifdef = true;
  } else if (first_word_is(line, "pump_true")) {
    dialect.true_is_one = true;
  } else if (first_word_is(line, "pump_unsigned_char")) {
    dialect.signed_char = false;
  } else if (first_word_is(line, "pump_unsigned_multichar")) {
    dialect.signed_multichar = false;
  } else if (first_word_is(line, "pump_reverse")) {
    dialect.shifts_reverse = true;
  } else if (first_word_is(line, "pump_words")) {
    dialect.operator_words = true;
  } else if (first_word_is(line, "pump_unsigned_wide")) {
    dialect.signed_wide = false;
  } else if (first_word_is(line, "pump_ascii")) {
    dialect.ascii = true;
  } else if (first_word_is(line, "pump_wide_ascii")) {
    dialect.wide_ascii = true;
  } else if (first_word_is(line, "pump_digraphs")) {
    lex.digraphs = true;
  } else if (first_word_is(line, "pump_unicode_names")) {
    lex.unicode_names = true;
  } else if (first_word_is(line, "pump_comma")) {
    dialect.keeps_lone_comma = has("keeps");
  }
}

}  // namespace

// gcc and clang expand these functions to a number outside of #if, too. Testing the bits of the number in #if
// lines would take half as long as the compiler's start.
std::string probe_text(const std::string& layout) {
  static const std::string text = [] {
    std::string out = std::string(kProbeBegin) + "\n";
    for (std::size_t i = 0; i < names().size(); ++i)
      out += os::format("#ifdef {}\npump_name {}\n#endif\n", names()[i], i);
    std::string guard;
    for (std::size_t i = 0; i < queries().size(); ++i) {
      if (std::string next = guard_of(queries()[i]); next != guard) {
        if (!guard.empty()) out += "#endif\n";
        out += guard = std::move(next);
      }
      out += os::format("pump_value {} {}\n", i, queries()[i].text);
    }
    out += "#endif\n";
    out += kLexText;
    out += ascii_text("", "pump_ascii");
    out += ascii_text("L", "pump_wide_ascii");
    out += "pump_end\n";
    return out;
  }();
  // After "pump_end", so that nothing else depends on its result.
  return text + naming_text(layout);
}

ProbeAnswers read_answers(std::string_view output) {
  ProbeAnswers answers;
  // False unless a line of the output shows the contrary.
  LexMode& lex = answers.lex;
  Dialect& dialect = answers.dialect;
  lex.elifdef = lex.digraphs = lex.unicode_names = false;
  dialect.true_is_one = dialect.shifts_reverse = dialect.operator_words = dialect.ascii = dialect.wide_ascii =
      false;
  NamingAnswers naming;
  os::for_each_line(output, [&](std::string_view line) {
    if (!line.starts_with("pump_")) return;
    if (first_word_is(line, "pump_name")) {
      if (const std::size_t index = number_in(line); index < names().size())
        answers.builtin_names.push_back(names()[index]);
    } else if (first_word_is(line, "pump_value")) {
      const std::size_t index = number_in(line);
      if (const auto value = value_in(line); value && index < queries().size())
        answers.known_queries.emplace_back(queries()[index].text, *value);
    } else if (first_word_is(line, "pump_end")) {
      answers.complete = true;
    } else {
      read_lex_line(line, lex, dialect);
      naming.read(line);
    }
  });
  answers.naming_known = naming.any();
  if (answers.naming_known) naming.apply_to(dialect);
  return answers;
}

}  // namespace pump::include_server

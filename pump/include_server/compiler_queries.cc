#include "pump/include_server/compiler_queries.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "pump/include_server/compiler_query_list.h"
#include "pump/include_server/lines.h"

namespace pump::include_server {
namespace {

constexpr unsigned kBits = 19;  // values are dates like 202311

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
        list.push_back({fmt::format("{}({})", group.function, argument), std::string(group.function)});
    return list;
  }();
  return all;
}

const std::vector<std::string>& names() {
  static const std::vector<std::string> all = split(kBuiltinNames);
  return all;
}

/// gcc's C preprocessor knows no "::", and an undefined function is none to be expanded.
std::string guard_of(const Query& query) {
  const bool scoped = query.text.find("::") != std::string::npos;
  return fmt::format("#if defined {}{}\n", query.function,
                     scoped ? " && (defined __cplusplus || defined __clang__)" : "");
}

// Each line shows, by what becomes of the rest of it, whether the compiler took it for a part of something
// else. (In C90 mode "//" is two slashes before "*"; for gcc in directives, too, and where it is a comment
// that is an error but in system headers.)
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
#define PICK(a, b, c, ...) c
#define COUNT(...) PICK(0, ## __VA_ARGS__, keeps, drops, x)
pump_comma COUNT()
#undef COUNT
#undef PICK
)probe";

// "pump_name 12" -> 12
std::size_t number_in(std::string_view line) {
  std::size_t number = 0;
  const std::size_t at = std::min(line.find(' '), line.size() - 1) + 1;
  std::from_chars(line.data() + at, line.data() + line.size(), number);
  return number;
}

// "pump_value 12 201907L" (the L is clang's) -> 201907; nothing where the question was not understood.
std::optional<std::int64_t> value_in(std::string_view line) {
  const char* const end = line.data() + line.size();
  const char* const at = line.data() + line.rfind(' ') + 1;
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(at, end, value);
  const bool number = error == std::errc() && (rest == end || (*rest == 'L' && rest + 1 == end));
  const bool alone = std::count(line.begin(), line.end(), ' ') == 2;
  return number && alone ? std::optional(value) : std::nullopt;
}

bool starts(std::string_view line, std::string_view word) {
  return line.starts_with(word) && (line.size() == word.size() || line[word.size()] == ' ');
}

void read_lex_line(std::string_view line, LexMode& lex, Dialect& dialect) {
  const auto has = [line](std::string_view part) { return line.find(part) != std::string_view::npos; };
  if (starts(line, "pump_raw")) {
    lex.raw_strings = !has("pump_no_raw");
  } else if (starts(line, "pump_comment")) {
    lex.c90_comments = has("x");
  } else if (starts(line, "pump_directive")) {
    lex.line_comments = !has("2");
  } else if (starts(line, "pump_separator")) {
    lex.digit_separators = !has("pump_no_separator");
  } else if (starts(line, "pump_trigraph")) {
    lex.trigraphs = !has("?");
  } else if (starts(line, "pump_dollar")) {
    lex.dollars = !has("pump_no_dollar");
  } else if (starts(line, "pump_elifdef")) {
    lex.elifdef = true;
  } else if (starts(line, "pump_true")) {
    dialect.true_is_one = true;
  } else if (starts(line, "pump_unsigned_char")) {
    dialect.signed_char = false;
  } else if (starts(line, "pump_unsigned_multichar")) {
    dialect.signed_multichar = false;
  } else if (starts(line, "pump_reverse")) {
    dialect.shifts_reverse = true;
  } else if (starts(line, "pump_comma")) {
    dialect.keeps_lone_comma = has("keeps");
  }
}

}  // namespace

// Outside of #if, too, gcc and clang expand these functions to a number. Asking for it in an #if, bit by bit,
// takes half as long again as the compiler's start.
const std::string& probe_text() {
  static const std::string text = [] {
    std::string out = std::string(kProbeBegin) + "\n";
    for (std::size_t i = 0; i < names().size(); ++i)
      out += fmt::format("#ifdef {}\npump_name {}\n#endif\n", names()[i], i);
    std::string guard;
    for (std::size_t i = 0; i < queries().size(); ++i) {
      if (std::string next = guard_of(queries()[i]); next != guard) {
        if (!guard.empty()) out += "#endif\n";
        out += guard = std::move(next);
      }
      out += fmt::format("pump_value {} {}\n", i, queries()[i].text);
    }
    out += "#endif\n";
    out += kLexText;
    out += "pump_end\n";
    return out;
  }();
  return text;
}

ProbeAnswers read_answers(std::string_view output) {
  ProbeAnswers answers;
  answers.lex.elifdef = answers.dialect.true_is_one = answers.dialect.shifts_reverse = false;
  for_each_line(output, [&](std::string_view line) {
    if (!line.starts_with("pump_")) return;
    if (starts(line, "pump_name")) {
      if (const std::size_t index = number_in(line); index < names().size())
        answers.builtin_names.push_back(names()[index]);
    } else if (starts(line, "pump_value")) {
      const std::size_t index = number_in(line);
      if (const auto value = value_in(line); value && index < queries().size())
        answers.known_queries.emplace_back(queries()[index].text, *value);
    } else if (starts(line, "pump_end")) {
      answers.complete = true;
    } else {
      read_lex_line(line, answers.lex, answers.dialect);
    }
  });
  return answers;
}

// In an #if, where every compiler has to answer.
std::string query_text(std::string_view query) {
  std::string text = fmt::format("pump_asked\n#if {}\n", query);
  for (unsigned bit = 0; bit < kBits; ++bit)
    text += fmt::format("#if ({}) & {}\npump_bit {}\n#endif\n", query, 1U << bit, bit);
  return text + "#endif\npump_end\n";
}

std::optional<std::int64_t> read_query_answer(std::string_view output) {
  std::int64_t value = 0;
  bool asked = false, complete = false;
  for_each_line(output, [&](std::string_view line) {
    asked |= starts(line, "pump_asked");
    complete |= starts(line, "pump_end");
    if (starts(line, "pump_bit")) value |= std::int64_t{1} << (number_in(line) % kBits);
  });
  if (!asked || !complete) return std::nullopt;
  return value;
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
  // These are about files, not about the compiler.
  if (name.starts_with("__has_include") || name == "__has_embed") return {};
  if (std::count(clean.begin(), clean.end(), '(') != 1 || std::count(clean.begin(), clean.end(), ')') != 1 ||
      std::count(clean.begin(), clean.end(), '"') % 2 != 0)
    return {};
  return clean;
}

}  // namespace pump::include_server

#include "pump/include_server/compiler_queries.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>

#include "pump/include_server/compiler_query_list.h"

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

/// Of the macro PUMP_QUERY, bit by bit; the lines are the same for every query and read only where there are dates.
std::string bits_of(std::string_view query, std::string_view index) {
  std::string text;
  for (unsigned bit = 0; bit < kBits; ++bit)
    text += fmt::format("#if ({}) & {}\npump_bit {} {}\n#endif\n", query, 1U << bit, index, bit);
  return text;
}

/// gcc gives a standard attribute's date to __has_attribute, too (c-family/c-lex.cc, c_common_has_attribute).
bool is_standard_attribute(std::string_view query) {
  constexpr std::string_view kStandard[] = {
      "assume",  "carries_dependency", "deprecated", "fallthrough", "indeterminate", "likely",     "maybe_unused",
      "nodiscard", "no_unique_address", "noreturn",   "reproducible", "unlikely",     "unsequenced"};
  return std::any_of(std::begin(kStandard), std::end(kStandard),
                     [&](std::string_view name) { return query.find(name) != std::string_view::npos; });
}

bool may_exceed_one(const Query& query) {
  if (query.function == "__has_attribute" && is_standard_attribute(query.text)) return true;
  return query.function == "__has_cpp_attribute" || query.function == "__has_c_attribute" ||
         query.text.find("__builtin_operator_") != std::string::npos;
}

// Each line shows, by what becomes of the rest of it, whether the compiler took it for a part of something
// else. (gcc in C90 mode drops "//x" with an error, and takes "//" for two slashes in directives and before
// "*".)
constexpr std::string_view kLexText = R"probe(
#define R pump_no_raw
pump_raw R"()"
#undef R
pump_comment //**/x
#define B pump_no_separator
pump_separator 1'B'B
#undef B
pump_trigraph "??="
#define DLR pump_no_dollar
pump_dollar x$DLR
#undef DLR
)probe";

// "pump_bit 12 3" -> 12, 3.
std::array<std::size_t, 2> numbers(std::string_view line) {
  std::array<std::size_t, 2> result{};
  const char* at = line.data() + std::min(line.find(' '), line.size());
  const char* end = line.data() + line.size();
  for (std::size_t& number : result) {
    while (at < end && *at == ' ') ++at;
    at = std::from_chars(at, end, number).ptr;
  }
  return result;
}

bool starts(std::string_view line, std::string_view word) {
  return line.starts_with(word) && (line.size() == word.size() || line[word.size()] == ' ');
}

template <typename Visit>
void for_each_line(std::string_view text, Visit visit) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    visit(text.substr(start, end - start));
    start = end + 1;
  }
}

void read_lex_line(std::string_view line, LexMode& lex) {
  const auto has = [line](std::string_view part) { return line.find(part) != std::string_view::npos; };
  if (starts(line, "pump_raw")) {
    lex.raw_strings = !has("pump_no_raw");
  } else if (starts(line, "pump_comment")) {
    lex.line_comments = !has("x");
  } else if (starts(line, "pump_separator")) {
    lex.digit_separators = !has("pump_no_separator");
  } else if (starts(line, "pump_trigraph")) {
    lex.trigraphs = !has("?");
  } else if (starts(line, "pump_dollar")) {
    lex.dollars = !has("pump_no_dollar");
  }
}

}  // namespace

std::string probe_text(std::string_view bits_file) {
  static const std::string text = [] {
    std::string out;
    for (std::size_t i = 0; i < names().size(); ++i)
      out += fmt::format("#ifdef {}\npump_name {}\n#endif\n", names()[i], i);
    for (std::size_t i = 0; i < queries().size(); ++i) {
      const Query& query = queries()[i];
      // gcc's C preprocessor knows no "::"; an undefined function in #if is an error everywhere.
      const bool scoped = query.text.find("::") != std::string::npos;
      out += fmt::format("#if defined {}{}\npump_asked {}\n", query.function,
                         scoped ? " && (defined __cplusplus || defined __clang__)" : "", i);
      out += may_exceed_one(query)
                 ? fmt::format("#if {0}\n#if ({0}) > 1\n#undef PUMP_QUERY\n#undef PUMP_INDEX\n"
                               "#define PUMP_QUERY {0}\n#define PUMP_INDEX {1}\n#include PUMP_BITS\n"
                               "#else\npump_bit {1} 0\n#endif\n#endif\n",
                               query.text, i)
                 : fmt::format("#if {}\npump_true {}\n#endif\n", query.text, i);
      out += "#endif\n";
    }
    out += kLexText;
    out += "pump_end\n";
    return out;
  }();
  return fmt::format("{}\n#define PUMP_BITS \"{}\"\n{}", kProbeBegin, bits_file, text);
}

const std::string& probe_bits() {
  static const std::string text = bits_of("PUMP_QUERY", "PUMP_INDEX");
  return text;
}

ProbeAnswers read_answers(std::string_view output) {
  ProbeAnswers answers;
  std::map<std::size_t, std::int64_t> values;
  for_each_line(output, [&](std::string_view line) {
    if (!line.starts_with("pump_")) return;
    const auto [index, bit] = numbers(line);
    if (starts(line, "pump_name")) {
      if (index < names().size()) answers.builtin_names.push_back(names()[index]);
    } else if (starts(line, "pump_asked")) {
      values[index] = 0;
    } else if (starts(line, "pump_true")) {
      values[index] = 1;
    } else if (starts(line, "pump_bit")) {
      values[index] |= std::int64_t{1} << (bit % kBits);
    } else if (starts(line, "pump_end")) {
      answers.complete = true;
    } else {
      read_lex_line(line, answers.lex);
    }
  });
  for (const auto& [index, value] : values)
    if (index < queries().size()) answers.known_queries.emplace_back(queries()[index].text, value);
  return answers;
}

std::string query_text(std::string_view query) {
  return fmt::format("pump_asked 0\n#if {}\n{}#endif\npump_end\n", query, bits_of(query, "0"));
}

std::optional<std::int64_t> read_query_answer(std::string_view output) {
  std::int64_t value = 0;
  bool asked = false, complete = false;
  for_each_line(output, [&](std::string_view line) {
    asked |= starts(line, "pump_asked");
    complete |= starts(line, "pump_end");
    if (starts(line, "pump_bit")) value |= std::int64_t{1} << (numbers(line)[1] % kBits);
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

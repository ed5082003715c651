#include "pump/include_server/compiler/compiler_queries.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "pump/include_server/compiler/compiler_query_list.h"
#include "pump/include_server/support/lines.h"

namespace pump::include_server {
namespace {

constexpr unsigned kBits = 63;  // of intmax_t: values are dates like 202311 and 20230206, as a rule

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

// Is each character of C's basic set the ASCII one?
std::string ascii_question(std::string_view prefix, std::string_view answer) {
  std::string question = "#if 1";
  for (char c = ' '; c <= '~'; ++c)
    if (c != '$' && c != '@' && c != '`')
      question += fmt::format(" && {}'{}{}' == {}", prefix, c == '\'' || c == '\\' ? "\\" : "", c, int{c});
  constexpr std::string_view kEscapes = "a\ab\bf\fn\nr\rt\tv\v";
  for (std::size_t i = 0; i < kEscapes.size(); i += 2)
    question += fmt::format(" && {}'\\{}' == {}", prefix, kEscapes[i], int{kEscapes[i + 1]});
  return fmt::format("{}\n{}\n#endif\n", question, answer);
}

constexpr std::array<LayoutFile, 10> kNamingLayout = {{
    {"real.h", R"probe(#ifndef pump_second
#define pump_second
pump_entered __FILE__
#if __has_include("../c/x.h")
#endif
pump_met __FILE__
#include "beside.h"
#else
pump_again __FILE__
#include "beside.h"
#endif
)probe"},
    {"a/x.h", {}, "../real.h"},
    {"b/x.h", {}, "../real.h"},
    {"c/x.h", {}, "../real.h"},
    {"a/beside.h", "pump_beside __FILE__\n"},
    {"b/beside.h", "pump_beside __FILE__\n"},
    {"c/beside.h", "pump_beside __FILE__\n"},
    {"d/other.h", "\n"},
    {"d/y.h", "#include \"z.h\"\n"},
    {"d/z.h", "pump_named __FILE__\n"},
}};

// Met as c/x.h, entered as a/x.h and b/x.h; the directory d met as "./d", its file entered from "d". gcc is
// not asked: its names are those of each #include, and a file that it finds missing would end its run.
std::string naming_question(const std::string& layout) {
  return fmt::format(R"probe(#ifdef __clang__
#if __has_include("{0}/c/x.h")
#endif
#include "{0}/a/x.h"
#include "{0}/b/x.h"
#if __has_include("{0}/./d/other.h")
#endif
#include "{0}/d/y.h"
#endif
)probe",
                     layout);
}

// What those lines said: the part of each name below the layout.
struct Naming {
  std::string entered, met, again, named;
  std::vector<std::string> beside;
};

void read_naming_line(std::string_view line, Naming& naming) {
  const auto name = [&](std::string_view part) {
    const std::size_t at = line.rfind(part);
    return std::string(at == std::string_view::npos ? "?" : line.substr(at, line.rfind('"') - at));
  };
  const std::string two_parts = [&] {
    const std::size_t last = line.rfind('/');
    const std::size_t before = last == std::string_view::npos || last == 0 ? last : line.rfind('/', last - 1);
    return before == std::string_view::npos ? std::string("?") : name(line.substr(before));
  }();
  if (line.starts_with("pump_entered")) naming.entered = two_parts;
  if (line.starts_with("pump_met")) naming.met = two_parts;
  if (line.starts_with("pump_again")) naming.again = two_parts;
  if (line.starts_with("pump_beside")) naming.beside.push_back(two_parts);
  if (line.starts_with("pump_named"))
    naming.named = line.find("/./d/z.h") != std::string_view::npos ? "first" : two_parts;
}

// Where the answers fit no rule, the dialect says so.
void conclude(const Naming& naming, Dialect& dialect) {
  dialect.files = FileNaming::LastLookup;
  dialect.directories = DirectoryNaming::Unsure;
  if (naming.entered != "/a/x.h") return;
  const auto beside = [&](std::string_view first, std::string_view second) {
    return naming.beside.size() == 2 && naming.beside[0] == first && naming.beside[1] == second;
  };
  const bool stays = naming.met == "/a/x.h";
  if (stays && naming.again == "/a/x.h") {
    dialect.files = FileNaming::First;
  } else if (stays && naming.again == "/b/x.h") {
    dialect.files = FileNaming::EachInclude;
  } else if (naming.met != "/c/x.h" || naming.again != "/b/x.h") {
    return;
  }
  const bool each = dialect.files == FileNaming::EachInclude;
  if (naming.named == "first" && !each && beside("/c/beside.h", "/c/beside.h"))
    dialect.directories = DirectoryNaming::First;
  if (naming.named == "/d/z.h" && dialect.files != FileNaming::LastLookup &&
      beside("/a/beside.h", each ? "/b/beside.h" : "/a/beside.h"))
    dialect.directories = DirectoryNaming::OfFile;
}

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
  } else if (starts(line, "pump_words")) {
    dialect.operator_words = true;
  } else if (starts(line, "pump_unsigned_wide")) {
    dialect.signed_wide = false;
  } else if (starts(line, "pump_ascii")) {
    dialect.ascii = true;
  } else if (starts(line, "pump_wide_ascii")) {
    dialect.wide_ascii = true;
  } else if (starts(line, "pump_digraphs")) {
    lex.digraphs = true;
  } else if (starts(line, "pump_unicode_names")) {
    lex.unicode_names = true;
  } else if (starts(line, "pump_comma")) {
    dialect.keeps_lone_comma = has("keeps");
  }
}

}  // namespace

// Outside of #if, too, gcc and clang expand these functions to a number. Asking for it in an #if, bit by bit,
// takes half as long again as the compiler's start.
std::string probe_text(const std::string& layout) {
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
    out += ascii_question("", "pump_ascii");
    out += ascii_question("L", "pump_wide_ascii");
    out += "pump_end\n";
    return out;
  }();
  // Behind the end: nothing else depends on what becomes of it.
  return text + naming_question(layout);
}

std::span<const LayoutFile> naming_layout() {
  return kNamingLayout;
}

ProbeAnswers read_answers(std::string_view output) {
  ProbeAnswers answers;
  // What a line must show.
  LexMode& lex = answers.lex;
  Dialect& dialect = answers.dialect;
  lex.elifdef = lex.digraphs = lex.unicode_names = false;
  dialect.true_is_one = dialect.shifts_reverse = dialect.operator_words = dialect.ascii = dialect.wide_ascii =
      false;
  Naming naming;
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
      read_lex_line(line, lex, dialect);
      read_naming_line(line, naming);
    }
  });
  if (!naming.entered.empty()) conclude(naming, dialect);
  answers.naming_told = !naming.entered.empty();
  return answers;
}

// In an #if, where every compiler has to answer.
std::string query_text(std::string_view query) {
  std::string text =
      fmt::format("pump_asked\n#if !({0})\npump_zero\n#endif\n#if ({0}) < 0\npump_negative\n#endif\n", query);
  for (unsigned bit = 0; bit < kBits; ++bit)
    text += fmt::format("#if ({}) & {}\npump_bit {}\n#endif\n", query, std::uint64_t{1} << bit, bit);
  return text + "pump_end\n";
}

std::optional<std::int64_t> read_query_answer(std::string_view output) {
  std::int64_t value = 0;
  bool zero = false, negative = false, complete = false;
  for_each_line(output, [&](std::string_view line) {
    zero |= starts(line, "pump_zero");
    negative |= starts(line, "pump_negative");
    complete |= starts(line, "pump_end");
    if (starts(line, "pump_bit")) value |= std::int64_t{1} << (number_in(line) % kBits);
  });
  // A question that is ill-formed has neither.
  if (!complete || negative || zero == (value != 0)) return std::nullopt;
  return value;
}

std::string pragma_query(std::string_view pragma) {
  return fmt::format("#pragma GCC {}", pragma);
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
  // These are about files, not about the compiler.
  if (name.starts_with("__has_include") || name == "__has_embed") return {};
  if (std::count(clean.begin(), clean.end(), '(') != 1 || std::count(clean.begin(), clean.end(), ')') != 1 ||
      std::count(clean.begin(), clean.end(), '"') % 2 != 0)
    return {};
  return clean;
}

}  // namespace pump::include_server

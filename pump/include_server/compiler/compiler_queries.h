// What every compiler is asked once, with its defaults: the __has_… questions that common libraries' headers
// ask (libstdc++, libc++, Boost, abseil, fmt, GoogleTest, Eigen, protobuf), the names it defines without a
// #define, how it lexes and evaluates. One run answers them all; anything else costs a run of its own. Pure;
// any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/compiler/compiler_profile.h"

namespace pump::include_server {

/// The text to preprocess. Its output goes to read_answers(), from the line kProbeBegin on. `layout`: the
/// absolute path of a directory that holds naming_layout().
std::string probe_text(const std::string& layout);

/// Files, and links to them, by which clang shows how it names a file that it meets by several names.
struct LayoutFile {
  std::string_view path;
  std::string_view content;
  std::string_view link_target = {};  ///< it is a link, if not empty
};
std::span<const LayoutFile> naming_layout();
inline constexpr std::string_view kProbeBegin = "pump_begin";

struct ProbeAnswers {
  std::vector<std::string> builtin_names;
  std::vector<std::pair<std::string, std::int64_t>> known_queries;  ///< in the list's order
  LexMode lex;
  Dialect dialect;
  bool complete = false;     ///< the last line was reached
  bool naming_told = false;  ///< Dialect::files and directories are clang's answers
};
ProbeAnswers read_answers(std::string_view output);

/// Text that asks for the value of one query, and its answer; nothing where the output has none.
std::string query_text(std::string_view query);
std::optional<std::int64_t> read_query_answer(std::string_view output);

/// Whether "#pragma GCC target" or "#pragma GCC optimize" defines and undefines macros: a query for the same
/// interface that -E cannot answer. Text to be parsed (-fsyntax-only), and the answer in the errors that come
/// of it.
std::string pragma_query(std::string_view pragma);
std::optional<std::string> pragma_query_text(std::string_view query);
std::optional<std::int64_t> read_pragma_answer(std::string_view errors);

/// `query` without blanks, or empty if it is not of the form __has_…(ARGUMENT) or __is_…(ARGUMENT) with a
/// harmless argument: names, "::", commas, dots, a string of such.
std::string sanitised_query(std::string_view query);

}  // namespace pump::include_server

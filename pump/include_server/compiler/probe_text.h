// The text that a new compiler preprocesses once, and the answers in its output: the __has_… queries of
// common libraries' headers (advance_queries.h), the names it defines without a #define, how it lexes and
// evaluates, and how clang names files (naming_probe.h). One run answers all of them; any other query costs a
// run of its own (compiler_query.h).
//
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pump/include_server/lexer/language.h"

namespace pump::include_server {

/// The line at which the answers begin in the compiler's output. Before it are the predefined macros.
inline constexpr std::string_view kProbeBegin = "pump_begin";

/// The text. `layout`: the absolute path of a directory that contains naming_layout().
std::string probe_text(const std::string& layout);

struct ProbeAnswers {
  std::vector<std::string> builtin_names;
  std::vector<std::pair<std::string, std::int64_t>> known_queries;  ///< in the order of advance_queries.h
  LexMode lex;  ///< without `cplusplus`, `assembler` and `modules`, which are not asked
  Dialect dialect;
  bool complete = false;      ///< the output contains the text's last line
  bool naming_known = false;  ///< Dialect::files and directories are clang's answers
};
ProbeAnswers read_answers(std::string_view output);

}  // namespace pump::include_server

// What one compiler does by itself: its default directories and macros, how it reads text.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "pump/include_server/lexer/language.h"

namespace pump::include_server {

/// One compiler with the flags that matter: default directories, predefined macros. Immutable, shared. Equal
/// flags give the same object until the compiler changes. -undef is a flag that matters: `predefined` already
/// reflects it.
struct CompilerProfile {
  std::uint64_t id = 0;
  /// Equal for profiles that differ in macros and directories only: all that the compiler was asked in
  /// advance has the same answer.
  std::uint64_t answers_id = 0;
  /// Equal where what was remembered under one holds under the other; `asked`: it took a question not asked in advance.
  [[nodiscard]] std::uint64_t cache_id(bool asked) const { return asked ? id : answers_id; }
  std::string compiler;  ///< resolved path
  bool clang = false;
  std::vector<std::string> quote_directories;  ///< as -v lists them (always empty without flags)
  std::vector<std::string>
      system_directories;  ///< default `<...>` directories, in order, as the compiler spells them
  /// The same in the compiler's order with those in between that a relative --sysroot or -B adds: they lie in
  /// the project and are sent.
  std::vector<std::string> searched_directories;
  std::string predefined;                ///< "#define ..." lines, command-line macros not included
  bool preincludes_stdc_predef = false;  ///< gcc: `#include <stdc-predef.h>` before everything
  /// Answers of the compiler: "__has_builtin(__builtin_abs)" etc. -> value. Anything else is asked or
  /// unknown.
  std::vector<std::pair<std::string, std::int64_t>> known_queries;
  /// How this compiler, in this mode, splits text: found out by asking it, so that no table of versions can
  /// be wrong.
  LexMode lex;
  Dialect dialect;
  std::string target_language;  ///< -x name the profile was made for
  /// Which of __has_include, __has_include_next, __has_builtin, __has_attribute, __has_cpp_attribute,
  /// __has_feature,
  /// __has_extension, __has_embed, __COUNTER__, … the compiler defines.
  std::vector<std::string> builtin_names;
};

}  // namespace pump::include_server

// The defaults of one compiler: directories, macros, and how it reads text. A value type; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "pump/include_server/lexer/language.h"

namespace pump::include_server {

/// One compiler under certain flags (unit/profile_flags.h), for one language. Made by compiler_cache.h,
/// immutable and shared: equal flags give the same object until the compiler changes.
struct CompilerProfile {
  std::uint64_t id = 0;
  /// Equal for profiles that differ in macros and directories only: the answers to all questions that the
  /// probe contains are the same.
  std::uint64_t answers_id = 0;
  /// Results that are cached under one cache_id hold for every profile with the same one. `asked`: the result
  /// needed an answer that is not in the probe.
  [[nodiscard]] std::uint64_t cache_id(bool asked) const { return asked ? id : answers_id; }
  std::string compiler;  ///< absolute path
  std::string version;   ///< as it writes it into an object's .comment; empty: not known
  bool clang = false;
  std::vector<std::string> quote_directories;  ///< as -v lists them; empty unless a flag adds some
  /// Default directories of `#include <…>`, in order, as the compiler spells them. The compile server has
  /// them too.
  std::vector<std::string> system_directories;
  /// `system_directories`, and those that a relative --sysroot or -B adds, which lie in the project and are
  /// sent.
  std::vector<std::string> searched_directories;
  std::string predefined;                ///< "#define …" lines, without the command line's; reflects -undef
  bool preincludes_stdc_predef = false;  ///< gcc includes <stdc-predef.h> before everything
  /// The compiler's answers: "__has_builtin(__builtin_abs)" etc. and the value.
  std::vector<std::pair<std::string, std::int64_t>> known_queries;
  /// How the compiler splits text into tokens. Found out by a probe, so no table of versions can be wrong.
  LexMode lex;
  Dialect dialect;
  std::string target_language;  ///< the -x name of the profile's language
  /// Which of __has_include, __has_builtin, __COUNTER__ and similar names the compiler defines: a part of
  /// kBuiltinNames (advance_queries.h).
  std::vector<std::string> builtin_names;
};

}  // namespace pump::include_server

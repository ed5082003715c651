// The compiler's answers to __has_builtin, __has_attribute and similar queries, cached by one Walker.
//
// Most answers come with the profile. The others are obtained by running the compiler (AskCompiler).
// Part of one Walker; not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "pump/include_server/lexer/interner.h"
#include "pump/include_server/preprocessor/preprocessor.h"

namespace pump::include_server {

class CompilerAnswers {
 public:
  explicit CompilerAnswers(AskCompiler ask) : ask_(std::move(ask)) {}

  /// `unit` must live until the next call.
  void begin_unit(const Unit& unit) { unit_ = &unit; }
  /// The value of, for example, `__has_builtin(__builtin_abs)`; nothing: unknown.
  std::optional<std::int64_t> value(const std::string& query);
  /// True if `#pragma GCC target` or `optimize` (`pragma`) defines macros. gcc does that in C always, in C++
  /// from gcc 14 (target) and gcc 16 (optimize) on; clang never does.
  bool pragma_changes_macros(Symbol pragma);

  /// True if a value() since note_questions() was not part of the profile: it depends on all flags of the
  /// compiler.
  [[nodiscard]] bool asked_compiler() const { return asked_compiler_; }
  void note_questions() { asked_compiler_ = false; }

 private:
  AskCompiler ask_;
  const Unit* unit_ = nullptr;
  bool asked_compiler_ = false;
  std::uint64_t profile_answers_id_ = 0;  ///< CompilerProfile::answers_id of profile_answers_
  std::map<std::string, std::int64_t> profile_answers_;
  std::uint64_t asked_profile_ = 0;  ///< CompilerProfile::id of asked_
  std::map<std::string, std::optional<std::int64_t>> asked_;
};

}  // namespace pump::include_server

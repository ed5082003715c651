#include "pump/include_server/preprocessor/compiler_answers.h"

#include "pump/include_server/compiler/compiler_query.h"

namespace pump::include_server {
namespace {

constexpr std::size_t kMostAsked = 10'000;

}  // namespace

std::optional<std::int64_t> CompilerAnswers::value(const std::string& query) {
  const CompilerProfile& profile = *unit_->profile;
  if (profile_answers_id_ != profile.answers_id) {
    profile_answers_id_ = profile.answers_id;
    profile_answers_.clear();
    for (const auto& [known, value] : profile.known_queries) profile_answers_[known] = value;
  }
  if (const auto known = profile_answers_.find(query); known != profile_answers_.end()) return known->second;
  asked_compiler_ = true;
  if (asked_profile_ != profile.id) {
    asked_profile_ = profile.id;
    asked_.clear();
  }
  if (const auto asked = asked_.find(query); asked != asked_.end()) return asked->second;
  const std::optional<std::int64_t> answer = ask_ ? ask_(profile, query) : std::nullopt;
  if (asked_.size() < kMostAsked) asked_[query] = answer;
  return answer;
}

bool CompilerAnswers::pragma_changes_macros(Symbol pragma) {
  if (unit_->profile->clang) return false;
  if (!unit_->lex.cplusplus) return true;
  return value(pragma_query(spelling(pragma))).value_or(1) != 0;
}

}  // namespace pump::include_server

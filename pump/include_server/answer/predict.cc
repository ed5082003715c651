#include "pump/include_server/answer/predict.h"

#include <algorithm>

namespace pump::include_server {
namespace {

bool is_exact(const Closure& closure) {
  return closure.inexact.empty() && !closure.approximate;
}

}  // namespace

distcc::Prediction prediction(const Unit& unit, const Closure& closure, const SendPlan& plan) {
  distcc::Prediction prediction;
  prediction.exact = is_exact(closure);
  prediction.compiler = unit.profile->version;
  prediction.precompiled_header = closure.precompiled_header;
  prediction.uses_date = closure.uses_date;
  prediction.changes_builtin = closure.changes_builtin;
  prediction.shows_names = closure.shows_names;
  for (const ShortenedName& name : closure.shortened)
    prediction.shortened.push_back({std::string(name.found), std::string(name.reported)});
  prediction.edited = std::any_of(plan.entries.begin(), plan.entries.end(),
                                  [](const SendPlanEntry& entry) { return entry.edits.any(); });
  for (const ClosureFile& file : closure.files) {
    // clang's rule has the operands of __has_include and the lists of sanitizers, too.
    if (!file.entered && !file.embedded && !unit.profile->clang) continue;
    prediction.all.add(file.spelled);
    if (!file.system) prediction.user.add(file.spelled);
  }
  return prediction;
}

distcc::PredictedFiles predicted_files(const Closure& closure) {
  distcc::PredictedFiles predicted;
  predicted.exact = is_exact(closure);
  for (const ClosureFile& file : closure.files) {
    // gcc skips a file that is equal to another one, and may leave it out.
    const bool entered = file.entered && file.taken_for == nullptr;
    predicted.files.push_back({file.entry->path(), entered, file.system});
  }
  return predicted;
}

}  // namespace pump::include_server

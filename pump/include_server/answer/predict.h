// What is predicted about a unit's compilation on a host, for the launcher's audit (pump/distcc/prediction.h). Pure; any
// thread.
#pragma once

#include "pump/distcc/prediction.h"
#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/send_plan/send_plan.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

/// The names are those by which the compiler reads the files first. It may write other ones into its rule, if a file has
/// several: then the launcher asks for predicted_files(). `closure`: of `unit`, complete. `plan`: what is sent.
distcc::Prediction prediction(const Unit& unit, const Closure& closure, const SendPlan& plan);
distcc::PredictedFiles predicted_files(const Closure& closure);

}  // namespace pump::include_server

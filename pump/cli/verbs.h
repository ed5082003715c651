// One function per verb; each returns pump's exit status. Main thread.
#pragma once

#include "pump/cli/arguments.h"

namespace pump::cli {

int run_command(const Arguments& arguments);
int startup(const Arguments& arguments);
int shutdown();
int status(const Arguments& arguments);
int jobs(const Arguments& arguments);
int why(const Arguments& arguments);
int version();

/// The descriptors this process was started with: COMMAND gets these, make's job server among them, and none
/// that pump opens. To be called first thing; run_command() depends on it.
void remember_inherited_descriptors();

}  // namespace pump::cli

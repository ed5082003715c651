// The part of `pump COMMAND` that runs first in main(); the verb itself is declared in verbs.h. Main thread.
#pragma once

namespace pump::cli {

/// Records the descriptors that this process was started with. COMMAND inherits these, including make's job
/// server, and none that pump opens. Call it before pump opens anything; run_command() depends on it.
void remember_inherited_descriptors();

}  // namespace pump::cli

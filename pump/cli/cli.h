// The `pump` command: parses its arguments, runs the verb, and returns the exit status. Wrong arguments are
// reported here, other errors by the verb's function. Main thread.
#pragma once

namespace pump::cli {
int main(int argc, char** argv);
}  // namespace pump::cli

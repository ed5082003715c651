// The `pump` command: parses its arguments, runs the verb, and returns the exit status. Errors of all verbs
// become messages here or in the verb's own function; none leaves main(). Main thread.
#pragma once

namespace pump::cli {
int main(int argc, char** argv);
}  // namespace pump::cli

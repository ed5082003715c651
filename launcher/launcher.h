// `pump-launch COMPILER ARGS...`: decides what can be distributed, joins the session, runs distcc (or the
// compiler). Silent on success; exit code, stdout and stderr are the compiler's. One thread.
#pragma once

namespace pump::launcher {
int main(int argc, char** argv);
}  // namespace pump::launcher

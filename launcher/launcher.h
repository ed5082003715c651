// `pump-launch COMPILER ARG...`: decides whether the command can be distributed, and then either becomes the
// compiler or joins the session and runs distcc. Prints nothing on success; exit code, stdout and stderr are
// the compiler's. One thread.
#pragma once

namespace pump::launcher {
int main(int argc, char** argv);
}  // namespace pump::launcher

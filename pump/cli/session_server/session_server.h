// Entry point of the session's server process: this binary, started by ensure_server() under the name below.
//
//   distcc-pump-server --session DIR --backend native|python --linger MS --ready-fd N [--distcc DIR]
//                      -- SERVER_ARGS...
//
// It makes the Backend, with the scheduler, and calls session::serve(). Main thread.
#pragma once

namespace pump::cli {
inline constexpr char kSessionServerName[] = "distcc-pump-server";
int session_server_main(int argc, char** argv);
}  // namespace pump::cli

// The session's server process as ensure_server() starts it: this binary, called by this name.
//   distcc-pump-server --session DIR --backend native|python --linger MS --ready-fd N [--distcc DIR] --
//   SERVER_ARGS...
// It picks the Backend and hands over to session::serve().
#pragma once

namespace pump::cli {
inline constexpr char kSessionServerName[] = "distcc-pump-server";
int session_server_main(int argc, char** argv);
}  // namespace pump::cli

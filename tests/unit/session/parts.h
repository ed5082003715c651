// The parts that this test program plays in other processes.
#pragma once

namespace pump::session {

/// serve() with a backend that accepts connections and answers nothing. The environment steers it:
///   FAKE_DELAY=MS    sleeps before it is ready; FAKE_DELAY_BOUND=MS between bind and listen
///   FAKE_FAIL=TEXT   cannot start
///   FAKE_DIE=1       ends without a word while starting
///   FAKE_DOOM=FILE   is unhealthy as soon as FILE exists
///   FAKE_REPORT=FILE writes what it finds around it (descriptors, cwd, session, environment) to FILE
/// It counts a connection as a request served.
int fake_server_main(int argc, char** argv);

/// One client: `test-client MODE` with the session's settings in the environment.
///   stay      joins, ensures a server, prints "PID started_here\n" and stays until its stdin ends
///   rounds N  N times: joins, ensures a server, connects to it, leaves; fails if a server is missing
///   bare      like stay, but with descriptors 0, 1 and 2 closed and few others allowed; ends at once
///   poor      like stay, but with a hard limit of 16 descriptors
///   exec      joins, keeps the lock, becomes `cat`
///   nolocks   with locks that fail with ENOLCK: exits 0 if join() reports that
/// Exit code 0 if all went well; the reason on stderr otherwise.
int client_main(int argc, char** argv);

inline constexpr char kClientName[] = "test-client";

}  // namespace pump::session

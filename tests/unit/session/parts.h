// What this test program does in other processes.
#pragma once

namespace pump::session {

/// A server process: serve() with a backend that accepts connections and sends no replies. Variables set what
/// it does:
///   FAKE_DELAY=MS    sleeps before it is ready; FAKE_DELAY_BOUND=MS between bind and listen
///   FAKE_FAIL=TEXT   cannot start
///   FAKE_DIE=1       exits while starting, after a line to stderr
///   FAKE_DIE=FILE    the same while FILE exists, which it removes
///   FAKE_DOOM=FILE   is unhealthy as soon as FILE exists
///   FAKE_REPORT=FILE writes what it has inherited (descriptors, cwd, process session, environment) to FILE
/// It counts a connection as a request served.
int fake_server_main(int argc, char** argv);

/// One client: `test-client MODE` with the session's settings in the environment.
///   stay             joins, ensures a server, prints "PID started_here\n" and stays until its stdin ends
///   rounds N         N times: joins, ensures a server, connects to it, leaves; fails if a server is missing
///   no-descriptors   as stay, with descriptors 0, 1 and 2 closed and a soft limit of 16; ends at once
///   few-descriptors  as stay, with a hard limit of 16 descriptors
///   exec             joins, keeps the lock, executes `cat`
///   no-locks         locks fail with ENOLCK: exits with 0 if join() reports that, with 77 without seccomp
/// Returns 0 on success; otherwise the reason is on stderr.
int client_main(int argc, char** argv);

inline constexpr char kClientName[] = "test-client";

}  // namespace pump::session

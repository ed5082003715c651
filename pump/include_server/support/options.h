// The include server's own command line, as in distcc's include_server(1).
#pragma once

#include <string>
#include <vector>

#include "pump/os/error.h"

namespace pump::include_server {

struct Options {
  std::string port;               ///< --port: socket path
  std::string pid_file;           ///< --pid_file
  std::string client_tmp;         ///< $DISTCC_CLIENT_TMP
  std::string log_file;           ///< --log_file: where the log goes, bounded; empty: stderr
  unsigned debug = 1;             ///< -d: the bits of Topic (log.h)
  unsigned jobs = 0;              ///< --jobs; 0: cores
  bool statistics = false;        ///< -s
  bool timings = false;           ///< -t
  bool verify = false;            ///< -v: compare with the compiler's own -M
  bool write_includes = false;    ///< -w: write the closure's files to the log
  bool exact_includes = false;    ///< -x: with -v, more than the compiler's own list is an error, too
  bool force_directories = true;  ///< --no_force_dirs
  bool unsafe_absolute_includes = false;
  bool unsafe_no_unexpanded_functions = false;
  std::string stat_reset_triggers;
  std::string path_observation_re;
  std::string email;
  unsigned email_bound = 3;
  bool help = false;        ///< -h, --help
  bool foreground = false;  ///< --foreground: stay in the calling process (include_server_main only)
  int ready_fd = -1;  ///< --ready_fd N: "ok\n", or why not, is written there (include_server_main's own use)
};

/// Parses the arguments (argv[0] not included) as getopt_long does: `-d1`, `-d 1`, `-stv`, `--port=P`,
/// `--port P`, unique prefixes of long names. Error: the unknown option or bad value, named. One thread at a
/// time, as getopt is.
Expected<Options> parse_options(const std::vector<std::string>& arguments, Options defaults = {});

/// What `--help` prints.
const char* usage();

}  // namespace pump::include_server

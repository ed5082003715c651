// The command line of pump-include-server: the options of distcc's include_server(1), and a few more. usage()
// explains each.
#pragma once

#include <cstdint>
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
  unsigned jobs = 0;              ///< --jobs; 0: number of processors
  std::uint64_t memory_mib = 0;   ///< --memory; 0: the default of memory_limit()
  bool statistics = false;        ///< -s
  bool timings = false;           ///< -t
  bool verify = false;            ///< -v: compare each answer with the compiler's own -M
  bool write_includes = false;    ///< -w: log the files of each answer
  bool exact_includes = false;    ///< -x: with -v, a file that the compiler does not list is an error, too
  bool force_directories = true;  ///< --no_force_dirs
  bool unsafe_absolute_includes = false;
  bool unsafe_no_unexpanded_functions = false;  ///< accepted without effect
  std::string stat_reset_triggers;              ///< accepted without effect
  std::string path_observation_re;
  std::string email;         ///< accepted without effect
  unsigned email_bound = 3;  ///< accepted without effect
  bool help = false;         ///< -h, --help
  bool foreground = false;   ///< --foreground: do not go into the background
  /// --ready_fd N: a descriptor to which "ok\n" or an error is written. include_server_main passes it to its
  /// child.
  int ready_fd = -1;
};

/// Bytes: the option --memory, or an eighth of the machine's memory, at least 1 GiB.
std::uint64_t memory_limit(const Options& options);

/// Parses the arguments (argv[0] not included) as getopt_long does: `-d1`, `-d 1`, `-stv`, `--port=P`,
/// `--port P`, unique prefixes of long names. Error: names the unknown option or the bad value. One thread at
/// a time, because getopt has global state.
Expected<Options> parse_options(const std::vector<std::string>& arguments, Options defaults = {});

/// What `--help` prints.
const char* usage();

}  // namespace pump::include_server

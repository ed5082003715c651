#include "pump/cli/arguments.h"

#include <CLI/CLI.hpp>
#include <array>
#include <utility>

namespace pump::cli {
namespace {

struct Flags {
  bool help = false, version = false, startup = false, shutdown = false, status = false, jobs = false,
       why = false;
};

/// COMMAND out of what CLI11 left over: it keeps unknown options there, too, and the "--" that ended pump's
/// own.
Expected<std::vector<std::string>> command_of(std::vector<std::string> rest) {
  if (rest.empty()) return rest;
  if (rest.front() == "--") {
    rest.erase(rest.begin());
    return rest;
  }
  if (rest.front().size() > 1 && rest.front().front() == '-')
    return fail("unknown option " + rest.front() +
                " (an option of COMMAND goes after COMMAND; `pump --help` lists pump's)");
  return rest;
}

Expected<Verb> verb_of(const Flags& flags, bool has_command) {
  if (flags.help) return Verb::Usage;
  const std::array<std::pair<bool, Verb>, 6> verbs{{{flags.version, Verb::Version},
                                                    {flags.startup, Verb::Startup},
                                                    {flags.shutdown, Verb::Shutdown},
                                                    {flags.status, Verb::Status},
                                                    {flags.jobs, Verb::Jobs},
                                                    {flags.why, Verb::Why}}};
  std::optional<Verb> chosen;
  for (const auto& [given, verb] : verbs) {
    if (given && chosen)
      return fail("more than one of --version, --startup, --shutdown, --status, --jobs, --why");
    if (given) chosen = verb;
  }
  if (chosen && chosen != Verb::Jobs && chosen != Verb::Why && has_command)
    return fail(
        "--version, --startup, --shutdown and --status take no COMMAND (`--` before a COMMAND of such a "
        "name)");
  return chosen.value_or(has_command ? Verb::Run : Verb::Usage);
}

}  // namespace

Expected<Arguments> parse_arguments(int argc, const char* const* argv) {
  CLI::App app;
  app.prefix_command();
  app.set_help_flag();  // --help goes with the other verbs, its text is ours
  Flags flags;
  Arguments arguments;
  app.add_flag("-h,--help", flags.help);
  app.add_flag("--version", flags.version);
  app.add_flag("--startup", flags.startup);
  app.add_flag("--shutdown", flags.shutdown);
  app.add_flag("--status", flags.status);
  app.add_flag("--jobs", flags.jobs);
  app.add_flag("--why", flags.why);
  app.add_flag("--no-record", arguments.no_record);
  app.add_flag("--json", arguments.json);
  app.add_option("--include-server", arguments.include_server)->check(CLI::IsMember({"native", "python"}));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return fail(error.what());
  }
  PUMP_TRY(arguments.command, command_of(app.remaining()));
  const bool bare_end = arguments.command.empty() && !app.remaining().empty();
  if (bare_end) return fail("no COMMAND after --");
  PUMP_TRY(arguments.verb, verb_of(flags, !arguments.command.empty()));
  if (arguments.verb == Verb::Jobs && arguments.command.size() > 1)
    return fail("--jobs takes one directory, not also " + arguments.command[1]);
  if (arguments.verb == Verb::Why && arguments.command.size() > 1)
    return fail("--why takes one FILE, not also " + arguments.command[1]);
  if (arguments.json && arguments.verb != Verb::Status && arguments.verb != Verb::Jobs &&
      arguments.verb != Verb::Usage)
    return fail("--json goes with --status and --jobs only");
  return arguments;
}

std::string usage() {
  return R"text(Usage:
  pump [OPTION...] COMMAND [ARG...]
  eval "$(pump --startup)"; BUILD...; pump --shutdown
  pump --why [FILE]
  pump --status [--json] | --jobs [--json] [DIRECTORY] | --version | --help

pump runs a build with distcc's pump mode: not only the compiler but the
preprocessor, too, runs on other machines. An include server finds out which
files a compilation needs; one of them serves all builds of a user, starts with
the first and goes with the last. Sources may change while it runs.

  pump COMMAND [ARG...]  joins the include server, or starts it, runs COMMAND with
                         the environment that distcc needs, and leaves. The exit
                         status is COMMAND's: 128+N if signal N ended it, 127 if it
                         was not found, 126 if it cannot be executed.
  --startup              the same for a shell: prints `export NAME='value'` lines
  --shutdown             ends what --startup began
  --status               the include server, its clients, what it has done
  --why [FILE]           which files of the last builds were not compiled remotely in
                         pump mode, why, what that cost and what to change; of FILE
                         in any case. For compilations through pump-launch
  --no-record            keeps no record of this build for --why and --status
  --jobs [DIRECTORY]     prints the number for -j: the sum of the hosts' limits.
                         DIRECTORY: of the hosts that pump-launch would use there,
                         those of a CMake build's distcc-pump.conf included
  --json                 with --status and --jobs: as JSON
  --include-server=native|python
                         the include server that starts: pump's own (default), or
                         distcc's, written in Python
  --version              pump's version, and the distcc that was found
  -h, --help             this text
  --                     ends pump's options: what follows is COMMAND

Example:
  DISTCC_HOSTS='alpha/8,cpp,lzo beta/16,cpp,lzo' pump ninja -j24

With CMake no pump COMMAND is needed:
  cmake -G Ninja -DCMAKE_C_COMPILER_LAUNCHER=pump-launch \
                 -DCMAKE_CXX_COMPILER_LAUNCHER=pump-launch ...

Environment (all optional):
  DISTCC_HOSTS             the hosts: HOST[:PORT][/JOBS],cpp,lzo separated by blanks.
                           Unset: $DISTCC_DIR/hosts, ~/.distcc/hosts, /etc/distcc/hosts
  DISTCC_POTENTIAL_HOSTS   hosts that may be up: lsdistcc asks them, those that
                           answer are used. Wins over DISTCC_HOSTS
  LSDISTCC_ARGS            more arguments for lsdistcc, split at blanks
  DISTCC_LOCATION          directory of distcc. Default: pump's own directory if it
                           holds distcc, else the first distcc on PATH
  INCLUDE_SERVER_ARGS      arguments for the include server, in shell quoting;
                           nothing in them is expanded or executed
  PUMP_INCLUDE_SERVER      native or python, as --include-server
  PYTHONOPTIMIZE           for the Python include server: empty turns optimisation off
  PUMP_RECORD              0: no records, as --no-record. They live in
                           $XDG_STATE_HOME/distcc-pump or ~/.local/state/distcc-pump
  PUMP_LINGER              seconds the include server stays after its last client (15)
  PUMP_SESSION             a name: builds with different names share no include server
  PUMP_RUNTIME_DIR, XDG_RUNTIME_DIR
                           where its state lives
  DISTCC_CLIENT_TMP        where it mirrors the files to send
  DISTCC_MAX_DISCREPANCY   after this many compilations that fail remotely but succeed
                           here, distcc stops using pump mode. Default: it never does
  DISTCC_TESTING_INCLUDE_SERVER
                           not 0: no progress lines
)text";
}

}  // namespace pump::cli

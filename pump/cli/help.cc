#include "pump/cli/help.h"

#include <array>
#include <cstdlib>

#include "pump/cli/messages.h"
#include "pump/cli/verbs.h"

namespace pump::cli {
namespace {

struct Row {
  std::string_view option;
  std::string_view help;
};

/// Options that are not verbs; arguments.cc parses them.
constexpr std::array<Row, 4> kOptions{{
    {"--no-record", "keeps no record of this build for --why and --status"},
    {"--json", "with --status and --jobs: prints JSON"},
    {"--include-server=native|python",
     "the include server to start: pump's own (default), or\n"
     "distcc's, written in Python"},
    {"--", "ends pump's options: COMMAND follows"},
}};

constexpr std::string_view kDescription = R"text(
pump runs a build with distcc's pump mode: other machines run the preprocessor as
well as the compiler. An include server on this machine finds out which files a
compilation needs. One include server serves all builds of a user: it starts with
the first build and ends after the last. Sources may change while it runs.

)text";

constexpr std::string_view kExamplesAndEnvironment = R"text(
Examples:
  DISTCC_HOSTS='alpha/8,cpp,lzo beta/16,cpp,lzo' pump ninja -j24
  eval "$(pump --startup)"; BUILD...; pump --shutdown

With CMake no pump COMMAND is needed:
  cmake -G Ninja -DCMAKE_C_COMPILER_LAUNCHER=pump-launch \
                 -DCMAKE_CXX_COMPILER_LAUNCHER=pump-launch ...

Environment (all optional):
  DISTCC_HOSTS             the hosts: HOST[:PORT][/JOBS],cpp,lzo separated by blanks.
                           Unset: $DISTCC_DIR/hosts, ~/.distcc/hosts, /etc/distcc/hosts
  DISTCC_POTENTIAL_HOSTS   hosts that may be up: pump uses those that answer lsdistcc.
                           Overrides DISTCC_HOSTS
  LSDISTCC_ARGS            more arguments for lsdistcc, split at blanks
  DISTCC_LOCATION          directory of distcc. Default: pump's own directory if it
                           holds distcc, else the first distcc on PATH
  INCLUDE_SERVER_ARGS      arguments for the include server, in shell quoting;
                           nothing in them is expanded or executed
  PUMP_INCLUDE_SERVER      native or python, as --include-server
  PYTHONOPTIMIZE           for the Python include server: empty turns optimisation off
  PUMP_RECORD              0: keep no records, as --no-record. Records are kept in
                           $XDG_STATE_HOME/distcc-pump or ~/.local/state/distcc-pump
  PUMP_LOCAL_JOBS          for pump-launch: the compilers of a user that run on this
                           machine at once. Default: one per processor; 0: no limit
  PUMP_LINGER              seconds the include server stays after its last client (15)
  PUMP_SESSION             a name: builds with different names share no include server
  PUMP_RUNTIME_DIR, XDG_RUNTIME_DIR
                           where the include server keeps its state
  DISTCC_CLIENT_TMP        where the include server mirrors the files to send
  DISTCC_MAX_DISCREPANCY   after this many compilations that fail remotely but succeed
                           here, distcc stops using pump mode. Default: it never does
  DISTCC_PAUSE_TIME_MSEC   milliseconds that a distcc sleeps if all slots are taken.
                           Default: 20 to 200, 2 for each slot
  DISTCC_TESTING_INCLUDE_SERVER
                           not 0: no progress lines
)text";

std::string operand_of(const Verb& verb) {
  if (verb.most_operands == 1) return " [" + std::string(verb.operand) + "]";
  return verb.operand.empty() ? std::string() : " " + std::string(verb.operand);
}

std::string synopsis(const Verb& verb) {
  std::string line = "  pump ";
  line += verb.option.empty() ? "[OPTION...]" : verb.option;
  if (verb.takes_json) line += " [--json]";
  return line + operand_of(verb) + "\n";
}

/// `left`, then the lines of `help` in a column of their own; below `left` if that is too long.
std::string two_columns(std::string left, std::string_view help) {
  constexpr std::size_t kColumn = 25;
  left.insert(0, 2, ' ');
  std::string text = left;
  if (left.size() + 2 > kColumn)
    text += "\n" + std::string(kColumn, ' ');
  else
    text.append(kColumn - left.size(), ' ');
  for (const char c : help) {
    text += c;
    if (c == '\n') text.append(kColumn, ' ');
  }
  return text + "\n";
}

std::string left_column(const Verb& verb) {
  std::string left(verb.option.empty() ? "pump" : verb.option);
  if (!verb.short_option.empty()) left = std::string(verb.short_option) + ", " + left;
  return left + operand_of(verb);
}

}  // namespace

std::string usage() {
  std::string text = "Usage:\n";
  for (const Verb& verb : verbs()) text += synopsis(verb);
  text += kDescription;
  for (const Verb& verb : verbs()) text += two_columns(left_column(verb), verb.help);
  text += "\nOptions:\n";
  for (const Row& row : kOptions) text += two_columns(std::string(row.option), row.help);
  text += kExamplesAndEnvironment;
  return text;
}

int help(const Arguments& /*arguments*/) {
  return print(usage()) ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace pump::cli

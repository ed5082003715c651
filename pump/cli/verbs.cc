#include "pump/cli/verbs.h"

#include <array>

namespace pump::cli {
namespace {

constexpr std::array<Verb, 8> kVerbs{{
    {.option = "",
     .operand = "COMMAND [ARG...]",
     .most_operands = Verb::kAnyNumber,
     .help = "joins the include server, or starts it, runs COMMAND with\n"
             "the environment that distcc needs, and leaves. The exit\n"
             "status is COMMAND's: 128+N if signal N ended it, 127 if it\n"
             "was not found, 126 if it cannot be executed.",
     .run = run_command},
    {.option = "--startup",
     .help = "does the same for a shell: prints `export NAME='value'`\n"
             "lines for it to evaluate",
     .run = startup},
    {.option = "--shutdown", .help = "ends what --startup began", .run = shutdown},
    {.option = "--status",
     .takes_json = true,
     .help = "shows the include server, its clients, and what it has done",
     .run = status},
    {.option = "--why",
     .operand = "FILE",
     .most_operands = 1,
     .help = "shows which files of the last builds were not compiled\n"
             "remotely in pump mode, why, what that cost, and what to\n"
             "change; FILE is shown even if it was compiled in pump\n"
             "mode. Covers compilations through pump-launch",
     .run = why},
    {.option = "--jobs",
     .operand = "DIRECTORY",
     .most_operands = 1,
     .takes_json = true,
     .help = "prints the number for -j: the sum of the hosts' limits.\n"
             "DIRECTORY: of the hosts that pump-launch would use there,\n"
             "including those of a CMake build's distcc-pump.conf",
     .run = jobs},
    {.option = "--version", .help = "prints pump's version, and the distcc that was found", .run = version},
    {.option = "--help", .short_option = "-h", .help = "prints this text", .run = help},
}};

}  // namespace

std::span<const Verb> verbs() {
  return kVerbs;
}

}  // namespace pump::cli

#include "launcher/launcher.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <map>
#include <string_view>
#include <utility>

#include "launcher/decide/decide.h"
#include "launcher/decide/wrappers.h"
#include "launcher/report/record.h"
#include "launcher/run/distribute.h"
#include "launcher/run/local_slot.h"
#include "launcher/run/run.h"
#include "pump/os/file_io.h"
#include "pump/os/unique_fd.h"

namespace pump::launcher {
namespace {

constexpr std::string_view kUsage =
    "Usage: pump-launch COMPILER [ARG...]\n"
    "\n"
    "Compiles on a host that runs distccd if the command is one compilation that another\n"
    "machine can do, otherwise unchanged on this machine. Exit code and output are the\n"
    "compiler's. The first compilation starts the session's server; it ends some time\n"
    "after the last one.\n"
    "\n"
    "  cmake -DCMAKE_C_COMPILER_LAUNCHER=pump-launch \\\n"
    "        -DCMAKE_CXX_COMPILER_LAUNCHER=pump-launch ...\n"
    "\n"
    "Hosts: DISTCC_HOSTS, distcc-pump.conf beside CMakeCache.txt, DISTCC_POTENTIAL_HOSTS,\n"
    "distcc's hosts files. PUMP_LAUNCH=off turns distribution off. PUMP_LOCAL_JOBS: how many\n"
    "compilers run on this machine at once, by default one per processor; 0: no limit. See\n"
    "`pump --help` and the manual page for the rest.\n";

/// In bytes. Larger files are not sources.
constexpr std::size_t kSourceLimit = 256U << 20U;

std::string working_directory() {
  std::string path(256, '\0');
  while (::getcwd(path.data(), path.size()) == nullptr) {
    if (errno != ERANGE) return {};
    path.resize(path.size() * 2);
  }
  path.resize(path.find('\0'));
  return path;
}

/// CommandContext::identity.
std::string identity_of(const std::string& path) {
  struct stat info {};
  const bool executable = ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
                          (info.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
  return executable ? std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino) : std::string();
}

/// CommandContext::binary. One readlink() of the descriptor gives the file's name with all links followed.
std::string binary_name(const std::string& path) {
  constexpr std::string_view kElf = "\177ELF";
  const os::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  std::array<char, kElf.size()> start{};
  if (!file || ::read(file.get(), start.data(), start.size()) != static_cast<ssize_t>(kElf.size()) ||
      std::string_view(start.data(), start.size()) != kElf)
    return {};
  const auto real = os::read_link("/proc/self/fd/" + std::to_string(file.get()));
  return std::string(os::basename(real ? *real : path));
}

/// CommandContext::real_path.
std::string real_path(const std::string& path) {
  char* const resolved = ::realpath(path.c_str(), nullptr);
  std::string real = resolved == nullptr ? std::string() : resolved;
  std::free(resolved);
  return real;
}

/// The context of this process, whose working directory resolves relative names.
CommandContext make_context() {
  return {.cwd = working_directory(),
          .environment = os::Environment::current(),
          .read = [](const std::string& path) -> std::optional<std::string> {
            auto content = os::read_file(path, kSourceLimit);
            if (!content) return {};
            return *std::move(content);
          },
          .exists = [](const std::string& path) { return ::access(path.c_str(), F_OK) == 0; },
          // The compiler is looked up on PATH by several names, and some of them more than once.
          .identity =
              [known = std::map<std::string, std::string>()](const std::string& path) mutable {
                const auto [entry, is_new] = known.try_emplace(path);
                if (is_new) entry->second = identity_of(path);
                return entry->second;
              },
          .binary = binary_name,
          .output_place = output_place,
          .real_path = real_path};
}

int usage(int fd, int status) {
  (void)os::write_all(fd, kUsage);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return usage(STDERR_FILENO, 2);
  const std::string_view first = argv[1];
  if (first == "--help" || first == "-h") return usage(STDOUT_FILENO, 0);
  if (first == "--version") {
    (void)os::write_all(STDOUT_FILENO, "pump-launch (distcc-pump) " PUMP_VERSION "\n");
    return 0;
  }
  if (first.empty() || first.starts_with('-')) {
    (void)os::write_all(STDERR_FILENO,
                        "pump-launch: expected a compiler, got '" + std::string(first) + "'\n");
    return usage(STDERR_FILENO, 2);
  }
  const CommandContext context = make_context();
  const UnwrappedCommand command = unwrap({argv + 1, argv + argc}, context.environment);
  if (command.kind == CommandKind::Cache) return become_cache(command.argv, context.environment);
  if (command.kind == CommandKind::Distcc) return become_compiler(command.argv, context.environment);
  Decision decision = decide(command.argv, context);
  if (!decision.distribute()) {
    record_local(decision, context);
    if (is_compilation(*decision.local)) take_local_slot(context.environment);
    return become_compiler(command.argv, context.environment);
  }
  return distribute(std::move(decision), command.argv, context);
}

}  // namespace pump::launcher

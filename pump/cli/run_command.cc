#include "pump/cli/run_command.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "pump/cli/build.h"
#include "pump/cli/foreground.h"
#include "pump/cli/verbs.h"
#include "pump/os/format.h"

namespace pump::cli {
namespace {

constexpr int kNotExecutable = 126;
constexpr int kNotFound = 127;

std::vector<int> open_descriptors() {
  std::vector<int> numbers;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir("/proc/self/fd"), &::closedir);
  if (!stream) return numbers;
  while (const dirent* entry = ::readdir(stream.get())) {
    const int number = std::atoi(entry->d_name);
    if (entry->d_name[0] != '.' && number != ::dirfd(stream.get())) numbers.push_back(number);
  }
  return numbers;
}

std::vector<int>& inherited() {
  static std::vector<int> numbers;
  return numbers;
}

/// Sets FD_CLOEXEC on every descriptor that pump opened, because some are open without it (lock files).
/// SpawnOptions::close_others cannot do this: it would also close make's job server.
void hide_own_descriptors() {
  for (const int fd : open_descriptors()) {
    if (fd <= STDERR_FILENO || std::find(inherited().begin(), inherited().end(), fd) != inherited().end())
      continue;
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
}

bool exists_on_path(std::string_view name, std::string_view path) {
  while (!path.empty()) {
    const std::size_t colon = path.find(':');
    struct stat info {};
    const std::string candidate = std::string(path.substr(0, colon)) + "/" + std::string(name);
    if (::stat(candidate.c_str(), &info) == 0 && S_ISREG(info.st_mode)) return true;
    path.remove_prefix(colon == std::string_view::npos ? path.size() : colon + 1);
  }
  return false;
}

int cannot_run(const std::string& command, int code) {
  Messages::error(os::format("cannot run {}: {}", command, std::strerror(code)));
  return code == ENOENT || code == ENOTDIR ? kNotFound : kNotExecutable;
}

/// The file that COMMAND names, looked up as a shell does. Nothing, and errno in `code`, if it cannot be
/// executed.
std::optional<std::string> find_command(const std::string& command, std::string_view path, int& code) {
  auto program = os::find_program(command, path);
  if (!program) {
    code = exists_on_path(command, path) ? EACCES : ENOENT;
    return std::nullopt;
  }
  struct stat info {};
  if (::stat(program->c_str(), &info) != 0)
    code = errno;
  else if (S_ISDIR(info.st_mode))
    code = EISDIR;
  else if (::access(program->c_str(), X_OK) != 0)
    code = errno;
  else
    return program;
  return std::nullopt;
}

Expected<ForegroundResult> run(const std::string& program, const std::vector<std::string>& command,
                               const os::Environment& environment) {
  os::SpawnOptions options;
  options.program = program;
  options.argv = command;
  options.environment = environment;
  options.reset_signals = false;  // signals that pump's caller ignores (nohup) stay ignored in COMMAND
  hide_own_descriptors();
  auto result = run_in_foreground(options);
  if (result || result.error().code != ENOEXEC) return result;
  // A script without "#!": run it with sh, as shells and execvp(3) do.
  options.program = "/bin/sh";
  options.argv = command;
  options.argv.insert(options.argv.begin() + 1, program);
  options.argv.front() = "sh";
  return run_in_foreground(options);
}

}  // namespace

void remember_inherited_descriptors() {
  inherited() = open_descriptors();
}

int run_command(const Arguments& arguments) {
  const Messages messages(os::Environment::current(), STDOUT_FILENO);
  auto build = join(arguments, messages);
  if (!build) {
    Messages::error(build.error().message);
    return EXIT_FAILURE;
  }
  if (!build->membership) Messages::warning("the build runs without pump mode");

  int code = 0;
  const std::string& command = arguments.words.front();
  const auto program = find_command(command, build->environment.get_or("PATH", ""), code);
  if (!program) {
    leave(*std::move(build), messages);
    return cannot_run(command, code);
  }
  const auto result = run(*program, arguments.words, build->environment);
  leave(*std::move(build), messages);
  if (!result) return cannot_run(command, result.error().code);
  if (result->received != 0) die_by_signal(result->received);
  return result->status.shell_code();
}

}  // namespace pump::cli

#include "tests/oracle/compiler_trace.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "pump/os/file_io.h"
#include "pump/os/process.h"

namespace pump::oracle {
namespace {

namespace fs = std::filesystem;

/// Decodes "\x2f\x74…" (strace -xx) from `at` up to the first character that is not an escape.
std::string hex_text(const std::string& line, std::size_t& at) {
  std::string out;
  for (; line.compare(at, 2, "\\x") == 0 && at + 4 <= line.size(); at += 4)
    out += static_cast<char>(std::stoul(line.substr(at + 2, 2), nullptr, 16));
  return out;
}

struct OpenCall {
  std::string directory, name, flags, real;
};

/// PID openat(AT_FDCWD</cwd>, "name", FLAGS) = 3</real>; nothing for a failed or unfinished call.
std::optional<OpenCall> parse_line(const std::string& line) {
  std::size_t at = line.find("openat(");
  const std::size_t result = line.rfind(") = ");
  if (at == std::string::npos || result == std::string::npos || line[result + 4] == '-') return std::nullopt;
  OpenCall call;
  at = line.find('<', at) + 1;
  call.directory = hex_text(line, at);
  at = line.find('"', at) + 1;
  call.name = hex_text(line, at);
  call.flags = line.substr(at, result - at);
  at = line.find('<', result) + 1;
  call.real = hex_text(line, at);
  return call;
}

}  // namespace

os::Environment compile_environment() {
  os::Environment environment = os::Environment::current();
  environment.set("LC_ALL", "C");
  return environment;
}

Opened trace_compilation(const Command& command, const std::string& object, const std::string& root,
                         const std::string& scratch) {
  const std::string log = scratch + "/strace";
  os::SpawnOptions options;
  const auto strace = os::find_program("strace", std::getenv("PATH"));
  if (!strace) throw std::runtime_error("no strace");
  options.program = *strace;
  // glibc and both compilers open through openat only. -f, not -ff: one log, in order.
  const std::vector<std::string> argv = with_output(command, object);
  options.argv = {"strace", "-f",          "-y", "-xx",          "-s", "8192", "-qq",
                  "-e",     "signal=none", "-e", "trace=openat", "-o", log};
  options.argv.insert(options.argv.end(), argv.begin(), argv.end());
  options.directory = command.cwd;
  options.environment = compile_environment();
  const auto result = os::run(options, std::chrono::minutes(2));
  if (!result) throw std::runtime_error(result.error().message);
  Opened opened;
  opened.compiled = result->status.success();
  opened.errors = result->err.substr(0, 1500);
  const auto text = os::read_file(log);
  if (!text) throw std::runtime_error(text.error().message);
  std::istringstream lines(*text);
  std::map<std::string, std::string> unfinished;  // by pid: calls that another process's line interrupted
  for (std::string line; std::getline(lines, line);) {
    const std::string pid = line.substr(0, line.find(' '));
    if (const std::size_t cut = line.find(" <unfinished ...>"); cut != std::string::npos) {
      unfinished[pid] = line.substr(0, cut);
      continue;
    }
    if (const std::size_t resumed = line.find(" resumed>"); resumed != std::string::npos)
      line = unfinished[pid] + line.substr(resumed + 9);
    const auto call = parse_line(line);
    if (!call) continue;
    const std::string spelled = call->name.starts_with('/') ? call->name : call->directory + "/" + call->name;
    if (!spelled.starts_with(root + "/") && !call->real.starts_with(root + "/")) continue;
    if (call->flags.find("O_WRONLY") != std::string::npos || call->flags.find("O_RDWR") != std::string::npos)
      continue;
    if (!fs::is_regular_file(call->real)) continue;
    if (call->real.starts_with(root + "/")) opened.files.insert(call->real);
    opened.spelled.insert(spelled);
  }
  return opened;
}

void links_on_the_way(const std::string& path, std::set<std::string>& links) {
  // As the kernel resolves a path: `real` is resolved, `rest` is not; the target of a link is put before the
  // rest.
  std::string real, rest = path;
  for (int followed = 0; !rest.empty() && followed < 64;) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string part = rest.substr(0, slash);
    rest.erase(0, std::min(slash + 1, rest.size()));
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      real.resize(real.empty() ? 0 : real.rfind('/'));
      continue;
    }
    const std::string next = real + "/" + part;
    std::error_code error;
    if (!fs::is_symlink(next, error)) {
      real = next;
      continue;
    }
    links.insert(next);
    ++followed;
    const std::string target = fs::read_symlink(next).string();
    rest = rest.empty() ? target : target + "/" + rest;
    if (target.starts_with('/')) real.clear();
  }
}

}  // namespace pump::oracle

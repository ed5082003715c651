// distcc's include server forks and its parent exits. This process is a child subreaper
// (PR_SET_CHILD_SUBREAPER), so the orphan becomes its child: its death is noticed at once, and no zombie
// stays. If this process is killed, the Python server survives. Its pid and start time are recorded beside
// its pid file, so that the next server of the session can end it; the start time excludes a process that
// reuses the pid.
#include "pump/cli/python_backend/python_backend.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstring>
#include <memory>

#include "pump/os/file_io.h"
#include "pump/os/format.h"
#include "pump/session/boot_clock.h"

namespace pump::cli {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds kStartPatience(30);
constexpr std::chrono::seconds kReplyPatience(20);
constexpr std::chrono::seconds kEndPatience(5);  // it removes its mirrors before it exits

constexpr char kBroken[] =
    "distcc's Python include server would crash at its first compilation, as in Debian 12: its C extension "
    "is "
    "broken on Python 3.10 and newer (it was built without PY_SSIZE_T_CLEAN). Use pump's own include server "
    "(unset PUMP_INCLUDE_SERVER, no --include-server=python), or install a distcc-pump with a repaired "
    "extension";
constexpr char kUseNative[] = "; pump's own include server needs no Python (unset PUMP_INCLUDE_SERVER)";

std::string package_directory(const std::string& include_server) {
  return std::string(os::dirname(include_server));
}

/// Names in `directory` that begin with `prefix`, in order.
std::vector<std::string> entries(const std::string& directory, std::string_view prefix) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(directory.c_str()), &::closedir);
  if (!stream) return names;
  while (const dirent* entry = ::readdir(stream.get()))
    if (std::string_view(entry->d_name).starts_with(prefix)) names.emplace_back(entry->d_name);
  std::sort(names.begin(), names.end());
  return names;
}

std::string find_python(const std::string& distcc_directory, const os::Environment& environment) {
  std::string beside = distcc_directory + "/python3";
  if (::access(beside.c_str(), X_OK) == 0) return beside;
  return os::find_program("python3", environment.get_or("PATH", "")).value_or("/usr/bin/python3");
}

/// A request in distcc's protocol. Tokens are four letters and eight hexadecimal digits; after CDIR and ARGV
/// the digits are the length of the bytes that follow.
std::string harmless_request() {
  std::string request = "CDIR00000001/ARGC00000002";
  for (const std::string_view argument : {"cc", "--version"})
    request += os::format("ARGV{:08x}{}", argument.size(), argument);
  return request;
}

os::UniqueFd connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return {};
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  os::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
  return fd;
}

/// True if the server replies. Its reply to this request is the empty list: "not covered".
bool answers(const std::string& socket) {
  const os::UniqueFd fd = connect_to(socket);
  const std::string request = harmless_request();
  if (!fd || ::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) != std::ssize(request))
    return false;
  pollfd entry{.fd = fd.get(), .events = POLLIN, .revents = 0};
  if (::poll(&entry, 1, static_cast<int>(milliseconds(kReplyPatience).count())) <= 0) return false;
  std::array<char, 12> reply{};
  return ::recv(fd.get(), reply.data(), reply.size(), MSG_WAITALL) == std::ssize(reply) &&
         std::string_view(reply.data(), 4) == "ARGC";
}

/// Calls the C extension as the server does for each file that it compresses, in a separate process. Testing
/// the server with a compilation instead would add its directories to every later reply, and a broken
/// extension kills the server.
Status check_extension(const std::string& python, const os::Environment& environment) {
  os::SpawnOptions options;
  options.program = python;
  options.argv = {python, "-c",
                  "import distcc_pump_c_extensions as e; e.CompressLzo1xAlloc('x'); e.Realpath('/')"};
  options.environment = environment;
  options.close_others = true;
  PUMP_TRY(const os::Captured captured, os::run(std::move(options), kStartPatience));
  if (captured.status.success()) return {};
  if (captured.err.find("PY_SSIZE_T_CLEAN") != std::string::npos) return fail(kBroken);
  std::string_view last = captured.err;
  while (last.ends_with('\n')) last.remove_suffix(1);
  last = last.substr(last.rfind('\n') + 1);
  return fail(
      os::format("distcc's Python include server does not work with {}: {}{}", python, last, kUseNative));
}

std::optional<pid_t> parse_pid(std::string_view text) {
  pid_t pid = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), pid);
  if (code != std::errc() || pid <= 1) return std::nullopt;
  return pid;
}

/// Ends the Python server that a killed server process of this session left running.
void end_leftover(const std::string& record) {
  const auto text = os::read_file(record);
  if (!text) return;
  const auto pid = parse_pid(*text);
  const std::size_t blank = text->find(' ');
  const std::string started = pid ? session::process_start_time(*pid) : std::string();
  if (blank != std::string::npos && !started.empty() && text->substr(blank + 1) == started)
    ::kill(*pid, SIGTERM);
  ::unlink(record.c_str());
}

std::string record_name(const std::string& pid_file) {
  return pid_file + ".started";
}

}  // namespace

Expected<std::string> find_python_include_server(const std::string& distcc_directory) {
  const std::string parent(os::dirname(distcc_directory));
  for (const char* library : {"/lib", "/lib64"}) {
    for (const std::string& version : entries(parent + library, "python3")) {
      const std::string modules = parent + library + "/" + version;
      for (const char* packages : {"/site-packages", "/dist-packages"}) {
        std::string path = modules + packages + "/include_server/include_server.py";
        if (::access(path.c_str(), R_OK) == 0) return path;
      }
    }
  }
  return fail(
      os::format(
          "distcc's Python include server is not installed (looked for {}/lib{{,64}}/python3*/"
          "{{site,dist}}-packages/include_server/include_server.py): apt-get install distcc-pump, or use "
          "pump's own (unset PUMP_INCLUDE_SERVER)",
          parent),
      ENOENT);
}

os::Environment python_environment(os::Environment environment, const std::string& include_server) {
  const std::string package = package_directory(include_server);
  const std::string rest(environment.get_or("PYTHONPATH", ""));
  environment.set("PYTHONPATH", rest.empty() ? package : package + ":" + rest);
  if (!environment.get("PYTHONOPTIMIZE")) environment.set("PYTHONOPTIMIZE", "1");
  return environment;
}

PythonBackend::PythonBackend(std::vector<std::string> arguments, std::string distcc_directory,
                             std::string session_directory)
    : arguments_(std::move(arguments)),
      distcc_directory_(std::move(distcc_directory)),
      pid_file_(std::move(session_directory) + "/python.pid") {}

Status PythonBackend::launch(const std::string& program, const std::string& socket) {
  os::SpawnOptions options;
  options.environment = python_environment(os::Environment::current(), program);
  options.program = find_python(distcc_directory_, *options.environment);
  PUMP_CHECK(check_extension(options.program, *options.environment));
  options.argv = {options.program, program, "--port", socket, "--pid_file", pid_file_, "-d1"};
  options.argv.insert(options.argv.end(), arguments_.begin(), arguments_.end());
  options.close_others = true;
  PUMP_TRY(os::Child starter, os::spawn(options));
  PUMP_TRY(const std::optional<os::ExitStatus> status, starter.wait_for(kStartPatience));
  if (!status) {
    static_cast<void>(starter.signal(SIGKILL));
    static_cast<void>(starter.wait());
    return fail("distcc's Python include server is not ready after 30 s", ETIMEDOUT);
  }
  const auto text = os::read_file(pid_file_);
  const pid_t pid = text ? parse_pid(*text).value_or(0) : 0;
  if (!status->success() || pid == 0)
    return fail(
        os::format("distcc's Python include server did not start (exit status {}; see the session's log): {}",
                   status->shell_code(), program));
  child_.emplace(pid);
  static_cast<void>(os::write_file_atomically(record_name(pid_file_),
                                              os::format("{} {}", pid, session::process_start_time(pid))));
  return {};
}

Status PythonBackend::start(const std::string& socket) {
  socket_ = socket;
  PUMP_TRY(const std::string program, find_python_include_server(distcc_directory_));
  end_leftover(record_name(pid_file_));
  ::unlink(pid_file_.c_str());
  ::prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
  const std::lock_guard guard(mutex_);
  Status launched = launch(program, socket);
  struct stat bound {};
  if (::lstat(socket.c_str(), &bound) == 0) bound_.emplace(bound.st_dev, bound.st_ino);
  if (launched && !answers(socket))
    launched = fail(std::string("distcc's Python include server does not answer") + kUseNative);
  if (!launched) end();
  return launched;
}

bool PythonBackend::healthy() {
  const std::lock_guard guard(mutex_);
  if (!child_) return false;
  const auto ended = child_->wait_for(milliseconds::zero());
  if (ended && !*ended) return true;
  child_.reset();
  return false;
}

/// Removes only files of this child: if the directory was deleted and made again, they may be another
/// server's.
void PythonBackend::remove_files() {
  struct stat found {};
  if (bound_ && ::lstat(socket_.c_str(), &found) == 0 && bound_ == std::pair(found.st_dev, found.st_ino))
    ::unlink(socket_.c_str());
  const auto text = os::read_file(pid_file_);
  if (!text || !child_ || parse_pid(*text) != child_->pid()) return;
  ::unlink(pid_file_.c_str());
  ::unlink(record_name(pid_file_).c_str());
}

void PythonBackend::end() {
  remove_files();
  if (!child_) return;
  static_cast<void>(child_->signal(SIGTERM));
  const auto ended = child_->wait_for(kEndPatience);
  if (ended && !*ended) {
    static_cast<void>(child_->signal(SIGKILL));
    static_cast<void>(child_->wait());
  }
  child_.reset();
}

void PythonBackend::stop() {
  const std::lock_guard guard(mutex_);
  end();
}

}  // namespace pump::cli

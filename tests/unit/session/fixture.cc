#include "tests/unit/session/fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <thread>

#include "pump/os/file_io.h"
#include "tests/unit/session/parts.h"

namespace pump::session {

using namespace std::chrono_literals;

bool poll_until(bool (*condition)(void*), void* context) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!condition(context)) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

ClientProcess::~ClientProcess() {
  if (child_.pid() > 0) leave();
}

Server ClientProcess::server() {
  std::string line;
  char c = 0;
  while (::read(output_.get(), &c, 1) == 1 && c != '\n') line += c;
  const std::size_t blank = line.find(' ');
  if (blank == std::string::npos) return {};
  return {.pid = std::atoi(line.c_str()), .started_here = line.substr(blank + 1) == "1"};
}

void ClientProcess::kill() {
  (void)child_.signal(SIGKILL);
  (void)child_.wait();
}

bool ClientProcess::running() const {
  siginfo_t ended{};
  return ::waitid(P_PID, static_cast<id_t>(child_.pid()), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         ended.si_pid == 0;
}

int ClientProcess::leave() {
  input_.reset();
  const auto status = child_.wait();
  return status ? status->shell_code() : -1;
}

void SessionTest::SetUp() {
  std::string pattern = "/tmp/pump-session-XXXXXX";
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  scratch_ = pattern;
  environment_ = os::Environment::current();
  for (const char* name : {"PUMP_INCLUDE_SERVER", "INCLUDE_SERVER_ARGS", "DISTCC_CLIENT_TMP", "PUMP_SESSION"})
    environment_.unset(name);
  environment_.set("PUMP_RUNTIME_DIR", scratch_ + "/run");
  environment_.set("PUMP_LINGER", "0");
}

void SessionTest::TearDown() {
  const auto opened = Directory::open(settings());
  if (opened && !eventually([&] {
        const auto seen = inspect(*opened);
        if (!seen || !seen->running) return true;
        if (seen->pid > 0) ::kill(seen->pid, SIGTERM);
        return false;
      }))
    ADD_FAILURE() << "a server is left";
  EXPECT_TRUE(os::remove_tree(scratch_));
}

Settings SessionTest::settings() const {
  return read_settings(environment_).value();
}

Directory SessionTest::directory() const {
  return Directory::open(settings()).value();
}

ClientProcess SessionTest::start_client(std::vector<std::string> arguments) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  EXPECT_EQ(::pipe2(in.data(), O_CLOEXEC), 0);
  EXPECT_EQ(::pipe2(out.data(), O_CLOEXEC), 0);
  const os::UniqueFd child_in(in[0]);
  const os::UniqueFd child_out(out[1]);
  os::SpawnOptions options;
  options.program = os::self_executable().value();
  options.argv = {kClientName};
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  options.environment = environment_;
  options.descriptors = {{child_in.get(), STDIN_FILENO}, {child_out.get(), STDOUT_FILENO}};
  return {os::spawn(options).value(), os::UniqueFd(in[1]), os::UniqueFd(out[0])};
}

SessionInfo SessionTest::info() const {
  return inspect(directory()).value();
}

bool SessionTest::eventually_gone() {
  return eventually([&] { return !info().running; });
}

bool SessionTest::exists(const std::string& path) const {
  return ::access(path.c_str(), F_OK) == 0;
}

}  // namespace pump::session

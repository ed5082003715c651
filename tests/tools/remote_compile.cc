// Compiles one command on a host with the launcher's own client, without the rest of the launcher.
//   remote_compile SOCKET HOST OUTPUT TIMES WORD...
// Asks the include server at SOCKET for the files of the command WORD..., compiles it TIMES times on HOST, a word as in
// DISTCC_HOSTS with a numeric address (DISTCC_SSH is heeded), and writes the object to OUTPUT and the dependency rule to
// OUTPUT.d. The compiler's messages go to stderr. Prints a line for the last time:
//   OUTCOME FILES SENT RECEIVED CPU DETAIL
// numbers of files and of bytes; CPU: the client's time for one unit in microseconds, without the request.
// Exits with 1 unless the outcome is "ok".
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "launcher/remote/file_source.h"
#include "launcher/remote/output_file.h"
#include "launcher/remote/remote_compilation.h"
#include "pump/distcc/hosts.h"
#include "tests/tools/wire_client.h"

namespace {

using namespace pump;
using launcher::OutputFile;
using launcher::RemoteResult;

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

template <typename T>
T value_of(Expected<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

void check(const Status& status) {
  if (!status) throw std::runtime_error(status.error().message);
}

void write_outputs(RemoteResult& result, const std::string& output) {
  OutputFile rule =
      value_of(OutputFile::write(output + ".d", result.reply.dependencies(), OutputFile::Kind::Dependencies));
  OutputFile object = value_of(OutputFile::write(output, result.reply.object(), OutputFile::Kind::Object));
  check(rule.publish());
  check(object.publish());
}

int run(const std::vector<std::string>& words) {
  const distcc::Host host = value_of(distcc::parse_hosts(words[1])).hosts.at(0);
  launcher::RemoteJob job;
  job.cwd = std::filesystem::current_path();
  job.words.assign(words.begin() + 4, words.end());
  launcher::MirrorFiles files(
      tools::decode_reply(tools::exchange(words[0], tools::encode_request(job.cwd, job.words))));
  if (files.size() == 0) throw std::runtime_error("the include server cannot answer");
  job.files = &files;
  launcher::RemoteOptions options;
  if (const char* ssh = std::getenv("DISTCC_SSH")) options.ssh = ssh;
  RemoteResult result;
  const double start = cpu_seconds();
  const int times = std::stoi(words[3]);
  for (int i = 0; i < times; ++i) {
    result = launcher::compile_remotely(host, {host.name}, job, options);
    if (result.outcome != scheduler::Outcome::Ok) break;
    write_outputs(result, words[2]);
  }
  const double cpu = (cpu_seconds() - start) / times;
  fmt::print(stderr, "{}", result.reply.messages());
  fmt::print("{} {} {} {} {:.0f} {}\n", scheduler::name(result.outcome), files.size(), result.bytes_sent,
             result.bytes_received, cpu * 1e6, result.detail);
  return result.outcome == scheduler::Outcome::Ok ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) {
    fmt::print(stderr, "usage: remote_compile SOCKET HOST OUTPUT TIMES WORD...\n");
    return 2;
  }
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "remote_compile: {}\n", error.what());
    return 2;
  }
}

#include "tests/tools/include_client.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "pump/compilation/make_rule.h"
#include "pump/os/environment.h"
#include "pump/os/file_io.h"
#include "pump/os/process.h"
#include "pump/os/shell_quote.h"
#include "pump/os/unique_fd.h"

namespace pump::tools {
namespace {

bool is_launcher(const std::string& word) {
  const std::string_view name = os::basename(word);
  return name == "distcc" || name == "pump-launch" || name == "ccache";
}

/// The command with everything about outputs and dependency files taken out, and `extra` put in.
std::vector<std::string> with_other_output(const std::vector<std::string>& argv,
                                           const std::vector<std::string>& extra) {
  std::vector<std::string> out{argv.front()};
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    if (word == "-o" || word == "-MF" || word == "-MT" || word == "-MQ") {
      ++i;
    } else if (word != "-c" && word != "-MD" && word != "-MMD" && word != "-MP") {
      out.push_back(word);
    }
  }
  out.insert(out.end(), extra.begin(), extra.end());
  return out;
}

os::Captured run_compiler(const CompileCommand& command, std::vector<std::string> argv) {
  os::SpawnOptions options;
  const auto program = os::find_program(argv.front(), std::getenv("PATH"), command.directory);
  if (!program) throw std::runtime_error("no compiler called " + argv.front());
  options.program = *program;
  options.argv = std::move(argv);
  options.directory = command.directory;
  os::Environment environment = os::Environment::current();
  environment.set("LC_ALL", "C");
  options.environment = environment;
  auto result = os::run(options, std::chrono::minutes(5));
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

}  // namespace

std::vector<CompileCommand> read_compile_commands(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::vector<CompileCommand> commands;
  for (const auto& entry : nlohmann::json::parse(in)) {
    CompileCommand command{entry.at("directory"), entry.at("file"), {}};
    if (entry.contains("arguments")) {
      command.argv = entry["arguments"].get<std::vector<std::string>>();
    } else {
      auto words = os::split_shell_words(entry.at("command").get<std::string>());
      if (!words) throw std::runtime_error(path + ": " + words.error().message);
      command.argv = *words;
    }
    while (command.argv.size() > 1 && is_launcher(command.argv.front()))
      command.argv.erase(command.argv.begin());
    commands.push_back(std::move(command));
  }
  return commands;
}

std::string encode_request(const std::string& cwd, const std::vector<std::string>& argv) {
  std::string out = fmt::format("CDIR{:08x}{}ARGC{:08x}", cwd.size(), cwd, argv.size());
  for (const std::string& word : argv) out += fmt::format("ARGV{:08x}{}", word.size(), word);
  return out;
}

std::string exchange(const std::string& socket, const std::string& request) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.size() >= sizeof address.sun_path) throw std::runtime_error("socket path too long: " + socket);
  std::memcpy(address.sun_path, socket.c_str(), socket.size() + 1);
  const os::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("nobody answers at " + socket);
  if (!os::write_all(fd.get(), request)) throw std::runtime_error("the server hung up");
  std::string reply;
  char buffer[1U << 16U];
  for (ssize_t got = 0; (got = ::read(fd.get(), buffer, sizeof buffer)) > 0;)
    reply.append(buffer, static_cast<std::size_t>(got));
  return reply;
}

std::vector<std::string> decode_reply(const std::string& reply) {
  std::size_t offset = 0;
  const auto token = [&](const char* name) {
    if (reply.compare(offset, 4, name) != 0 || reply.size() < offset + 12)
      throw std::runtime_error("malformed reply");
    const std::size_t value = std::stoul(reply.substr(offset + 4, 8), nullptr, 16);
    offset += 12;
    return value;
  };
  std::vector<std::string> paths(token("ARGC"));
  for (std::string& path : paths) {
    const std::size_t size = token("ARGV");
    path = reply.substr(offset, size);
    offset += size;
  }
  if (offset != reply.size()) throw std::runtime_error("bytes after the reply");
  return paths;
}

std::string original_name(const std::string& mirror_path) {
  std::size_t at = 0;
  for (int i = 0; i < 3; ++i) at = mirror_path.find('/', at + 1);
  std::string name = mirror_path.substr(at);
  for (const std::string_view suffix : {".abs", ".lzo"})
    if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  return name;
}

std::vector<std::string> dependencies_of(const CompileCommand& command) {
  // gcc reports system headers by their real path if that is shorter: not where it found them.
  std::vector<std::string> words{"-M"};
  if (command.argv.front().find("clang") == std::string::npos)
    words.emplace_back("-fno-canonical-system-headers");
  const os::Captured result = run_compiler(command, with_other_output(command.argv, words));
  if (!result.status.success())
    throw std::runtime_error(command.file + " does not preprocess: " + result.err);
  return compilation::parse_make_rule(result.out);
}

std::vector<std::string> default_directories(const CompileCommand& command) {
  const std::string_view file = command.file;
  const bool c_source = file.ends_with(".c");
  std::vector<std::string> argv{command.argv.front(), "-v", "-E", "-x", c_source ? "c" : "c++", "/dev/null"};
  for (const std::string& word : command.argv)
    if (word.starts_with("-std=") || word.starts_with("-m") || word.starts_with("--target") ||
        word.starts_with("-stdlib"))
      argv.push_back(word);
  std::istringstream lines(run_compiler(command, argv).err);
  std::vector<std::string> directories;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#include <")) {
      inside = true;
    } else if (line.starts_with("End of search")) {
      break;
    } else if (inside) {
      directories.push_back(
          std::filesystem::weakly_canonical(line.substr(line.find_first_not_of(' '))).string() + "/");
    }
  }
  return directories;
}

}  // namespace pump::tools

#include "tests/tools/compile_commands.h"

#include <cstdlib>
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

namespace pump::tools {
namespace {

bool is_launcher(const std::string& word) {
  const std::string_view name = os::basename(word);
  return name == "distcc" || name == "pump-launch" || name == "ccache";
}

/// The command without options for outputs and dependency files, and with `extra`.
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

std::vector<std::string> dependencies_of(const CompileCommand& command) {
  // gcc would report a system header by its real path if that is shorter than the path by which it was found.
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

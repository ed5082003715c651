#include "tests/oracle/project.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <utility>

#include "pump/os/file_io.h"
#include "pump/os/process.h"

namespace pump::oracle {
namespace {

namespace fs = std::filesystem;

std::string with_root(std::string text, const std::string& root) {
  for (std::size_t at = 0; (at = text.find("{root}", at)) != std::string::npos; at += root.size())
    text.replace(at, 6, root);
  return text;
}

/// Runs each compiler once. Not thread-safe: one thread lists the tasks.
unsigned major_version(const std::string& compiler) {
  static std::map<std::string, unsigned> known;
  const auto [entry, added] = known.try_emplace(compiler, 0U);
  if (added) {
    os::SpawnOptions options;
    options.program = os::find_program(compiler, std::getenv("PATH")).value();
    options.argv = {compiler, "-dumpversion"};
    const auto answer = os::run(options, std::chrono::minutes(1));
    if (!answer || !answer->status.success()) throw std::runtime_error(compiler + " -dumpversion fails");
    entry->second = static_cast<unsigned>(std::stoul(answer->out));
  }
  return entry->second;
}

}  // namespace

void write_project(const Case& project, const std::string& root) {
  fs::create_directories(root);
  const auto place = [&](const std::string& path) {
    const fs::path full = fs::path(root) / path;
    fs::create_directories(full.parent_path());
    return full;
  };
  for (const std::string& directory : project.directories) fs::create_directories(fs::path(root) / directory);
  for (const CaseFile& file : project.files) {
    const auto written = os::write_file_atomically(place(file.path), with_root(file.content, root), 0644);
    if (!written) throw std::runtime_error(written.error().message);
  }
  for (const auto& [path, target] : project.links) fs::create_symlink(with_root(target, root), place(path));
  for (const auto& [path, target] : project.hard_links)
    fs::create_hard_link(fs::path(root) / target, place(path));
  for (const std::string& path : project.fifos)
    if (::mkfifo(place(path).c_str(), 0644) != 0) throw std::runtime_error("mkfifo " + path);
  for (const std::string& command : project.shell) {
    os::SpawnOptions options;
    options.program = "/bin/sh";
    options.argv = {"sh", "-c", command};
    options.directory = root;
    const auto result = os::run(options, std::chrono::minutes(1));
    if (!result || !result->status.success())
      throw std::runtime_error(
          fmt::format("%shell {}: {}", command, result ? result->err : result.error().message));
  }
  for (const auto& [mode, path] : project.modes)
    if (::chmod(place(path).c_str(), mode) != 0) throw std::runtime_error("chmod " + path);
}

std::string cxx_driver(std::string cc) {
  for (const auto& [c, cxx] : {std::pair<std::string, std::string>{"clang", "clang++"}, {"gcc", "g++"}}) {
    const std::size_t at = cc.rfind(c);
    if (at != std::string::npos) return cc.replace(at, c.size(), cxx);
  }
  throw std::runtime_error("neither a gcc nor a clang by its name: " + cc);
}

std::vector<std::string> compilers_of(const Case& project, const std::vector<std::string>& run,
                                      const CompilerPair& pair) {
  std::vector<std::string> names{run.front()};
  if (run.front() == "CC") names = {pair.gcc, pair.clang};
  if (run.front() == "CXX") names = {cxx_driver(pair.gcc), cxx_driver(pair.clang)};
  std::erase_if(names, [&](const std::string& name) {
    const std::string kind = name.find("clang") != std::string::npos ? "clang" : "gcc";
    if (!project.only.empty() && project.only != kind) return true;
    if (!os::find_program(name, std::getenv("PATH"))) return true;
    return std::any_of(project.versions.begin(), project.versions.end(), [&](const Versions& versions) {
      if (versions.compiler != kind) return false;
      const unsigned major = major_version(name);
      return major < versions.first || major > versions.last;
    });
  });
  return names;
}

std::vector<std::string> with_output(const Command& command, const std::string& object) {
  std::vector<std::string> argv = command.argv;
  argv.insert(argv.begin() + 1, {"-o", object});
  return argv;
}

Command make_command(const Case& project, const std::vector<std::string>& run, const std::string& compiler,
                     const std::string& root) {
  Command command;
  command.cwd = fs::path(root) / project.cwd;
  command.argv = {compiler};
  for (std::size_t i = 1; i < run.size(); ++i) command.argv.push_back(with_root(run[i], root));
  return command;
}

}  // namespace pump::oracle

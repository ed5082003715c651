#include "tests/fuzz/differential_check.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>
#include <stdexcept>

#include "pump/os/file_io.h"
#include "pump/os/process.h"
#include "tests/oracle/project.h"
#include "tests/oracle/reply_check.h"
#include "tests/tools/include_client.h"

namespace pump::fuzz {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kForcing = "/forcing_technique_271828";

struct Preprocessed {
  bool success = false;
  std::string text;  ///< without line markers and empty lines
  std::string errors;
};

Preprocessed preprocess(const oracle::Command& command, const std::string& dependencies) {
  os::SpawnOptions options;
  const auto compiler = os::find_program(command.argv.front(), std::getenv("PATH"));
  if (!compiler) throw std::runtime_error("no " + command.argv.front());
  options.program = *compiler;
  options.argv = command.argv;
  for (std::string& word : options.argv)
    if (word == "-c") word = "-E";
  options.argv.insert(options.argv.begin() + 1, {"-P", "-w", "-MD", "-MF", dependencies});
  options.directory = command.cwd;
  os::Environment environment = os::Environment::current();
  environment.set("LC_ALL", "C");
  options.environment = environment;
  const auto result = os::run(options, std::chrono::minutes(1));
  if (!result) throw std::runtime_error(result.error().message);
  Preprocessed out;
  out.success = result->status.success();
  out.errors = result->err.substr(0, 600);
  std::istringstream lines(result->out);
  for (std::string line; std::getline(lines, line);)
    // A pragma stands in the output; the copy of a source has one more.
    if (line.find_first_not_of(" \r") != std::string::npos && !line.starts_with("#pragma GCC diagnostic ignored"))
      out.text += line + "\n";
  return out;
}

/// The prerequisites of a make rule, as real paths below `root`.
std::set<std::string> read_dependencies(const std::string& file, const std::string& cwd, const std::string& root) {
  const auto text = os::read_file(file);
  if (!text) throw std::runtime_error(text.error().message);
  std::set<std::string> out;
  std::string word;
  for (std::size_t i = text->find(": ") + 2; i < text->size(); ++i) {
    const char c = (*text)[i], next = i + 1 < text->size() ? (*text)[i + 1] : '\0';
    if (c == '\\' && next == '\n') {
      ++i;
    } else if (c == '\\' && (next == ' ' || next == '#')) {
      word += next, ++i;
    } else if (c != ' ' && c != '\n') {
      word += c;
    } else if (!word.empty()) {
      const std::string real = fs::canonical(fs::path(cwd) / std::exchange(word, {})).string();
      if (real.starts_with(root + "/")) out.insert(real);
    }
  }
  return out;
}

/// Lays the reply out below `replica` as distccd does. Returns the real files it names.
std::set<std::string> lay_out(const std::vector<std::string>& reply, const std::string& replica) {
  std::set<std::string> files;
  for (const std::string& path : reply) {
    std::string name = tools::original_name(path);
    if (name.ends_with(kForcing)) {
      fs::create_directories(replica + name.substr(0, name.size() - kForcing.size()));
      continue;
    }
    fs::create_directories(fs::path(replica + name).parent_path());
    if (fs::is_symlink(fs::symlink_status(path))) {
      const std::string target = fs::read_symlink(path).string();
      fs::create_symlink(target.starts_with('/') ? replica + target : target, replica + name);
    } else {
      const auto written = os::write_file_atomically(replica + name, oracle::decompress(path), 0644);
      if (!written) throw std::runtime_error(written.error().message);
      files.insert(name);
    }
  }
  return files;
}

/// clang indents the first token by the width of a BOM when nothing stands before it; the tokens are the same.
std::string_view unindented(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return line;
}

std::string first_difference(const std::string& local, const std::string& remote) {
  std::istringstream a(local), b(remote);
  std::string line, other;
  while (std::getline(a, line)) {
    if (!std::getline(b, other)) return "remote text ends before: " + line;
    if (unindented(line) != unindented(other)) return fmt::format("local: {}\n  remote: {}", line, other);
  }
  return std::getline(b, other) ? "remote text goes on with: " + other : "";
}

}  // namespace

Checker::Checker(std::string scratch) : scratch_(std::move(scratch)) {
  auto answerer = include_server::Answerer::create({});
  if (!answerer) throw std::runtime_error(answerer.error().message);
  answerer_ = *std::move(answerer);
}

std::string Checker::statistics() const {
  const auto s = answerer_->statistics();
  return fmt::format("{} requests, {} gave up, {} approximate", s.requests, s.gave_up, s.approximate);
}

Verdict Checker::check(const oracle::Case& project, bool exact) {
  Verdict verdict;
  const std::string place = fmt::format("{}/{}", scratch_, ++number_), root = place + "/p", replica = place + "/r";
  struct Remover {
    const std::string& path;
    ~Remover() {
      std::error_code error;
      fs::remove_all(path, error);
    }
  } remover{place};
  oracle::write_project(project, root);
  const auto& run = project.runs.front();
  const oracle::Command command = oracle::make_command(project, run, run.front(), root);
  const Preprocessed local = preprocess(command, place + "/local.d");
  if (!local.success) {
    verdict.kind = Verdict::Kind::NotCompilable;
    return verdict;
  }
  include_server::Request request;
  request.cwd = fs::canonical(command.cwd).string();
  request.argv = command.argv;
  request.environment = os::Environment::current();
  const auto answer = answerer_->answer(request);
  const auto reply = tools::decode_reply(*answer.encoded);
  if (reply.empty()) {
    verdict.kind = Verdict::Kind::GaveUp;
    verdict.difference = fmt::format("n = 0: {} {}", include_server::describe(answer.give_up), answer.detail);
    return verdict;
  }
  const auto needed = read_dependencies(place + "/local.d", command.cwd, root);
  const auto sent = lay_out(reply, replica);
  verdict.needed = needed.size();
  verdict.sent = sent.size();
  for (const std::string& name : needed)
    if (!sent.contains(name)) verdict.difference += "missing " + name.substr(root.size() + 1) + "\n  ";
  if (exact)
    for (const std::string& name : sent)
      if (!needed.contains(name)) verdict.difference += "needless " + name.substr(root.size() + 1) + "\n  ";
  fs::create_directories(replica + request.cwd);
  oracle::Command there = oracle::make_command(project, run, run.front(), replica + root);
  // The server has what was sent, and no project beside it.
  fs::rename(root, place + "/hidden");
  const Preprocessed remote = preprocess(there, place + "/remote.d");
  if (!remote.success) {
    verdict.difference += "remote: " + remote.errors;
  } else if (remote.text != local.text) {
    verdict.difference += first_difference(local.text, remote.text);
  }
  if (!verdict.difference.empty()) verdict.kind = Verdict::Kind::Different;
  return verdict;
}

}  // namespace pump::fuzz

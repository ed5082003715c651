#include "tests/fuzz/differential_check.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>

#include "tests/fuzz/differential_compile.h"
#include "tests/fuzz/differential_replica.h"
#include "tests/oracle/project.h"
#include "tests/tools/wire_client.h"

namespace pump::fuzz {
namespace {

namespace fs = std::filesystem;

struct RemoveAtEnd {
  std::string path;
  ~RemoveAtEnd() {
    std::error_code error;
    fs::remove_all(path, error);
  }
};

/// The local result of a command, and the files that the server would get for it.
struct Asked {
  oracle::Command command;
  Compiled local;
  std::string replica;
  std::set<std::string> needed, sent;
};

std::vector<std::string> missing_from(const std::set<std::string>& some, const std::set<std::string>& all) {
  std::vector<std::string> out;
  std::set_difference(some.begin(), some.end(), all.begin(), all.end(), std::back_inserter(out));
  return out;
}

/// Sets old file times: with __TIMESTAMP__, sources and copies differ.
void make_old(const oracle::Case& project, const std::string& root) {
  for (const auto& file : project.files) {
    const timespec times[2] = {{1000000000, 0}, {1000000000, 0}};
    ::utimensat(AT_FDCWD, (root + "/" + file.path).c_str(), static_cast<const timespec*>(times), 0);
  }
}

}  // namespace

Checker::Checker(std::string scratch, std::vector<CompilerPair> compilers)
    : scratch_(std::move(scratch)), compilers_(std::move(compilers)) {
  auto handler = include_server::RequestHandler::create({});
  if (!handler) throw std::runtime_error(handler.error().message);
  request_handler_ = *std::move(handler);
  write_other_project(scratch_ + "/other");
}

std::string Checker::statistics() const {
  const include_server::Counters counters = request_handler_->counters();
  return fmt::format("{} requests, {} from the cache, {} gave up, {} approximate", counters.requests.value(),
                     counters.cache_hits.value(), counters.gave_up.value(), counters.approximate.value());
}

Verdict Checker::check(const Generated& generated, const std::string& only) {
  Verdict all;
  for (const CompilerPair& compilers : compilers_) {
    if (!only.empty() && compilers.cxx != only) continue;
    const Verdict verdict = check_with(generated, compilers);
    all.sent += verdict.sent, all.needed += verdict.needed, all.compared += verdict.compared,
        all.gave_up += verdict.gave_up;
    all.errors += verdict.errors;
    if (all.kind == Verdict::Kind::NotCompilable ||
        (all.kind == Verdict::Kind::Same && verdict.kind == Verdict::Kind::GaveUp)) {
      all.kind = verdict.kind;
      all.difference = verdict.difference;
    }
    if (verdict.kind != Verdict::Kind::Different) continue;
    all.kind = verdict.kind;
    all.difference = verdict.difference;
    all.compiler = compilers.cxx;
    break;
  }
  return all;
}

Verdict Checker::check_with(const Generated& generated, const CompilerPair& compilers) {
  const oracle::Case& project = generated.project;
  Verdict verdict;
  const std::string place = fmt::format("{}/{}", scratch_, ++number_), root = place + "/p";
  const RemoveAtEnd remover{place};
  oracle::write_project(project, root);
  make_old(project, root);

  std::vector<Asked> all;
  for (const auto& run : project.runs) {
    const std::string name = run.front() == "CC"    ? compilers.c
                             : run.front() == "CXX" ? compilers.cxx
                                                    : run.front();
    Asked asked{
        oracle::make_command(project, run, name, root), {}, fmt::format("{}/r{}", place, all.size()), {}, {}};
    asked.command.argv = as_client_sends(asked.command.argv);
    asked.local = compile(asked.command.argv, asked.command.cwd, generated.compiled, place + "/local.d");
    if (!asked.local.success) {
      verdict.errors += asked.local.errors;
      continue;
    }
    include_server::Request request;
    request.cwd = fs::canonical(asked.command.cwd).string();
    request.argv = asked.command.argv;
    request.environment = os::Environment::current();
    const auto answer = request_handler_->answer(request);
    const auto reply = tools::decode_reply(*answer.encoded);
    if (reply.empty()) {
      ++verdict.gave_up;
      ++reasons_[include_server::describe(answer.give_up)];
      if (verdict.compared == 0) verdict.kind = Verdict::Kind::GaveUp;
      verdict.difference =
          fmt::format("n = 0: {} {}", include_server::describe(answer.give_up), answer.detail);
      continue;
    }
    ++verdict.compared;
    asked.needed = read_dependencies(place + "/local.d", asked.command.cwd, root);
    asked.sent = lay_out(reply, asked.replica);
    fs::create_directories(asked.replica + request.cwd);
    verdict.needed += asked.needed.size();
    verdict.sent += asked.sent.size();
    all.push_back(std::move(asked));
  }
  if (all.empty()) return verdict;

  // The server has the files that were sent, and another version of the project at the client's paths.
  fs::rename(root, place + "/hidden");
  fs::create_symlink(scratch_ + "/other", root);
  verdict.kind = Verdict::Kind::Same;
  for (const Asked& asked : all) {
    std::string difference;
    for (const std::string& name : missing_from(asked.needed, asked.sent))
      difference += "missing " + name.substr(root.size() + 1) + "\n  ";
    if (generated.exact)
      for (const std::string& name : missing_from(asked.sent, asked.needed))
        difference += "needless " + name.substr(std::min(name.size(), root.size() + 1)) + "\n  ";
    const std::string& source = asked.command.argv.back();
    const auto argv = turned_to_replica(asked.command.argv, source, asked.replica);
    const Compiled remote =
        compile(argv, asked.replica + asked.command.cwd, generated.compiled, place + "/remote.d");
    difference +=
        remote.success ? first_difference(asked.local.text, remote.text) : "remote: " + remote.errors;
    if (difference.empty()) continue;
    verdict.kind = Verdict::Kind::Different;
    verdict.difference =
        difference + fmt::format("\n  command {} of {}", &asked - all.data() + 1, all.size());
    break;
  }
  return verdict;
}

}  // namespace pump::fuzz

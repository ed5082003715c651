// Runs case files (case_file.h) with the compiler as the oracle.
//   case_runner --socket SOCKET --scratch DIRECTORY [--gcc gcc-16] [--clang clang-23] [--only TEXT] [--jobs N]
//     [--keep] [--verbose] FILE...
// For each run: writes the project, compiles it under strace, sends the request to the include server and
// compares the reply with the files that were opened; compiles it through distcc and distccd (DISTCC_HOSTS)
// without fallbacks and compares the objects. Without --socket, checks only that the cases compile, or fail
// to, as expected.
// With --launcher PUMP_LAUNCH instead of --socket: compiles each run here and through the launcher (DISTCC_HOSTS), and
// compares object, messages, dependency file and exit code. --absolute: with absolute names of source and header
// directories. --add WORD: with another option.
// Prints one line per defect and a summary. Exits with 1 if a run failed or there was none.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <exception>
#include <filesystem>
#include <mutex>
#include <thread>

#include "pump/os/file_io.h"
#include "tests/oracle/case_file.h"
#include "tests/oracle/compiler_trace.h"
#include "tests/oracle/project.h"
#include "tests/oracle/remote_check.h"
#include "tests/oracle/reply_check.h"
#include "tests/tools/same_outputs.h"
#include "tests/tools/wire_client.h"

namespace {

namespace fs = std::filesystem;
using namespace pump::oracle;

struct Settings {
  std::string socket, scratch, only, launcher;
  bool absolute = false;
  std::vector<std::string> added;
  CompilerPair compilers;
  unsigned jobs = 2;
  bool keep = false, verbose = false;
};

struct Task {
  const Case* project = nullptr;
  std::vector<std::string> run;
  std::string compiler;
  std::string label;
};

struct Outcome {
  std::vector<std::string> defects;
  std::size_t entries = 0, needed = 0;
  bool gave_up = false;
};

const char* name_of(Mode mode) {
  switch (mode) {
    case Mode::Pump:
      return "pump";
    case Mode::Plain:
      return "plain";
    case Mode::Local:
      return "local";
    case Mode::Default:
    case Mode::Any:
      break;
  }
  return "any";
}

void check_reply_of_run(const Task& task, const Opened& opened, const std::vector<std::string>& reply,
                        const std::string& root, Outcome& outcome) {
  const Expect expect = task.project->expect;
  outcome.gave_up = reply.empty();
  if (reply.empty()) {
    if (expect == Expect::Answered) outcome.defects.emplace_back("n = 0");
    return;
  }
  if (expect == Expect::GivesUp)
    outcome.defects.push_back(fmt::format("answered with {} entries", reply.size()));
  if (expect == Expect::Fails) return;
  ReplyReport report = check_reply(reply, *task.project, opened, root);
  outcome.entries = report.entries;
  outcome.needed = report.needed;
  outcome.defects.insert(outcome.defects.end(), report.defects.begin(), report.defects.end());
}

void check_remote(const Task& task, const Command& command, const std::string& local_object,
                  const std::string& socket, const std::string& scratch, Outcome& outcome) {
  const Case& project = *task.project;
  const std::string object = scratch + "/remote.o";
  const Remote remote = compile_remotely(command, object, socket, project.fallback, scratch);
  if (project.expect == Expect::Fails) {
    if (remote.compiled) outcome.defects.emplace_back("compiles remotely, not locally");
    return;
  }
  if (!remote.compiled) return outcome.defects.push_back("remote compilation failed:\n" + remote.log);
  Mode wanted = project.mode;
  if (wanted == Mode::Default) wanted = project.expect == Expect::Answered ? Mode::Pump : Mode::Any;
  if (wanted == Mode::Any && project.expect == Expect::GivesUp && !project.fallback) wanted = Mode::Plain;
  if (wanted != Mode::Any && remote.mode != wanted)
    outcome.defects.push_back(
        fmt::format("compiled in mode {}, not {}:\n{}", name_of(remote.mode), name_of(wanted), remote.log));
  const auto local = pump::os::read_file(local_object), other = pump::os::read_file(object);
  if (!local || !other || *local != *other)
    outcome.defects.emplace_back("the remote object differs from the local one");
}

void compare_with_launcher(const Task& task, const std::string& scratch, const Command& command,
                           const Settings& settings, Outcome& outcome) {
  std::vector<std::string> argv = command.argv;
  argv.insert(argv.begin() + 1, settings.added.begin(), settings.added.end());
  if (settings.absolute) argv = pump::tools::with_absolute_names(argv, command.cwd);
  const auto same = pump::tools::with_outputs(argv, command.cwd, scratch + "/out/same");
  const auto result = pump::tools::compare_outputs(same, settings.launcher, pump::os::Environment::current());
  for (const std::string& defect : result.defects) outcome.defects.push_back(defect);
  if ((result.exit_code == 0) != (task.project->expect != Expect::Fails) && settings.added.empty() &&
      !settings.absolute)
    outcome.defects.push_back(fmt::format("exit code {}: {}", result.exit_code, result.messages));
}

Outcome run_task(const Task& task, std::size_t number, const Settings& settings) {
  Outcome outcome;
  const std::string scratch = fmt::format("{}/{}", settings.scratch, number), root = scratch + "/p";
  fs::remove_all(scratch);
  write_project(*task.project, root);
  fs::create_directories(scratch + "/out");
  const Command command = make_command(*task.project, task.run, task.compiler, root);
  if (!settings.launcher.empty()) {
    compare_with_launcher(task, scratch, command, settings, outcome);
    if (!settings.keep || outcome.defects.empty()) fs::remove_all(scratch);
    return outcome;
  }
  const std::string object = scratch + "/out/local.o";
  const Opened opened = trace_compilation(command, object, root, scratch);
  const bool should_compile = task.project->expect != Expect::Fails;
  if (opened.compiled != should_compile) {
    outcome.defects.push_back(opened.compiled ? "compiles, but the case expects an error"
                                              : "does not compile locally:\n" + opened.errors);
    return outcome;
  }
  if (settings.socket.empty()) return outcome;
  const auto reply = pump::tools::decode_reply(pump::tools::exchange(
      settings.socket, pump::tools::encode_request(command.cwd, with_output(command, object))));
  check_reply_of_run(task, opened, reply, root, outcome);
  if (task.project->no_remote.empty())
    check_remote(task, command, object, settings.socket, scratch + "/out", outcome);
  if (!settings.keep || outcome.defects.empty()) fs::remove_all(scratch);
  return outcome;
}

std::vector<Task> list_tasks(const std::vector<Case>& cases, const std::string& file,
                             const Settings& settings) {
  std::vector<Task> tasks;
  for (const Case& project : cases) {
    if (!project.not_root.empty() && ::geteuid() == 0) {
      fmt::print("skipped for root: {} ({})\n", project.name, project.not_root);
      continue;
    }
    for (std::size_t i = 0; i < project.runs.size(); ++i) {
      for (const std::string& compiler : compilers_of(project, project.runs[i], settings.compilers)) {
        std::string label = fmt::format("{}:{} '{}' [{}{}]", fs::path(file).filename().string(), project.line,
                                        project.name, compiler, i == 0 ? "" : fmt::format(" #{}", i + 1));
        if (settings.only.empty() || label.find(settings.only) != std::string::npos)
          tasks.push_back({&project, project.runs[i], compiler, std::move(label)});
      }
    }
  }
  return tasks;
}

struct Summary {
  std::mutex mutex;
  std::size_t failed = 0, gave_up = 0, answered = 0;
  double ratios = 0;
};

void report(const Task& task, const Outcome& outcome, std::size_t number, const Settings& settings,
            Summary& summary) {
  const std::lock_guard lock(summary.mutex);
  if (outcome.gave_up) ++summary.gave_up;
  if (outcome.needed != 0) {
    ++summary.answered;
    summary.ratios += static_cast<double>(outcome.entries) / static_cast<double>(outcome.needed);
  }
  if (outcome.defects.empty()) {
    if (settings.verbose)
      fmt::print(
          "ok {} ({})\n", task.label,
          outcome.gave_up ? "n = 0" : fmt::format("{} sent, {} needed", outcome.entries, outcome.needed));
    return;
  }
  ++summary.failed;
  fmt::print("FAILED {}{}\n", task.label,
             settings.keep ? fmt::format(" in {}/{}", settings.scratch, number) : "");
  for (const std::string& defect : outcome.defects) fmt::print("  {}\n", defect);
}

int run(const Settings& settings, const std::vector<std::string>& files) {
  std::vector<std::vector<Case>> cases;
  std::vector<Task> tasks;
  cases.reserve(files.size());
  for (const std::string& file : files) {
    cases.push_back(read_case_file(file));
    for (Task& task : list_tasks(cases.back(), file, settings)) tasks.push_back(std::move(task));
  }
  Summary summary;
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < settings.jobs; ++t)
    threads.emplace_back([&] {
      for (std::size_t i = 0; (i = next++) < tasks.size();) {
        Outcome outcome;
        try {
          outcome = run_task(tasks[i], i, settings);
        } catch (const std::exception& error) {
          outcome.defects.emplace_back(error.what());
        }
        report(tasks[i], outcome, i, settings, summary);
      }
    });
  for (std::thread& thread : threads) thread.join();
  const double mean = summary.answered == 0 ? 0.0 : summary.ratios / static_cast<double>(summary.answered);
  fmt::print("{} runs, {} failed, {} answered with n = 0, sent/needed {:.3f}\n", tasks.size(), summary.failed,
             summary.gave_up, mean);
  return summary.failed == 0 && !tasks.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Runs case files against a running include server, with the compiler as the oracle");
  Settings settings;
  std::vector<std::string> files;
  app.add_option("--socket", settings.socket);
  app.add_option("--launcher", settings.launcher, "compare with what this pump-launch makes");
  app.add_flag("--absolute", settings.absolute, "with --launcher: absolute names");
  app.add_option("--add", settings.added, "with --launcher: another word")->allow_extra_args(false);
  app.add_option("--scratch", settings.scratch)->required();
  app.add_option("--gcc", settings.compilers.gcc, "with the g++ of the same version");
  app.add_option("--clang", settings.compilers.clang, "with the clang++ of the same version");
  app.add_option("--only", settings.only, "only runs whose label contains this text");
  app.add_option("--jobs", settings.jobs);
  app.add_flag("--keep", settings.keep, "keep the projects of failed cases");
  app.add_flag("--verbose", settings.verbose);
  app.add_option("files", files)->required();
  CLI11_PARSE(app, argc, argv);
  try {
    settings.scratch = fs::canonical(settings.scratch).string();
    return run(settings, files);
  } catch (const std::exception& error) {
    fmt::print(stderr, "case_runner: {}\n", error.what());
    return 2;
  }
}

// Compares remote with local compilation over the options of compilers:
//   differential_options [--compiler NAME]… [--faults] [--known] [--alone] [--pairs N] [--seed N] [--seconds N] [--stride N]
//           [--names relative|absolute|both] [--threads N] [--verbose] --launcher FILE --scratch DIRECTORY
//   differential_options … --case gcc/pairs/1/17        one case again, in full
//   differential_options … -- gcc -Iinc -c src/a.c      any command for the project (project.h)
// options.sh starts a distccd that does not see the project, and passes its arguments on to this program.
//
// A case is a command that compiles a small project, with one option of the compiler's own lists
// (option_list.h) or with two or three. It is run by the plain compiler and through the launcher, in the same
// directory. Exit status, stdout, stderr and all files that appear must be equal, byte for byte. A difference
// is printed with the case's name and the smallest command that shows it. The records tell which commands
// travelled; if the baseline does not, or few do, the run fails: it would compare a compiler with itself.
// Exits with 1 if there was a difference.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "pump/os/format.h"
#include "tests/fuzz/options/commands.h"
#include "tests/fuzz/options/comparison.h"

namespace {

using namespace pump::fuzz::options;

struct Settings {
  std::vector<std::string> compilers{"gcc", "clang"};
  std::string launcher, scratch, only, names = "relative";
  bool alone = false, known = false, faults = false, verbose = false, minimize = true;
  std::uint64_t pairs = 0, seed = 1, stride = 1, first = 0;
  unsigned seconds = 0, threads = 2;
  std::vector<std::string> words;
};

/// "gcc-12": gcc-12 and g++-12. "clang": clang and clang++.
Compiler compiler_of(const std::string& name) {
  const bool clang = name.find("clang") != std::string::npos;
  const std::string c = clang ? "clang" : "gcc", cxx = clang ? "clang++" : "g++";
  const std::size_t at = name.rfind(c);
  if (at == std::string::npos) throw std::runtime_error(name + " is neither gcc nor clang");
  Compiler compiler{clang ? Family::Clang : Family::Gcc, name, name};
  compiler.cxx.replace(at, c.size(), cxx);
  return compiler;
}

/// What is compared, by a name that a later run understands.
struct Case {
  std::string name;
  Command command;
};

/// The cases of one compiler and mode, made one by one.
class Cases {
 public:
  Cases(const Settings& settings, const std::string& name, const std::string& mode)
      : settings_(settings), name_(name), mode_(mode), compiler_(compiler_of(name)) {
    if (mode == "faults") {
      list_ = former_faults(compiler_.family);
    } else if (mode == "known") {
      list_ = known_options(compiler_.family);
    } else {
      list_ = list_options(compiler_.family, compiler_.c);
    }
  }
  [[nodiscard]] const Compiler& compiler() const { return compiler_; }
  [[nodiscard]] std::uint64_t size() const {
    if (mode_ == "pairs") return settings_.pairs;
    if (mode_ == "faults") return list_.size();
    return (list_.size() + settings_.stride - 1) / settings_.stride;
  }
  [[nodiscard]] Case at(std::uint64_t number) const {
    const Names names{settings_.names != "absolute", settings_.names != "relative"};
    const std::uint64_t seed = settings_.seed * 1000003 + number;
    std::vector<Choice> choices;
    if (mode_ == "pairs") {
      choices = random_choices(list_, settings_.seed, number, number % 4 == 3 ? 3 : 2);
    } else {
      choices = {list_.at(mode_ == "faults" ? number : number * settings_.stride)};
    }
    return {pump::os::format("{}/{}/{}/{}", name_, mode_, settings_.seed, number),
            with_options(compiler_, choices, seed, names)};
  }

 private:
  const Settings& settings_;
  std::string name_, mode_;
  Compiler compiler_;
  std::vector<Choice> list_;
};

/// What a run has found so far. Thread-safe.
class Report {
 public:
  explicit Report(const Settings& settings) : settings_(settings) {}

  void add(const Case& one, const Verdict& verdict) {
    const std::lock_guard lock(mutex_);
    ++cases_;
    ++routes_[verdict.route.kind];
    if (verdict.status != 0) ++failing_;
    const auto& [kind, reason, detail] = verdict.route;
    if (kind == Route::Kind::Local) ++reasons_[reason];
    if (kind == Route::Kind::Returned)
      returned_.push_back(pump::os::format("{}: {}: {}\n    {}", one.name, reason, detail.substr(0, 200),
                                           one.command.text()));
    if (verdict.kind == Verdict::Kind::Varies)
      varying_.push_back(pump::os::format("{}: {}: {}", one.name, verdict.difference, one.command.text()));
    if (settings_.verbose && kind == Route::Kind::Local)
      fmt::print("{}: here: {} {}: {}\n", one.name, reason, detail, one.command.options_text());
  }
  /// False if such a difference is known: the command contains all options of one that was minimised.
  bool is_new(const Case& one) {
    const std::lock_guard lock(mutex_);
    for (Culprit& culprit : culprits_) {
      const auto has = [&](const Group& group) {
        return std::any_of(one.command.groups.begin(), one.command.groups.end(),
                           [&](const Group& other) { return other.words == group.words; });
      };
      const auto needs = [](const Group& group) { return !group.needed; };
      const auto& groups = culprit.command.groups;
      if (std::count_if(groups.begin(), groups.end(), needs) == 0) continue;
      if (!std::all_of(groups.begin(), groups.end(), [&](const Group& g) { return g.needed || has(g); }))
        continue;
      ++culprit.times;
      return false;
    }
    return true;
  }
  void add_difference(const Case& one, const Command& minimal, const Verdict& verdict) {
    const std::lock_guard lock(mutex_);
    culprits_.push_back({minimal, 1});
    fmt::print("{}: DIFFERENT: {}\n  {}\n  minimal: {}\n{}", one.name, verdict.difference, one.command.text(),
               minimal.text(), verdict.details);
    std::fflush(stdout);
  }
  void add_failed_baseline(const Command& command, const Verdict& verdict) {
    const std::lock_guard lock(mutex_);
    ++failed_baselines_;
    fmt::print("BASELINE {}: {} {} {}\n{}", command.text(), static_cast<int>(verdict.route.kind),
               verdict.route.reason, verdict.route.detail, verdict.details);
    std::fflush(stdout);
  }

  /// Prints the totals. False: the run failed.
  bool finish(const std::string& what, double seconds) {
    using enum Route::Kind;
    std::uint64_t times = 0;
    for (const Culprit& culprit : culprits_) times += culprit.times;
    for (const std::string& line : varying_) fmt::print("varies: {}\n", line);
    for (const std::string& line : returned_) fmt::print("sent in vain: {}\n", line);
    for (const auto& [reason, count] : reasons_) fmt::print("here: {:5} {}\n", count, reason);
    fmt::print(
        "{}: {} cases in {:.0f} s: {} remote, {} here from the start, {} no compilations, {} sent in vain, "
        "{} failed on both sides; {} fail by themselves, {} vary, {} different ({} kinds), {} baselines "
        "failed\n",
        what, cases_, seconds, routes_[Remote], routes_[Local], routes_[NotRecorded], routes_[Returned],
        routes_[Failed], failing_, varying_.size(), times, culprits_.size(), failed_baselines_);
    // Most of the known options and faults are of the kind that stays here; the baselines travel.
    const bool listed = what.find("known") != std::string::npos || what.find("faults") != std::string::npos;
    const bool enough = listed ? routes_[Remote] > 0 : routes_[Remote] * 3 >= cases_;
    if (!enough) fmt::print("too few were compiled remotely\n");
    return culprits_.empty() && failed_baselines_ == 0 && enough;
  }

 private:
  struct Culprit {
    Command command;
    std::uint64_t times = 0;
  };
  const Settings& settings_;
  std::mutex mutex_;
  std::uint64_t cases_ = 0, failing_ = 0, failed_baselines_ = 0;
  std::map<Route::Kind, std::uint64_t> routes_;
  std::map<std::string, std::uint64_t> reasons_;
  std::vector<std::string> returned_, varying_;
  std::vector<Culprit> culprits_;
};

void check_baseline(Comparison& comparison, const Compiler& compiler, Report& report) {
  for (const bool cxx : {false, true}) {
    const Command command = baseline(compiler, cxx);
    const Verdict verdict = comparison.compare(command);
    if (verdict.route.kind != Route::Kind::Remote || verdict.kind != Verdict::Kind::Equal)
      report.add_failed_baseline(command, verdict);
  }
}

void work(const Settings& settings, const Cases& cases, Comparison& comparison,
          std::atomic<std::uint64_t>& next, Report& report) {
  constexpr std::uint64_t kBetweenBaselines = 150;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(settings.seconds);
  for (std::uint64_t done = 0;; ++done) {
    const std::uint64_t number = next++;
    const bool stop =
        number >= cases.size() || (settings.seconds != 0 && std::chrono::steady_clock::now() >= end);
    if (stop || done % kBetweenBaselines == 0) check_baseline(comparison, cases.compiler(), report);
    if (stop) return;
    const Case one = cases.at(number);
    const Verdict verdict = comparison.compare(one.command);
    report.add(one, verdict);
    if (verdict.kind != Verdict::Kind::Different || !report.is_new(one)) continue;
    const Command minimal = settings.minimize ? comparison.minimize(one.command, verdict) : one.command;
    report.add_difference(one, minimal, verdict);
  }
}

bool run_all(const Settings& settings, const std::string& compiler, const std::string& mode) {
  const Cases cases(settings, compiler, mode);
  Report report(settings);
  std::atomic<std::uint64_t> next{settings.first};
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  std::exception_ptr failure;
  std::mutex failing;
  for (unsigned i = 0; i < settings.threads; ++i)
    threads.emplace_back([&, i] {
      try {
        Comparison comparison(pump::os::format("{}/{}.{}.{}", settings.scratch, compiler, mode, i),
                              settings.launcher);
        work(settings, cases, comparison, next, report);
      } catch (...) {
        const std::lock_guard lock(failing);
        failure = std::current_exception();
      }
    });
  for (std::thread& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  return report.finish(pump::os::format("{} {} seed {}", compiler, mode, settings.seed), seconds.count());
}

/// Compares one command and prints all about it.
bool run_one(const Settings& settings, const Command& command) {
  Comparison comparison(settings.scratch + "/one", settings.launcher);
  const Verdict verdict = comparison.compare(command);
  constexpr const char* kRoutes[] = {"not recorded", "remote", "here", "sent in vain",
                                     "failed on both sides"};
  constexpr const char* kKinds[] = {"equal", "varies", "DIFFERENT"};
  fmt::print("{}\n{}: {} {}; status {}; {} {}\n{}", command.text(),
             kRoutes[static_cast<int>(verdict.route.kind)], verdict.route.reason, verdict.route.detail,
             verdict.status, kKinds[static_cast<int>(verdict.kind)], verdict.difference, verdict.details);
  return verdict.kind != Verdict::Kind::Different;
}

/// `name`: as Case::name.
Case find_case(Settings& settings, const std::string& name) {
  std::vector<std::string> parts;
  for (std::size_t from = 0, to = 0; to != std::string::npos; from = to + 1) {
    to = name.find('/', from);
    parts.push_back(name.substr(from, to == std::string::npos ? to : to - from));
  }
  if (parts.size() != 4) throw std::runtime_error(name + " is not COMPILER/MODE/SEED/NUMBER");
  settings.seed = std::stoull(parts[2]);
  return Cases(settings, parts[0], parts[1]).at(std::stoull(parts[3]));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Options of compilers: remote against local compilation");
  Settings settings;
  app.add_option("--launcher", settings.launcher, "pump-launch")->required();
  app.add_option("--scratch", settings.scratch, "an existing directory that the server does not see")
      ->required();
  app.add_option("--compiler", settings.compilers, "gcc-12, clang …: with its C++ compiler");
  app.add_flag("--alone", settings.alone, "each option by itself");
  app.add_flag("--faults", settings.faults, "options that once failed");
  app.add_flag("--known", settings.known, "options with further outputs or inputs");
  app.add_option("--pairs", settings.pairs, "so many random commands with two or three options");
  app.add_option("--seed", settings.seed);
  app.add_option("--seconds", settings.seconds, "stop after so long, for each compiler and mode");
  app.add_option("--first", settings.first, "the number of the first case");
  app.add_option("--stride", settings.stride, "of the options alone, only each Nth");
  app.add_option("--names", settings.names, "relative, absolute or both, of sources and directories")
      ->check(CLI::IsMember({"relative", "absolute", "both"}));
  app.add_option("--threads", settings.threads);
  app.add_flag("--verbose", settings.verbose, "why commands are compiled here");
  app.add_flag("!--no-minimize", settings.minimize);
  app.add_option("--case", settings.only, "COMPILER/MODE/SEED/NUMBER");
  app.add_option("words", settings.words, "a command");
  CLI11_PARSE(app, argc, argv);
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // a run that is stopped has printed what it found
  try {
    if (!settings.only.empty()) return run_one(settings, find_case(settings, settings.only).command) ? 0 : 1;
    if (!settings.words.empty()) {
      Command command{settings.words.front(), {}};
      command.groups.push_back({{settings.words.begin() + 1, settings.words.end()}, true});
      return run_one(settings, command) ? 0 : 1;
    }
    bool good = true;
    for (const std::string& compiler : settings.compilers) {
      if (settings.faults) good = run_all(settings, compiler, "faults") && good;
      if (settings.known) good = run_all(settings, compiler, "known") && good;
      if (settings.alone) good = run_all(settings, compiler, "alone") && good;
      if (settings.pairs != 0) good = run_all(settings, compiler, "pairs") && good;
    }
    return good ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "options: {}\n", error.what());
    return 2;
  }
}

// Differential fuzzing of the include server against the compiler, in one process:
//   differential [--seeds A-B] [--seconds N] [--scratch DIRECTORY] [--no-minimize] [--verbose] [--show]
//   [--gcc VERSION]… [--clang VERSION]… [--launcher PUMP_LAUNCH [--absolute] [--add WORD]…]
// Generates a project for every seed (differential_generator.h) and checks it (differential_check.h). A
// difference is printed with its seed and, minimised, in the format of tests/oracle/cases, to be added there.
// Exits with 1 if there was one.
// With --launcher, projects are compiled through the launcher instead (differential_launcher.h; run_launcher.sh).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>

#include "pump/os/process.h"
#include "tests/fuzz/differential_check.h"
#include "tests/fuzz/differential_launcher.h"

namespace {

using namespace pump::fuzz;

struct Settings {
  bool minimize = true, verbose = false, show = false;
  LauncherOptions launcher;
};

struct Totals {
  std::uint64_t seeds = 0, skipped = 0, gave_up = 0, different = 0, compared = 0;
  std::uint64_t sent = 0, needed = 0;
};

void run_seed(Checker& checker, const std::vector<CompilerPair>& compilers, const std::string& scratch,
              std::uint64_t seed, const Settings& settings, Totals& totals) {
  const Generated generated = generate_project(seed, !settings.launcher.launcher.empty());
  ++totals.seeds;
  if (settings.show) {
    fmt::print("{}", to_case_text(generated.project));
    return;
  }
  Verdict verdict;
  try {
    verdict = settings.launcher.launcher.empty()
                  ? checker.check(generated)
                  : check_launcher(generated, compilers, settings.launcher, scratch + "/launched");
  } catch (const std::filesystem::filesystem_error&) {
    verdict.kind = Verdict::Kind::NotCompilable;  // colliding names: this seed gives no project
  }
  totals.compared += verdict.compared;
  totals.sent += verdict.sent;
  totals.needed += verdict.needed;
  if (verdict.gave_up != 0 && !generated.may_give_up) {
    ++totals.gave_up;
    fmt::print("seed {}: {}\n", seed, verdict.difference);
  }
  if (settings.verbose && verdict.gave_up != 0) fmt::print("seed {}: {}\n", seed, verdict.difference);
  if (settings.verbose && !verdict.errors.empty()) fmt::print("seed {}: {}\n", seed, verdict.errors);
  if (verdict.kind == Verdict::Kind::NotCompilable) ++totals.skipped;
  if (verdict.kind != Verdict::Kind::Different) return;
  ++totals.different;
  fmt::print("seed {}: DIFFERENT with {}\n  {}\n", seed, verdict.compiler, verdict.difference);
  if (settings.minimize && settings.launcher.launcher.empty()) {
    const Generated small = minimize(checker, generated, verdict.compiler);
    fmt::print("{}# {}: {}\n", to_case_text(small.project), verdict.compiler,
               checker.check(small, verdict.compiler).difference);
  }
  std::fflush(stdout);
}

/// "gcc" and "g++", or "gcc-12" and "g++-12"; either may have a path.
void add_compilers(const std::vector<std::string>& c_compilers, const std::string& c, const std::string& cxx,
                   std::vector<CompilerPair>& out) {
  for (const std::string& word : c_compilers) {
    const std::size_t name = word.rfind('/') + 1, at = word.find(c, name);
    if (at == std::string::npos) throw std::runtime_error(word + " is not called " + c);
    CompilerPair pair{word, word};
    pair.cxx.replace(at, c.size(), cxx);
    if (pump::os::find_program(pair.c, std::getenv("PATH")) &&
        pump::os::find_program(pair.cxx, std::getenv("PATH")))
      out.push_back(pair);
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Random projects: the include server against the compiler");
  std::string seeds = "1-300", scratch;
  unsigned seconds = 0;
  Settings settings;
  std::vector<std::string> gcc{"gcc"}, clang{"clang"};
  app.add_option("--seeds", seeds, "first-last");
  app.add_option("--seconds", seconds, "go on from the first seed for so long");
  app.add_option("--scratch", scratch);
  app.add_flag("!--no-minimize", settings.minimize);
  app.add_option("--gcc", gcc, "gcc-12 or /path/to/gcc: with its g++; several may be given, \"\" for none");
  app.add_option("--clang", clang, "likewise");
  app.add_option("--launcher", settings.launcher.launcher, "compare with what this pump-launch makes");
  app.add_flag("--absolute", settings.launcher.absolute, "with --launcher: absolute names");
  app.add_option("--add", settings.launcher.added, "with --launcher: another word")->allow_extra_args(false);
  app.add_flag("--show", settings.show, "only print the projects");
  app.add_flag("--verbose", settings.verbose, "why seeds do not compile, or are not answered");
  CLI11_PARSE(app, argc, argv);
  try {
    const std::size_t dash = seeds.find('-');
    const std::uint64_t first = std::stoull(seeds);
    std::uint64_t last = dash == std::string::npos ? first : std::stoull(seeds.substr(dash + 1));
    if (seconds != 0) last = UINT64_MAX;
    std::string pattern = (scratch.empty() ? std::filesystem::temp_directory_path().string() : scratch) +
                          "/differential.XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
    std::vector<CompilerPair> compilers;
    std::erase(gcc, "");
    std::erase(clang, "");
    add_compilers(gcc, "gcc", "g++", compilers);
    add_compilers(clang, "clang", "clang++", compilers);
    if (compilers.empty()) throw std::runtime_error("no compilers");
    Totals totals;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    {
      const std::string directory = std::filesystem::canonical(pattern).string();
      Checker checker(directory, compilers);
      for (std::uint64_t seed = first; seed <= last; ++seed) {
        if (seconds != 0 && std::chrono::steady_clock::now() >= end) break;
        run_seed(checker, compilers, directory, seed, settings, totals);
      }
      fmt::print("{}\n", checker.statistics());
      for (const auto& [reason, count] : checker.reasons())
        fmt::print("gave up {} times: {}\n", count, reason);
    }
    std::filesystem::remove_all(pattern);
    std::string names;
    for (const CompilerPair& pair : compilers) names += " " + pair.cxx;
    fmt::print(
        "{} seeds from {} with{}: {} commands compared, {} seeds do not compile, {} gave up needlessly, {} "
        "different, sent/needed {:.3f}\n",
        totals.seeds, first, names, totals.compared, totals.skipped, totals.gave_up, totals.different,
        static_cast<double>(totals.sent) / static_cast<double>(std::max<std::uint64_t>(totals.needed, 1)));
    // Giving up is not a difference, but few projects should need it. Projects that do not compile prove
    // nothing.
    const bool enough =
        totals.compared > 0 && totals.gave_up * 10 <= totals.seeds && totals.skipped * 2 <= totals.seeds;
    if (!enough) fmt::print("too few were compared\n");
    return totals.different == 0 && enough ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "differential: {}\n", error.what());
    return 2;
  }
}

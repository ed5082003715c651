// Differential fuzzing of the include server against the compiler, in one process:
//   differential [--seeds A-B] [--seconds N] [--scratch DIRECTORY] [--no-minimize]
// Every seed is a project (differential_generator.h), checked by differential_check.h. A difference is printed with its
// seed and, minimised, in the format of tests/oracle/cases, where it then belongs. Exit 1 where there was one.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <exception>
#include <filesystem>

#include "pump/os/file_io.h"
#include "tests/fuzz/differential_check.h"

namespace {

using namespace pump::fuzz;

struct Totals {
  std::uint64_t seeds = 0, skipped = 0, gave_up = 0, different = 0;
  double ratios = 0;
};

void run_seed(Checker& checker, std::uint64_t seed, bool with_minimizer, Totals& totals) {
  const Generated generated = generate_project(seed);
  ++totals.seeds;
  Verdict verdict;
  try {
    verdict = checker.check(generated.project, generated.exact);
  } catch (const std::filesystem::filesystem_error&) {
    verdict.kind = Verdict::Kind::NotCompilable;  // names that collide: no project came of this seed
  }
  switch (verdict.kind) {
    case Verdict::Kind::NotCompilable: ++totals.skipped; return;
    case Verdict::Kind::GaveUp:
      ++totals.gave_up;
      fmt::print("seed {}: {}\n", seed, verdict.difference);
      return;
    case Verdict::Kind::Same:
      totals.ratios += static_cast<double>(verdict.sent) / static_cast<double>(verdict.needed);
      return;
    case Verdict::Kind::Different: break;
  }
  ++totals.different;
  fmt::print("seed {}: DIFFERENT\n  {}\n", seed, verdict.difference);
  if (with_minimizer) {
    const auto small = minimize(checker, generated.project, generated.exact);
    fmt::print("{}# {}\n", to_case_text(small), checker.check(small, generated.exact).difference);
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Random projects: the include server against the compiler");
  std::string seeds = "1-300", scratch;
  unsigned seconds = 0;
  bool plain = false;
  app.add_option("--seeds", seeds, "first-last");
  app.add_option("--seconds", seconds, "go on from the first seed for so long");
  app.add_option("--scratch", scratch);
  app.add_flag("--no-minimize", plain);
  CLI11_PARSE(app, argc, argv);
  try {
    const std::size_t dash = seeds.find('-');
    const std::uint64_t first = std::stoull(seeds);
    std::uint64_t last = dash == std::string::npos ? first : std::stoull(seeds.substr(dash + 1));
    if (seconds != 0) last = UINT64_MAX;
    std::string pattern = (scratch.empty() ? std::filesystem::temp_directory_path().string() : scratch) + "/differential.XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
    Totals totals;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    {
      Checker checker(std::filesystem::canonical(pattern).string());
      for (std::uint64_t seed = first; seed <= last; ++seed) {
        if (seconds != 0 && std::chrono::steady_clock::now() >= end) break;
        run_seed(checker, seed, !plain, totals);
      }
      fmt::print("{}\n", checker.statistics());
    }
    std::filesystem::remove_all(pattern);
    const std::uint64_t compared = totals.seeds - totals.skipped - totals.gave_up;
    fmt::print("{} seeds from {}: {} compared, {} do not compile, {} gave up, {} different, sent/needed {:.3f}\n", totals.seeds,
               first, compared, totals.skipped, totals.gave_up, totals.different,
               compared == totals.different ? 0.0 : totals.ratios / static_cast<double>(compared - totals.different));
    // Giving up is no difference, but few of the projects call for it.
    const bool enough = compared > 0 && totals.gave_up * 10 <= totals.seeds;
    if (!enough) fmt::print("too few were compared\n");
    return totals.different == 0 && enough ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "differential: {}\n", error.what());
    return 2;
  }
}

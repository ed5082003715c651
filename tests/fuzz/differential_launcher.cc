#include "tests/fuzz/differential_launcher.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "pump/compilation/language.h"
#include "tests/oracle/project.h"
#include "tests/tools/same_outputs.h"

namespace pump::fuzz {
namespace {

/// An unused variable behind letters of two bytes, misleading indentation, and a macro.
constexpr const char* kWarnings = R"(
int pump_warns(int a);
int pump_warns(int a) {
  const char* letters = "äö"; int unused;
  if (a)
    a = 1;
    a = 2;
#define PUMP_SAME(x) ((x) == (x))
  return a + PUMP_SAME(a) + *letters;
}
)";

bool is_source(const std::string& path) {
  return path.ends_with(".c") || path.ends_with(".cc");
}

}  // namespace

Verdict check_launcher(const Generated& generated, const std::vector<CompilerPair>& compilers,
                       const LauncherOptions& options, const std::string& directory) {
  Verdict verdict;
  // Names of an earlier project may be directories there and files here.
  std::filesystem::remove_all(directory);
  oracle::write_project(generated.project, directory);
  if (!options.added.empty())
    for (const oracle::CaseFile& file : generated.project.files)
      if (is_source(file.path)) std::ofstream(directory + "/" + file.path, std::ios::app) << kWarnings;
  std::size_t number = 0;
  for (const auto& run : generated.project.runs) {
    for (const CompilerPair& pair : compilers) {
      const std::string compiler = run.front() == "CC" ? pair.c : pair.cxx;
      const oracle::Command command = oracle::make_command(generated.project, run, compiler, directory);
      std::vector<std::string> argv = command.argv;
      argv.insert(argv.begin() + 1, options.added.begin(), options.added.end());
      if (options.absolute) argv = tools::with_absolute_names(argv, command.cwd);
      const auto result = tools::compare_outputs(
          tools::with_outputs(argv, command.cwd, fmt::format("{}/.same{}", directory, ++number)),
          options.launcher, os::Environment::current());
      if (result.exit_code == 0 && !result.unstable) ++verdict.compared;
      if (verdict.kind != Verdict::Kind::Different)
        verdict.kind = verdict.compared > 0 ? Verdict::Kind::Same : Verdict::Kind::NotCompilable;
      if (result.exit_code != 0) verdict.errors = result.messages.substr(0, 500);
      if (result.defects.empty() || verdict.kind == Verdict::Kind::Different) continue;
      verdict.kind = Verdict::Kind::Different;
      verdict.compiler = compiler;
      for (const std::string& word : argv) verdict.difference += word + " ";
      for (const std::string& defect : result.defects) verdict.difference += "\n  " + defect;
    }
  }
  return verdict;
}

}  // namespace pump::fuzz

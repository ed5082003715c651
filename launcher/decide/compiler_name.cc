#include "launcher/decide/compiler_name.h"

#include <algorithm>
#include <array>
#include <vector>

#include "launcher/decide/wrappers.h"
#include "pump/os/file_io.h"
#include "pump/os/text.h"

namespace pump::launcher {
namespace {

/// GNU_HOST in distcc.
#if defined(__x86_64__)
constexpr std::string_view kTriplet = "x86_64-linux-gnu";
#elif defined(__aarch64__)
constexpr std::string_view kTriplet = "aarch64-linux-gnu";
#else
constexpr std::string_view kTriplet = "";
#endif

/// Where a server looks for compilers by default.
constexpr std::string_view kDefaultPath = "/usr/local/bin:/usr/bin:/bin";

/// Programs that can stand in a compiler's place and run it.
constexpr std::array<std::string_view, 8> kCompilerWrappers{"ccache", "sccache", "buildcache",  "distcc",
                                                            "icecc",  "pump",    "pump-launch", "fbuild"};

struct Program {
  std::string file;
  std::string identity;  ///< CommandContext::identity; empty: no such program
};

/// The program that `name` means on `path`.
Program find_on_path(std::string_view name, std::string_view path, const CommandContext& context) {
  Program program;
  for (const std::string_view directory : os::split(path, ':')) {
    program.file = directory.empty() ? std::string_view(".") : directory;
    (program.file += '/') += name;
    program.identity = context.identity(program.file);
    if (!program.identity.empty()) break;
  }
  return program;
}

bool is_compiler(const std::string& file, const CommandContext& context) {
  const std::string name = context.binary(file);
  return !name.empty() &&
         std::find(kCompilerWrappers.begin(), kCompilerWrappers.end(), name) == kCompilerWrappers.end();
}

/// The names to try for the compiler `base`. It is sent under the first one that is the same program.
std::vector<std::string> candidate_names(std::string_view base) {
  if (base == "cc") return {"gcc", "clang"};
  if (base == "c++") return {"g++", "clang++"};
  return {std::string(base)};
}

bool has_distcc_spelling(std::string_view name) {
  return name == "gcc" || name == "g++" || name.starts_with("gcc-") || name.starts_with("g++-");
}

/// distcc's spelling of `name`.
std::string distcc_spelling(const std::string& name, std::string_view path, const CommandContext& context) {
  if (kTriplet.empty() || !has_distcc_spelling(name)) return name;
  std::string full = std::string(kTriplet) + '-' + name;
  return find_on_path(full, path, context).identity.empty() ? name : full;
}

/// True if `name` is the program `identity` on `path` and wherever a server looks by default.
bool is_same_program_everywhere(const std::string& name, const std::string& identity, std::string_view path,
                                const CommandContext& context) {
  const std::string sent = distcc_spelling(name, path, context);
  if (find_on_path(sent, path, context).identity != identity) return false;
  const std::string usual = find_on_path(sent, kDefaultPath, context).identity;
  return usual.empty() || usual == identity;
}

}  // namespace

const char* const kTargetTriplet = kTriplet.data();

std::string spelling_for_distccd(const std::string& name, const CommandContext& context) {
  const std::string_view whole = context.environment.get_or("PATH", "");
  const std::optional<std::string> kept = path_without_masquerade(whole);
  return distcc_spelling(name, kept ? std::string_view(*kept) : whole, context);
}

bool is_clang(const std::string& compiler, const CommandContext& context) {
  const std::string_view base = os::basename(compiler);
  if (base.find("clang") != std::string_view::npos) return true;
  if (base != "cc" && base != "c++") return false;
  const std::string_view whole = context.environment.get_or("PATH", "");
  const std::optional<std::string> kept = path_without_masquerade(whole);
  const std::string_view path = kept ? std::string_view(*kept) : whole;
  const std::string identity = base.size() == compiler.size() ? find_on_path(base, path, context).identity
                                                              : context.identity(compiler);
  return !identity.empty() &&
         identity == find_on_path(base == "cc" ? "clang" : "clang++", path, context).identity;
}

std::optional<std::string> name_for_distccd(const std::string& compiler, const CommandContext& context) {
  const std::string_view base = os::basename(compiler);
  const bool by_path = base.size() != compiler.size();
  const std::string_view whole = context.environment.get_or("PATH", "");
  const std::optional<std::string> kept = path_without_masquerade(whole);
  const std::string_view path = kept ? std::string_view(*kept) : whole;
  const Program program =
      by_path ? Program{compiler, context.identity(compiler)} : find_on_path(base, path, context);
  if (program.identity.empty() || !is_compiler(program.file, context)) return {};
  const std::string_view directory = os::dirname(compiler);
  const bool known_directory = by_path && (directory == "/usr/bin" || directory == "/bin");
  for (const std::string& name : candidate_names(base)) {
    if (!known_directory) {
      if (is_same_program_everywhere(name, program.identity, path, context)) return name;
      continue;
    }
    std::string file = std::string(directory) + '/' + name;
    if (name == base || context.identity(file) == program.identity) return file;
  }
  return {};
}

}  // namespace pump::launcher

#include "launcher/decide/compiler_name.h"

#include <algorithm>
#include <array>
#include <vector>

#include "launcher/decide/compiler_word.h"
#include "pump/os/file_io.h"

namespace pump::launcher {
namespace {

/// distcc's own spelling of gcc and g++, where the machine has it (its GNU_HOST).
#if defined(__x86_64__)
constexpr std::string_view kTriplet = "x86_64-linux-gnu-";
#elif defined(__aarch64__)
constexpr std::string_view kTriplet = "aarch64-linux-gnu-";
#else
constexpr std::string_view kTriplet = "";
#endif

/// Where a server looks for compilers unless its administrator says otherwise.
constexpr std::string_view kDefaultPath = "/usr/local/bin:/usr/bin:/bin";

/// Programs that run a compiler in whose place they stand.
constexpr std::array<std::string_view, 8> kStandIns{"ccache", "sccache", "buildcache",  "distcc",
                                                    "icecc",  "pump",    "pump-launch", "fbuild"};

struct Program {
  std::string file;
  std::string identity;  ///< empty: there is none
};

/// What `name` stands for on `path`.
Program on_path(std::string_view name, std::string_view path, const CommandContext& context) {
  Program program;
  while (true) {
    const std::size_t colon = path.find(':');
    const std::string_view directory = path.substr(0, colon);
    program.file = directory.empty() ? std::string_view(".") : directory;
    (program.file += '/') += name;
    program.identity = context.identity(program.file);
    if (!program.identity.empty() || colon == std::string_view::npos) return program;
    path.remove_prefix(colon + 1);
  }
}

bool is_compiler(const std::string& file, const CommandContext& context) {
  const std::string name = context.binary(file);
  return !name.empty() && std::find(kStandIns.begin(), kStandIns.end(), name) == kStandIns.end();
}

/// The names under which the program `base` may travel, all of which make it behave alike.
std::vector<std::string> names_for(std::string_view base) {
  if (base == "cc") return {"gcc", "clang"};
  if (base == "c++") return {"g++", "clang++"};
  return {std::string(base)};
}

bool is_rewritten(std::string_view name) {
  return name == "gcc" || name == "g++" || name.starts_with("gcc-") || name.starts_with("g++-");
}

/// distcc's spelling of `name`.
std::string spelled(const std::string& name, std::string_view path, const CommandContext& context) {
  if (kTriplet.empty() || !is_rewritten(name)) return name;
  std::string full = std::string(kTriplet) + name;
  return on_path(full, path, context).identity.empty() ? name : full;
}

/// True where `name` is the program `own` wherever it may be looked up.
bool means(const std::string& name, const std::string& own, std::string_view path,
           const CommandContext& context) {
  const std::string sent = spelled(name, path, context);
  if (on_path(sent, path, context).identity != own) return false;
  const std::string usual = on_path(sent, kDefaultPath, context).identity;
  return usual.empty() || usual == own;
}

}  // namespace

bool is_clang(const std::string& compiler, const CommandContext& context) {
  const std::string_view base = os::basename(compiler);
  if (base.find("clang") != std::string_view::npos) return true;
  if (base != "cc" && base != "c++") return false;
  const std::string_view whole = context.environment.get_or("PATH", "");
  const std::optional<std::string> kept = path_without_masquerade(whole);
  const std::string_view path = kept ? std::string_view(*kept) : whole;
  const std::string own =
      base.size() == compiler.size() ? on_path(base, path, context).identity : context.identity(compiler);
  return !own.empty() && own == on_path(base == "cc" ? "clang" : "clang++", path, context).identity;
}

std::optional<std::string> name_for_distccd(const std::string& compiler, const CommandContext& context) {
  const std::string_view base = os::basename(compiler);
  const bool by_path = base.size() != compiler.size();
  const std::string_view whole = context.environment.get_or("PATH", "");
  const std::optional<std::string> kept = path_without_masquerade(whole);
  const std::string_view path = kept ? std::string_view(*kept) : whole;
  const Program own = by_path ? Program{compiler, context.identity(compiler)} : on_path(base, path, context);
  if (own.identity.empty() || !is_compiler(own.file, context)) return {};
  const std::string_view directory = os::dirname(compiler);
  const bool known_directory = by_path && (directory == "/usr/bin" || directory == "/bin");
  for (const std::string& name : names_for(base)) {
    if (!known_directory) {
      if (means(name, own.identity, path, context)) return name;
      continue;
    }
    std::string file = std::string(directory) + '/' + name;
    if (name == base || context.identity(file) == own.identity) return file;
  }
  return {};
}

}  // namespace pump::launcher

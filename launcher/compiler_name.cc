#include "launcher/compiler_name.h"

#include <algorithm>

#include "launcher/compiler_word.h"
#include "pump/os/file_io.h"

namespace pump::launcher {
namespace {

/// The file that `name` stands for on PATH, as an identity; empty: none.
std::string on_path(std::string_view name, std::string_view path, const Surroundings& surroundings) {
  std::string file;
  while (true) {
    const std::size_t colon = path.find(':');
    const std::string_view directory = path.substr(0, colon);
    file = directory.empty() ? std::string_view(".") : directory;
    (file += '/') += name;
    std::string found = surroundings.identity(file);
    if (!found.empty() || colon == std::string_view::npos) return found;
    path.remove_prefix(colon + 1);
  }
}

/// distcc's own spelling of the two, where the machine has it (its GNU_HOST).
#if defined(__x86_64__)
constexpr std::string_view kTriplet = "x86_64-linux-gnu-";
#elif defined(__aarch64__)
constexpr std::string_view kTriplet = "aarch64-linux-gnu-";
#else
constexpr std::string_view kTriplet = "";
#endif

/// True where distcc would rewrite `base` to a name that is another program. cc and c++ become gcc and g++
/// where they lead to one; clang's are left alone.
bool is_rewritten_to_another(std::string_view base, const std::string& own, std::string_view path,
                             const Surroundings& surroundings) {
  const bool generic = base == "cc" || base == "c++";
  if (kTriplet.empty() || (!generic && base != "gcc" && base != "g++")) return false;
  const bool cxx = base.ends_with("++");
  const std::string rewritten = on_path(std::string(kTriplet) + (cxx ? "g++" : "gcc"), path, surroundings);
  if (rewritten.empty() || rewritten == own) return false;
  return !generic || own != on_path(cxx ? "clang++" : "clang", path, surroundings);
}

}  // namespace

std::optional<std::string> name_for_distccd(const std::string& compiler, const Surroundings& surroundings) {
  const std::string_view base = os::basename(compiler);
  const bool by_path = base.size() != compiler.size();
  if (by_path) {
    const std::string_view directory = os::dirname(compiler);
    if (directory == "/usr/bin" || directory == "/bin") return compiler;
  }
  const std::string_view whole = surroundings.environment.get_or("PATH", "");
  const std::optional<std::string> kept = path_without_masquerade(whole);
  const std::string_view path = kept ? std::string_view(*kept) : whole;
  const std::string plain = on_path(base, path, surroundings);
  const std::string own = by_path ? surroundings.identity(compiler) : plain;
  if (own.empty()) return compiler;
  if (own != plain || is_rewritten_to_another(base, own, path, surroundings)) return std::nullopt;
  return std::string(base);
}

}  // namespace pump::launcher

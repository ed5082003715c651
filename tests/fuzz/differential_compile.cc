#include "tests/fuzz/differential_compile.h"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "pump/compilation/make_rule.h"
#include "pump/os/file_io.h"
#include "pump/os/process.h"

namespace pump::fuzz {
namespace {

namespace fs = std::filesystem;

std::string significant_lines(const std::string& text) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    // The output contains pragmas, and the copy of a source has one more.
    if (line.find_first_not_of(" \r") != std::string::npos &&
        !line.starts_with("#pragma GCC diagnostic ignored"))
      out += line + "\n";
  return out;
}

/// The loaded sections of an object. Others contain file names.
template <typename Header, typename Section>
std::string loaded_sections(const std::string& object) {
  Header header;
  std::memcpy(&header, object.data(), sizeof header);
  std::string out;
  for (unsigned i = 0; i < header.e_shnum; ++i) {
    Section section;
    std::memcpy(&section, object.data() + header.e_shoff + std::size_t{i} * sizeof section, sizeof section);
    if ((section.sh_flags & SHF_ALLOC) == 0 || section.sh_type == SHT_NOBITS) continue;
    out += fmt::format("section {}\n", i) + object.substr(section.sh_offset, section.sh_size) + "\n";
  }
  return out;
}

std::string loaded_part(const std::string& path) {
  const auto object = os::read_file(path);
  if (!object) throw std::runtime_error(object.error().message);
  if (object->size() < sizeof(Elf64_Ehdr)) throw std::runtime_error("no object: " + path);
  return (*object)[EI_CLASS] == ELFCLASS64 ? loaded_sections<Elf64_Ehdr, Elf64_Shdr>(*object)
                                           : loaded_sections<Elf32_Ehdr, Elf32_Shdr>(*object);
}

/// clang indents a line's first token by the width of a BOM. The tokens are the same.
std::string_view unindented(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return line;
}

}  // namespace

Compiled compile(const std::vector<std::string>& argv, const std::string& cwd, bool to_object,
                 const std::string& dependencies) {
  os::SpawnOptions options;
  const auto compiler = os::find_program(argv.front(), std::getenv("PATH"));
  if (!compiler) throw std::runtime_error("no " + argv.front());
  options.program = *compiler;
  options.argv = argv;
  const std::string object = dependencies + ".o";
  if (to_object) {
    options.argv.insert(options.argv.begin() + 1, {"-o", object});
  } else {
    for (std::string& word : options.argv)
      if (word == "-c") word = "-E";
    options.argv.insert(options.argv.begin() + 1, "-P");
  }
  options.argv.insert(options.argv.begin() + 1, {"-w", "-MD", "-MF", dependencies});
  options.directory = cwd;
  os::Environment environment = os::Environment::current();
  environment.set("LC_ALL", "C");
  options.environment = environment;
  const auto result = os::run(options, std::chrono::minutes(1));
  if (!result) throw std::runtime_error(result.error().message);
  Compiled out;
  out.success = result->status.success();
  out.errors = result->err.substr(0, 600);
  if (out.success) out.text = to_object ? loaded_part(object) : significant_lines(result->out);
  return out;
}

std::set<std::string> read_dependencies(const std::string& file, const std::string& cwd,
                                        const std::string& root) {
  const auto text = os::read_file(file);
  if (!text) throw std::runtime_error(text.error().message);
  std::set<std::string> out;
  for (const std::string& name : compilation::parse_make_rule(*text)) {
    const std::string real = fs::canonical(fs::path(cwd) / name).string();
    if (real.starts_with(root + "/")) out.insert(real);
  }
  return out;
}

std::string first_difference(const std::string& local, const std::string& remote) {
  std::istringstream a(local), b(remote);
  std::string line, other;
  while (std::getline(a, line)) {
    if (!std::getline(b, other)) return "remote text ends before: " + line;
    if (unindented(line) == unindented(other)) continue;
    const auto first = static_cast<std::size_t>(
        std::mismatch(line.begin(), line.end(), other.begin(), other.end()).first - line.begin());
    const std::size_t from = first < 200 ? 0 : first - 60;  // sections are long lines
    return fmt::format("local: {}\n  remote: {}", line.substr(from, 300),
                       other.substr(std::min(from, other.size()), 300));
  }
  return std::getline(b, other) ? "remote text goes on with: " + other : "";
}

}  // namespace pump::fuzz

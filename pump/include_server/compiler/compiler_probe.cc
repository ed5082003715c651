#include "pump/include_server/compiler/compiler_probe.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "pump/include_server/compiler/compiler_query.h"
#include "pump/include_server/compiler/naming_probe.h"
#include "pump/include_server/compiler/probe_text.h"
#include "pump/os/file_io.h"
#include "pump/os/format.h"
#include "pump/os/process.h"
#include "pump/os/text.h"
#include "pump/os/unique_fd.h"

namespace pump::include_server {
namespace {

constexpr std::chrono::seconds kTimeout(20);
constexpr std::size_t kMostOutput = 64U << 20U;
constexpr std::string_view kEndOfListing = "End of search list.";

// An anonymous file that other processes of this user can open by name.
class MemoryFile {
 public:
  static Expected<MemoryFile> create(std::string_view text) {
    os::UniqueFd fd(::memfd_create("pump-probe", MFD_CLOEXEC));
    if (!fd) return fail_errno("cannot make a memory file");
    PUMP_CHECK(os::write_all(fd.get(), text));
    return MemoryFile(std::move(fd));
  }
  /// Contains this process's number as /proc has it: it differs from getpid() if /proc belongs to an outer
  /// PID namespace.
  [[nodiscard]] std::string path() const {
    return os::format("/proc/{}/fd/{}", os::read_link("/proc/self").value_or("self"), fd_.get());
  }

 private:
  explicit MemoryFile(os::UniqueFd fd) : fd_(std::move(fd)) {}
  os::UniqueFd fd_;
};

// A directory for the time that the compiler runs. If an option makes it write files, they are removed with
// it.
class PrivateDirectory {
 public:
  static Expected<PrivateDirectory> create() {
    std::error_code unusable;
    std::filesystem::path above = std::filesystem::temp_directory_path(unusable);
    if (unusable) above = "/tmp";  // $TMPDIR is not a directory
    std::string path = (above / "pump-probe.XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) return fail_errno("cannot make a directory like " + path);
    return PrivateDirectory(std::move(path));
  }
  PrivateDirectory(PrivateDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  PrivateDirectory& operator=(PrivateDirectory&&) = delete;
  ~PrivateDirectory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit PrivateDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

// Runs the compiler on `text`; `options` select what it does (-E, -fsyntax-only).
Expected<os::Captured> run_on(const ProbeCommand& command, std::string_view text,
                              const std::string& directory, const std::vector<std::string>& options) {
  PUMP_TRY(const MemoryFile file, MemoryFile::create(text));
  os::SpawnOptions spawn;
  spawn.program = command.compiler;
  spawn.argv = {command.compiler};
  spawn.argv.insert(spawn.argv.end(), command.flags.begin(), command.flags.end());
  for (const std::string& option : options) spawn.argv.push_back(option);
  spawn.argv.emplace_back("-x");
  spawn.argv.push_back(command.language);
  spawn.argv.push_back(file.path());
  for (const char* word : {"-o", "-"}) spawn.argv.emplace_back(word);
  spawn.environment = command.environment;
  spawn.directory = command.directory.empty() ? directory : command.directory;
  spawn.close_others = true;
  return os::run(spawn, kTimeout, kMostOutput);
}

Expected<os::Captured> run_on(const ProbeCommand& command, std::string_view text,
                              const std::vector<std::string>& options) {
  PUMP_TRY(const PrivateDirectory directory, PrivateDirectory::create());
  return run_on(command, text, directory.path(), options);
}

// Errors are ignored: if a file is missing, the compiler's answers fit no rule (NamingAnswers).
void write_layout(const std::string& directory) {
  for (const LayoutFile& file : naming_layout()) {
    const std::filesystem::path path = std::filesystem::path(directory) / file.path;
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    if (file.link_target.empty()) {
      std::ofstream(path) << file.content;
    } else {
      std::filesystem::create_symlink(file.link_target, path, ignored);
    }
  }
}

// The compiler's first error, for the log.
std::string failure_text(const ProbeCommand& command, const os::Captured& ran) {
  std::string first;
  os::for_each_line(ran.err, [&](std::string_view line) {
    // Errors in the probe's text are answers: some queries are ill-formed for some compilers.
    if (line.starts_with("/proc/")) return;
    if (first.empty() && line.find("error") != std::string_view::npos && !line.starts_with("Configured"))
      first = line.substr(0, 300);
  });
  return os::format("{} does not report its defaults ({})", command.compiler,
                    first.empty() ? os::format("status {}", ran.status.shell_code()) : first);
}

std::string_view quoted_part(std::string_view line) {
  const std::size_t open = line.find('"');
  const std::size_t close = line.rfind('"');
  return open == close ? std::string_view{} : line.substr(open + 1, close - open - 1);
}

/// Where the parentheses begin that end the text.
std::size_t last_group(std::string_view text) {
  int depth = 0;
  for (std::size_t at = text.size(); at-- > 0;) {
    if (text[at] == ')') ++depth;
    if (text[at] == '(' && --depth == 0) return at;
  }
  return text.size();
}

// The program of a " /path/cc1plus -E …" or " "/path/clang" -cc1 …" line.
std::string frontend_of(std::string_view verbose) {
  std::string frontend;
  os::for_each_line(verbose, [&](std::string_view line) {
    if (!frontend.empty() || !line.starts_with(' ')) return;
    line.remove_prefix(1);
    const bool quoted = line.starts_with('"');
    if (quoted) line.remove_prefix(1);
    const std::string_view program = line.substr(0, line.find(quoted ? '"' : ' '));
    const bool works =
        line.find(" -cc1 ") != std::string_view::npos || program.find("/cc1") != std::string_view::npos;
    if (works && program.starts_with('/')) frontend = program;
  });
  return frontend;
}

// "# 1 "/usr/include/stdc-predef.h" 1 3 4" -> the name; nothing if the line is not a line marker.
std::optional<std::string_view> marked_file(std::string_view line) {
  if (line.size() < 4 || line[0] != '#' || line[1] != ' ' || line[2] < '0' || line[2] > '9')
    return std::nullopt;
  return quoted_part(line);
}

// gcc defines a macro. clang 14 to 19 do not; they have modules in C++20 and with several options.
bool has_modules(const CompilerProfile& profile, const std::vector<std::string>& flags) {
  constexpr std::string_view kVersion = "#define __cplusplus ";
  if (profile.predefined.find("#define __cpp_modules ") != std::string::npos) return true;
  if (!profile.clang) return false;
  const std::size_t at = profile.predefined.find(kVersion);
  return (at != std::string::npos && profile.predefined.compare(at + kVersion.size(), 6, "201703") > 0) ||
         std::any_of(flags.begin(), flags.end(),
                     [](const std::string& flag) { return flag.find("modules") != std::string::npos; });
}

}  // namespace

os::Environment probe_environment(const os::Environment& client) {
  // DEPENDENCIES_OUTPUT makes gcc write a file. The search path variables are not sent to the compile server.
  constexpr std::array<std::string_view, 12> kDropped = {"DEPENDENCIES_OUTPUT",
                                                         "SUNPRO_DEPENDENCIES",
                                                         "CPATH",
                                                         "C_INCLUDE_PATH",
                                                         "CPLUS_INCLUDE_PATH",
                                                         "OBJC_INCLUDE_PATH",
                                                         "OBJCPLUS_INCLUDE_PATH",
                                                         "CCACHE_PREFIX",
                                                         "LANGUAGE",
                                                         "LANG",
                                                         "LC_MESSAGES",
                                                         "LC_CTYPE"};
  os::Environment environment;
  for (const std::string& variable : client.strings()) {
    const std::size_t equals = variable.find('=');
    const std::string_view name = std::string_view(variable).substr(0, equals);
    bool dropped =
        name.starts_with("DISTCC_") || name.starts_with("INCLUDE_SERVER_") || name.starts_with("PUMP_");
    for (const std::string_view other : kDropped) dropped |= name == other;
    if (!dropped) environment.set(name, std::string_view(variable).substr(equals + 1));
  }
  environment.set("LC_ALL", "C");
  return environment;
}

SearchListing parse_search_listing(std::string_view verbose) {
  SearchListing listing;
  std::vector<std::string>* list = nullptr;
  os::for_each_line(verbose, [&](std::string_view line) {
    if (line == "#include \"...\" search starts here:") {
      list = &listing.quote;
    } else if (line == "#include <...> search starts here:") {
      list = &listing.bracket;
    } else if (line == kEndOfListing) {
      list = nullptr;
    } else if (list != nullptr && line.starts_with(' ')) {
      line.remove_prefix(1);
      if (line.ends_with(" (framework directory)") || line.ends_with(" (headermap)")) {
        listing.frameworks = true;
      } else {
        list->emplace_back(line);
      }
    } else if (line.starts_with("ignoring nonexistent directory \"") ||
               line.starts_with("ignoring duplicate directory \"")) {
      listing.dropped.emplace_back(quoted_part(line));
    }
  });
  return listing;
}

void parse_predefined(std::string_view output, CompilerProfile& profile) {
  bool in_stdc_predef = false, ended = false;
  os::for_each_line(output, [&](std::string_view line) {
    if (ended) return;
    if (line == kProbeBegin) {
      ended = true;
    } else if (const auto file = marked_file(line)) {
      in_stdc_predef = file->ends_with("stdc-predef.h");
      profile.preincludes_stdc_predef |= in_stdc_predef;
    } else if (!in_stdc_predef && (line.starts_with("#define ") || line.starts_with("#undef "))) {
      profile.predefined.append(line).append("\n");
    }
  });
}

std::string parse_version(std::string_view verbose) {
  constexpr std::string_view kGcc = "gcc version ", kClang = "clang version ";
  std::string version;
  os::for_each_line(verbose, [&](std::string_view line) {
    if (!version.empty() || line.starts_with(' ')) return;
    if (line.starts_with(kGcc)) {
      line = os::trim_blanks(line.substr(kGcc.size()));
      const std::size_t package = last_group(line);
      version = os::format("GCC: {} {}", line.substr(package), os::trim_blanks(line.substr(0, package)));
    } else if (const std::size_t at = line.find(kClang);
               at == 0 || (at != std::string_view::npos && line[at - 1] == ' ')) {
      version = os::trim_blanks(line);
    }
  });
  return version;
}

Expected<Probe> probe_compiler(const ProbeCommand& command) {
  PUMP_TRY(const PrivateDirectory directory, PrivateDirectory::create());
  write_layout(directory.path());
  PUMP_TRY(const os::Captured ran,
           run_on(command, probe_text(directory.path()), directory.path(), {"-E", "-v", "-dD"}));
  Probe probe;
  // The exit status does not matter: a query that is ill-formed for this compiler makes it fail, and means
  // "no".
  ProbeAnswers answers = read_answers(ran.out);
  if (!answers.complete || ran.err.find(kEndOfListing) == std::string::npos)
    return fail(failure_text(command, ran));
  probe.listing = parse_search_listing(ran.err);
  probe.frontend = frontend_of(ran.err);
  CompilerProfile& profile = probe.profile;
  profile.compiler = command.compiler;
  profile.target_language = command.language;
  profile.quote_directories = probe.listing.quote;
  profile.system_directories = probe.listing.bracket;
  profile.searched_directories = probe.listing.bracket;
  parse_predefined(ran.out, profile);
  profile.clang = profile.predefined.find("#define __clang__ ") != std::string::npos;
  profile.known_queries = std::move(answers.known_queries);
  profile.builtin_names = std::move(answers.builtin_names);
  // In gcc __FLT_EVAL_METHOD__ is a macro like any other.
  std::erase_if(profile.builtin_names, [&](const std::string& name) {
    return profile.predefined.find(os::format("#define {} ", name)) != std::string::npos;
  });
  profile.version = parse_version(ran.err);
  profile.lex = answers.lex;
  profile.lex.cplusplus = command.language == "c++" || command.language == "objective-c++";
  profile.lex.assembler = command.language == "assembler-with-cpp";
  profile.lex.modules = profile.lex.cplusplus && has_modules(profile, command.flags);
  profile.dialect = answers.dialect;
  if (profile.clang && !answers.naming_known) profile.dialect.directories = DirectoryNaming::Unsure;
  return probe;
}

Expected<SearchListing> list_search_path(const ProbeCommand& command,
                                         const std::vector<std::string>& options) {
  std::vector<std::string> verbose = options;
  verbose.emplace_back("-v");
  verbose.emplace_back("-E");
  PUMP_TRY(const os::Captured ran, run_on(command, "\n", verbose));
  if (ran.err.find(kEndOfListing) == std::string::npos) return fail(failure_text(command, ran));
  return parse_search_listing(ran.err);
}

std::optional<std::int64_t> ask_compiler(const ProbeCommand& command, const std::string& query) {
  if (const auto text = pragma_query_text(query)) {
    const Expected<os::Captured> ran = run_on(command, *text, {"-fsyntax-only"});
    return ran ? read_pragma_answer(ran->err) : std::nullopt;
  }
  const Expected<os::Captured> ran = run_on(command, query_text(query), {"-E"});
  return ran ? read_query_answer(ran->out) : std::nullopt;
}

}  // namespace pump::include_server

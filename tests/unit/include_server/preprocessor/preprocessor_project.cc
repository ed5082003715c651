#include "tests/unit/include_server/preprocessor/preprocessor_project.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "pump/compilation/make_rule.h"
#include "pump/os/file_io.h"
#include "pump/os/process.h"

namespace pump::include_server {
namespace {

namespace fs = std::filesystem;

std::string path_variable() {
  const char* path = std::getenv("PATH");
  return path != nullptr ? path : "/usr/bin:/bin";
}

std::vector<std::string> lines_between(const std::string& text, const std::string& begin,
                                       const std::string& end) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  bool inside = false;
  for (std::string line; std::getline(stream, line);) {
    if (line.rfind(end, 0) == 0) inside = false;
    if (inside) lines.push_back(line.substr(1));
    if (line.rfind(begin, 0) == 0) inside = true;
  }
  return lines;
}

}  // namespace

CompilerProject::CompilerProject(std::string compiler) : compiler_(std::move(compiler)) {
  std::string pattern = (fs::temp_directory_path() / "pump-project-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) std::abort();
  root_ = fs::canonical(pattern).string();
}

CompilerProject::~CompilerProject() {
  (void)os::remove_tree(root_);
}

void CompilerProject::write(const std::string& path, const std::string& content) {
  fs::create_directories(fs::path(absolute(path)).parent_path());
  std::ofstream(absolute(path), std::ios::binary) << content;
}

void CompilerProject::make_directory(const std::string& path) {
  fs::create_directories(absolute(path));
}

bool CompilerProject::available() const {
  return os::find_program(compiler_, path_variable()).has_value();
}

std::vector<std::string> CompilerProject::expanded_flags() const {
  std::vector<std::string> expanded;
  for (std::string flag : flags) {
    for (std::size_t at = flag.find("@ROOT@"); at != std::string::npos; at = flag.find("@ROOT@"))
      flag.replace(at, 6, root_);
    expanded.push_back(flag);
  }
  return expanded;
}

std::string CompilerProject::run_compiler(const std::vector<std::string>& arguments, bool& success,
                                          std::string& errors) {
  os::SpawnOptions options;
  options.program = os::find_program(compiler_, path_variable()).value_or(compiler_);
  options.argv = {compiler_};
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  options.directory = root_;
  const auto captured = os::run(options, std::chrono::minutes(2));
  success = captured && captured->status.success();
  errors = captured ? captured->err : captured.error().message;
  return captured ? captured->out : std::string();
}

std::optional<std::set<std::string>> CompilerProject::by_compiler() {
  std::vector<std::string> arguments = expanded_flags();
  arguments.insert(arguments.end(),
                   {"-x", language, "-E", "-MD", "-MF", ".depend", "-o", ".preprocessed", source});
  bool success = false;
  run_compiler(arguments, success, complaint);
  if (!success) return std::nullopt;
  std::ifstream stream(absolute(".depend"), std::ios::binary);
  const std::string rule((std::istreambuf_iterator<char>(stream)), {});
  std::set<std::string> files;
  for (const std::string& name : compilation::parse_make_rule(rule))
    files.insert(fs::weakly_canonical(name.front() == '/' ? name : absolute(name)).string());
  return files;
}

std::shared_ptr<const CompilerProfile> CompilerProject::profile() {
  static std::map<std::string, std::shared_ptr<const CompilerProfile>> known;
  std::vector<std::string> arguments{"-x", language};
  std::string key = compiler_ + language;
  // The predefined macros depend on these flags only.
  for (const std::string& flag : expanded_flags()) {
    if (flag.rfind("-std", 0) != 0 && flag.rfind("-m", 0) != 0 && flag.rfind("-f", 0) != 0 &&
        flag != "-trigraphs")
      continue;
    arguments.push_back(flag);
    key += flag;
  }
  if (known.count(key) != 0) return known[key];
  auto made = std::make_shared<CompilerProfile>();
  made->id = known.size() + 1;
  made->compiler = compiler_;
  made->clang = compiler_.find("clang") != std::string::npos;
  std::vector<std::string> predefined = arguments;
  predefined.insert(predefined.end(), {"-E", "-dM", "/dev/null"});
  bool success = false;
  std::string errors;
  made->predefined = run_compiler(predefined, success, errors);
  made->preincludes_stdc_predef = !made->clang;
  const bool cplusplus = language.find("c++") != std::string::npos;
  made->dialect = {.operator_words = cplusplus, .true_is_one = cplusplus, .shifts_reverse = !made->clang};
  if (made->clang) {
    made->dialect.files = FileNaming::LastLookup;
    made->dialect.directories = DirectoryNaming::First;
  }
  std::string probe;
  for (const char* name :
       {"_Pragma", "__has_include", "__has_include_next", "__has_embed", "__has_builtin", "__has_attribute",
        "__has_cpp_attribute", "__has_c_attribute", "__has_feature", "__has_extension",
        "__has_declspec_attribute", "__has_warning", "__is_identifier", "__building_module",
        "__is_target_arch", "__is_target_os", "__FILE_NAME__", "__COUNTER__"}) {
    probe += std::string("#ifdef ") + name + "\nPUMP_HAS \"" + name + "\"\n#endif\n";
  }
  write(".probe", probe);
  arguments.insert(arguments.end(), {"-E", "-P", ".probe"});
  std::istringstream lines(run_compiler(arguments, success, errors));
  for (std::string line; std::getline(lines, line);)
    if (const std::size_t quote = line.find('"'); quote != std::string::npos)
      made->builtin_names.push_back(line.substr(quote + 1, line.rfind('"') - quote - 1));
  return known[key] = made;
}

std::optional<std::int64_t> CompilerProject::ask(const std::string& query) {
  static std::map<std::string, std::optional<std::int64_t>> known;
  const std::string key = compiler_ + language + query;
  if (known.count(key) != 0) return known[key];
  std::string probe;
  for (const int value :
       {0, 1, 200809, 201309, 201603, 201803, 201811, 201904, 201907, 201910, 202002, 202106})
    probe += "#if " + query + " == " + std::to_string(value) + "\nPUMP_VALUE " + std::to_string(value) +
             "\n#endif\n";
  write(".query", probe);
  bool success = false;
  std::string errors;
  std::vector<std::string> arguments{"-x", language};
  for (const std::string& flag : flags)
    if (flag.rfind("-std", 0) == 0) arguments.push_back(flag);
  arguments.insert(arguments.end(), {"-E", "-P", ".query"});
  const std::string out = run_compiler(arguments, success, errors);
  const std::size_t at = out.find("PUMP_VALUE ");
  std::optional<std::int64_t> value;
  if (success && at != std::string::npos) value = std::atoll(out.c_str() + at + 11);
  return known[key] = value;
}

Unit CompilerProject::unit() {
  Unit made;
  made.cwd = root_;
  Trace trace;
  made.cwd_directory = tree_.directory(nullptr, root_, trace);
  made.source = source;
  made.language = language;
  made.maps_names_over_cwd = maps_names_over_cwd;
  made.profile = profile();
  const auto has = [this](const char* flag) {
    return std::find(flags.begin(), flags.end(), flag) != flags.end();
  };
  made.lex.cplusplus = language.find("c++") != std::string::npos;
  made.lex.assembler = language == "assembler-with-cpp";
  made.lex.trigraphs = has("-trigraphs") || has("-std=c++11") || has("-std=c++14") || has("-std=c11") ||
                       has("-std=c99") || has("-std=c90");
  made.lex.digit_separators = made.lex.cplusplus && !has("-std=c++11") && !has("-std=c++98");
  made.lex.raw_strings =
      made.lex.cplusplus ? !has("-std=c++98") : !has("-std=c11") && !has("-std=c99") && !has("-std=c90");
  made.lex.c90_comments = has("-std=c90");
  made.lex.digraphs = made.lex.unicode_names = !has("-std=c90");
  made.lex.line_comments = !has("-std=c90") || made.profile->clang;
  std::vector<std::string> arguments = expanded_flags();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const auto value = [&](std::size_t length) {
      return word.size() > length ? word.substr(length) : arguments[++i];
    };
    if (word.rfind("-D", 0) == 0) {
      std::string text = value(2);
      const std::size_t equals = text.find('=');
      if (equals == std::string::npos) {
        text += " 1";
      } else {
        text[equals] = ' ';
      }
      made.macros.push_back({false, text});
    } else if (word.rfind("-U", 0) == 0) {
      made.macros.push_back({true, value(2)});
    } else if (word == "-include" || word == "-imacros") {
      made.forced.push_back({arguments[i + 1], word == "-imacros"});
      ++i;
    }
  }
  // The search path as the compiler lists it.
  std::vector<std::string> listing = expanded_flags();
  for (std::size_t i = 0; i < listing.size();) {
    const bool forced = listing[i] == "-include" || listing[i] == "-imacros";
    const auto at = listing.begin() + static_cast<std::ptrdiff_t>(i);
    if (forced) {
      listing.erase(at, at + 2);
    } else {
      ++i;
    }
  }
  listing.insert(listing.end(), {"-x", language, "-v", "-E", "/dev/null", "-o", "/dev/null"});
  bool success = false;
  std::string said;
  run_compiler(listing, success, said);
  auto search = std::make_shared<SearchPath>();
  const std::string bracket = "#include <...> search starts here";
  const auto add = [&](const std::string& spelled) {
    search->directories.push_back({spelled, tree_.directory(made.cwd_directory, spelled, trace), false});
  };
  for (const std::string& directory : lines_between(said, "#include \"...\" search starts here", bracket))
    add(directory);
  search->bracket_start = search->directories.size();
  for (const std::string& directory : lines_between(said, bracket, "End of search list")) add(directory);
  for (const SearchDirectory& directory : search->directories)
    search->id = search->id * 31 + std::hash<std::string>()(directory.spelled);
  search->id += search->bracket_start;
  made.search = search;
  return made;
}

Closure CompilerProject::run() {
  Preprocessor preprocessor(
      tree_, scans_, [this](const CompilerProfile&, const std::string& query) { return ask(query); }, budget);
  return run(preprocessor);
}

Closure CompilerProject::run(Preprocessor& preprocessor) {
  const FileTree::Snapshot snapshot = tree_.begin();
  return preprocessor.run(snapshot, unit());
}

std::set<std::string> CompilerProject::entered() {
  const Closure closure = run();
  std::set<std::string> files;
  if (closure.give_up != GiveUp::None)
    files.insert(std::string("gave up: ") + describe(closure.give_up) + ": " + closure.detail);
  for (const ClosureFile& file : closure.files)
    if (file.entered) files.insert(file.entry->path());
  return files;
}

std::set<std::string> CompilerProject::needed() {
  const Closure closure = run();
  std::set<std::string> files;
  if (closure.give_up != GiveUp::None)
    files.insert(std::string("gave up: ") + describe(closure.give_up) + ": " + closure.detail);
  for (const ClosureFile& file : closure.files) files.insert(file.entry->path());
  return files;
}

std::set<std::string> basenames(const std::set<std::string>& paths) {
  std::set<std::string> names;
  for (const std::string& path : paths) names.insert(std::string(os::basename(path)));
  return names;
}

}  // namespace pump::include_server

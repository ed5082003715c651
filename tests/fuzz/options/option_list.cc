#include "tests/fuzz/options/option_list.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <regex>
#include <set>
#include <stdexcept>

#include "pump/os/process.h"
#include "pump/os/text.h"

namespace pump::fuzz::options {
namespace {

using Words = std::vector<std::string>;

/// Both outputs of a query. Compilers exit with 1 after some.
std::string ask(const Words& argv) {
  const auto program = os::find_program(argv.front(), std::getenv("PATH"));
  if (!program) throw std::runtime_error("no " + argv.front());
  os::SpawnOptions options;
  options.program = *program;
  options.argv = argv;
  options.environment = os::Environment::current();
  options.environment->set("LC_ALL", "C");
  options.environment->set("COLUMNS", "10000");
  const auto ran = os::run(options, std::chrono::minutes(1));
  if (!ran) throw std::runtime_error(ran.error().message);
  return ran->out + ran->err;
}

bool contains(std::string_view text, std::initializer_list<const char*> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [text](const char* part) { return text.find(part) != std::string_view::npos; });
}

/// For a file that is read or written, whichever the option means.
const Words kFiles{"list.txt", "@PROJECT@/list.txt", "missing.txt", "out/new.txt", "@PROJECT@/new.txt"};
const Words kDirectories{"inc", "@PROJECT@/inc", "sys/", "missing", "out"};
const Words kNumbers{"0", "1", "3", "16", "1000"};
const Words kMaps{"@PROJECT@=/mapped", "src=S", "@PROJECT@/src=", "inc/=X/", "=@PROJECT@"};
const Words kAny{"1", "all", "none", "full", "x", "list.txt"};

/// The numbers at both ends of "<1,65536>", and one between.
Words numbers_between(const std::string& range) {
  static const std::regex pattern("<([0-9]+),([0-9]+)>");
  std::smatch match;
  if (!std::regex_search(range, match, pattern)) return {};
  const long low = std::stol(match[1]), high = std::stol(match[2]);
  Words numbers{std::to_string(low), std::to_string(high)};
  if (high - low > 1) numbers.push_back(std::to_string(low + (high - low) / 3));
  return numbers;
}

/// The values that a help text enumerates: "[a|b]", "Options: a, b, c", "'posix', or 'windows'", "a | b".
Words enumerated_values(const std::string& help) {
  Words found;
  static const std::regex alternatives("[A-Za-z0-9_+-]+( ?\\| ?[A-Za-z0-9_+=-]+)+");
  static const std::regex listed(
      "(?:[Oo]ptions?|[Vv]alues?|either|one of)(?: are)?:? ([a-z0-9_-]+(?:, (?:or )?[a-z0-9_-]+)+)");
  static const std::regex quoted("'([A-Za-z0-9_-]+)'");
  std::smatch match;
  if (std::regex_search(help, match, alternatives)) {
    std::string text = match[0];
    text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
    for (const std::string_view value : os::split(text, '|')) found.emplace_back(value);
  } else if (std::regex_search(help, match, listed)) {
    const std::string text = match[1];
    for (std::string_view value : os::split(text, ',')) {
      if (value.starts_with(' ')) value.remove_prefix(1);
      if (value.starts_with("or ")) value.remove_prefix(3);
      found.emplace_back(value);
    }
  } else {
    for (auto at = std::sregex_iterator(help.begin(), help.end(), quoted); at != std::sregex_iterator(); ++at)
      found.push_back((*at)[1]);
  }
  return found;
}

/// Plausible values of an option. `name`: with its "=", if it has one. `help`: what the compiler says of it,
/// with a placeholder such as <file>.
Words values_of(const std::string& name, const std::string& help) {
  if (Words numbers = numbers_between(help); !numbers.empty()) return numbers;
  if (contains(name, {"prefix-map", "path-map"})) return kMaps;
  if (contains(name, {"compilation-dir"})) return {"/compilation", "rel", "@PROJECT@", "."};
  if (contains(name, {"charset"})) return {"UTF-8", "latin1", "UTF-16", "IBM1047"};
  if (contains(name, {"random-seed"})) return {"7", "x", "@PROJECT@"};
  if (contains(name, {"exclude-file-list", "filter-files", "exclude-files"}))
    return {"inc", "@PROJECT@", "a.h", "src/a", "/"};
  if (contains(name, {"function-list"})) return {"shown", "main,loop"};
  if (contains(name, {"strip-path-components"})) return {"1", "2", "-1"};
  if (Words enumerated = enumerated_values(help); enumerated.size() > 1) {
    enumerated.emplace_back("list=list.txt");
    return enumerated;
  }
  if (contains(name, {"-dir=", "-directory", "-path", "sysroot", "toolchain", "resource-dir"}) ||
      contains(help, {"<dir", "<path", " directory"}))
    return kDirectories;
  if (contains(name, {"file", "list", "-output", "-stats", "script"}) || contains(help, {"<file", " file"}))
    return kFiles;
  if (contains(name, {"limit", "size", "depth", "level", "count", "number", "max", "min", "threshold",
                      "align", "-steps", "width", "tabstop", "cost", "length", "shift", "offset"}) ||
      contains(help, {"<number", "<N>", "<byte", "<int", "<uint", "number of"}))
    return kNumbers;
  return kAny;
}

Kind kind_of(std::string_view word) {
  if (word.starts_with("--param")) return Kind::Parameter;
  if (word.starts_with("-W") && !word.starts_with("-Wa,") && !word.starts_with("-Wp,")) return Kind::Warning;
  if (word.starts_with("-g")) return Kind::Debug;
  if (word.starts_with("-m")) return Kind::Machine;
  if (word.starts_with("-f") || word.starts_with("-O")) return Kind::Code;
  return Kind::Other;
}

/// Options that are no part of a compilation, or that reach beyond the project: the outputs and inputs that
/// every command has, and programs that draw pictures.
bool is_left_out(std::string_view word) {
  for (const std::string_view exact : {"-o", "-c", "-S", "-x", "--output", "-Xclang", "-mllvm", "-", "--"})
    if (word == exact) return true;
  return word.find("view-") != std::string_view::npos || word.starts_with("-fself-test");
}

class List {
 public:
  void add(Kind kind, Words words) {
    std::string key;
    for (const std::string& word : words) (key += '\n') += word;
    if (words.empty() || !seen_.insert(key).second) return;
    choices_.push_back({kind, std::move(words)});
  }
  /// An option of the driver, with each value.
  void add_joined(const std::string& name, const std::string& help) {
    for (const std::string& value : values_of(name, help)) add(kind_of(name), {name + value});
  }
  void add_separate(const std::string& name, const Words& values) {
    for (const std::string& value : values) add(kind_of(name), {name, value});
  }
  /// For an option after a word that passes it on.
  void add_carried(const char* carrier, const std::string& name) { add(Kind::Frontend, {carrier, name}); }
  void add_carried(const char* carrier, const std::string& name, const std::string& value) {
    add(Kind::Frontend, {carrier, name, carrier, value});
  }
  [[nodiscard]] std::size_t size() const { return choices_.size(); }
  std::vector<Choice> take() { return std::move(choices_); }

 private:
  std::set<std::string> seen_;
  std::vector<Choice> choices_;
};

/// What both compilers' lists do not give with their values.
void add_common(List& list) {
  for (const char* directory :
       {"-I", "-iquote", "-isystem", "-idirafter", "-iprefix", "-isysroot", "-B", "-L", "-iwithprefix",
        "-iwithprefixbefore", "--include-directory", "--sysroot"})
    list.add_separate(directory, kDirectories);
  for (const char* joined : {"-Iinc", "-I@PROJECT@/inc", "-I.", "-I=/inc", "--sysroot=missing",
                             "--include-directory=inc", "--include-directory-after=sys", "-iquoteinc"})
    list.add(Kind::Other, {joined});
  for (const char* forced : {"-include", "-imacros"})
    list.add_separate(forced, {"inc/force.h", "@PROJECT@/inc/force.h", "force.h", "b.h", "missing.h"});
  for (const char* macro : {"FACTOR=7", "FROM_COMMAND", "NDEBUG", "__OPTIMIZE__", "FACTOR=__LINE__",
                            "FACTOR=sizeof(__BASE_FILE__)", "FACTOR=sizeof(__TIMESTAMP__)",
                            "FACTOR=sizeof(__FILE__)", "f(x)=x", "FACTOR=\"a b\"[0]"}) {
    list.add(Kind::Other, {std::string("-D") + macro});
    list.add(Kind::Other, {"-D", macro});
  }
  list.add(Kind::Other, {"-Wp,-DFACTOR=9"});
  list.add(Kind::Other, {"-Xpreprocessor", "-DFACTOR=9"});
  for (const char* word : {"-U__OPTIMIZE__",
                           "-UNDEBUG",
                           "-undef",
                           "-nostdinc",
                           "-nostdinc++",
                           "-ansi",
                           "-trigraphs",
                           "-traditional-cpp",
                           "-remap",
                           "-P",
                           "-C",
                           "-CC",
                           "-pipe",
                           "-w",
                           "-pedantic",
                           "-pedantic-errors",
                           "-p",
                           "-pg",
                           "-s",
                           "-static",
                           "-shared",
                           "-r",
                           "-Q",
                           "-v",
                           "-###",
                           "-H",
                           "-time",
                           "-M",
                           "-MM",
                           "-MG",
                           "-MP",
                           "-MD",
                           "-MMD",
                           "-E",
                           "@args.txt",
                           "@missing.txt",
                           "-lm",
                           "-Llib",
                           "-pthread",
                           "-O",
                           "-O1",
                           "-O2",
                           "-O3",
                           "-Os",
                           "-Og",
                           "-Ofast",
                           "-Oz",
                           "-O0"})
    list.add(kind_of(word), {word});
  for (const char* dependencies : {"-MF", "-MT", "-MQ", "-MJ"})
    list.add_separate(dependencies, {"out/new.d", "@PROJECT@/out/new.d", "missing/new.d"});
  list.add(Kind::Other, {"-MD", "-MF", "out/new.d"});
  list.add(Kind::Other, {"-MMD", "-MP", "-MT", "one two"});
  list.add(Kind::Other, {"-MD", "-MQ", "$x"});
  for (const char* words : {"-MD,out/p.d", "-MMD,out/p.d", "-MD,out/p.d,-MT,t", "-M", "-dM", "-H", "-v"})
    list.add(Kind::Other, {std::string("-Wp,") + words});
  for (const char* words : {"-a",
                            "-al=out/new.lst",
                            "-ahls=new.lst",
                            "-ad",
                            "-MD,out/as.d",
                            "--MD,out/as.d",
                            "-I,inc",
                            "-Iinc",
                            "-L",
                            "--gdwarf-5",
                            "-g",
                            "--gstabs",
                            "--noexecstack",
                            "--statistics",
                            "-W",
                            "--warn",
                            "--fatal-warnings",
                            "--defsym,x=1",
                            "--strip-local-absolute",
                            "-o,new.o",
                            "-Z",
                            "-K",
                            "-D",
                            "-R",
                            "-v",
                            "--version",
                            "--help",
                            "--compress-debug-sections",
                            "--debug-prefix-map=/a=/b",
                            "--keep-locals",
                            "-J",
                            "--listing-lhs-width=3",
                            "--target-help",
                            "@list.txt",
                            "list.txt",
                            "--alternate",
                            "-march=i386",
                            "--traditional-format",
                            "-mrelax-relocations=no",
                            "--size-check=warning",
                            "-n",
                            "-ag",
                            "-as",
                            "--reduce-memory-overheads",
                            "--sectname-subst",
                            "-mtune=native",
                            "-O2",
                            "-mmnemonic=intel",
                            "-q"})
    list.add(Kind::Other, {std::string("-Wa,") + words});
  list.add(Kind::Other, {"-Xassembler", "-al=out/new.lst"});
  list.add(Kind::Other, {"--for-assembler=-ahls=out/new.lst"});
  list.add(Kind::Other, {"-Xlinker", "-Map=out/new.map"});
  list.add(Kind::Other, {"-Wl,-Map,out/new.map"});
}

/// "--param=name=<1,9>" and the like.
void add_parameters(const std::string& program, List& list) {
  static const std::regex pattern("(--param=[a-z0-9-]+=)(\\S*)");
  const std::string text = ask({program, "--help=params"});
  for (const std::string_view line : os::split(text, '\n')) {
    std::cmatch match;
    if (!std::regex_search(line.begin(), line.end(), match, pattern)) continue;
    const std::string name = match[1], range = match[2];
    Words values = numbers_between(range);
    if (values.empty()) values = enumerated_values(range);
    if (values.empty()) values = {"0", "1", "50"};
    for (const std::string& value : values) list.add(Kind::Parameter, {name + value});
    list.add(Kind::Parameter, {"--param", name.substr(std::string("--param=").size()) + values.front()});
  }
}

/// "  -name <placeholder> …" or "  -name=<placeholder> …" in a help text, by name: the rest of the line.
std::map<std::string, std::string> help_lines(const std::string& text) {
  std::map<std::string, std::string> help;
  for (const std::string_view line : os::split(text, '\n')) {
    if (!line.starts_with("  -")) continue;
    const std::string_view entry = line.substr(2);
    const std::size_t end = std::min(entry.find_first_of(" <[\t"), entry.size());
    help.emplace(entry.substr(0, end), entry.substr(end));
  }
  return help;
}

void add_gcc(const std::string& program, List& list) {
  std::string all_help;
  for (const char* kind : {"common", "c", "c++", "target", "optimizers", "warnings", "undocumented"})
    all_help += ask({program, std::string("--help=") + kind});
  const auto help = help_lines(all_help);
  const std::string completions = ask({program, "--completion=-"});
  for (const std::string_view line : os::split(completions, '\n')) {
    const std::string word(line);
    // The long spellings "--machine-sse" and "--fast-math" of "-msse" and "-ffast-math": see known_options().
    if (!word.starts_with("-") || word.starts_with("--") || is_left_out(word)) continue;
    if (!word.ends_with('=')) {
      list.add(kind_of(word), {word});
      continue;
    }
    const auto text = help.find(word);
    list.add_joined(word, text == help.end() ? "" : text->second);
  }
  for (const char* option : {"-aux-info", "-dumpbase", "-dumpbase-ext", "-dumpdir", "-imultilib",
                             "-imultiarch", "-wrapper", "-specs", "--specs", "-iplugindir"})
    list.add_separate(option, kFiles);
  list.add(Kind::Other, {"-specs=specs.txt"});
  list.add(Kind::Other, {"-A", "machine(x)"});
  list.add(Kind::Other, {"-Amachine=x"});
  add_parameters(program, list);
}

void add_clang_frontend(const std::string& program, const std::set<std::string>& driver, List& list) {
  const auto help = help_lines(ask({program, "-cc1", "--help"}));
  const std::string completions = ask({program, "--autocomplete=-Xclang,-"});
  for (const std::string_view line : os::split(completions, '\n')) {
    const std::string word(line.substr(0, line.find('\t')));
    if (!word.starts_with("-") || word.starts_with("-W") || word.starts_with("-R") || is_left_out(word))
      continue;
    const auto found = help.find(word);
    const std::string text = found == help.end() ? std::string(line) : found->second;
    if (word.ends_with('=')) {
      const Words values = values_of(word, text);
      // The driver's options with a value are in its own list, too: two values show how they are carried.
      const std::size_t count = driver.count(word) == 0 ? values.size() : 2;
      for (std::size_t i = 0; i < std::min(count, values.size()); ++i)
        list.add_carried("-Xclang", word + values[i]);
    } else if (text.starts_with(" <")) {
      for (const std::string& value : values_of(word, text)) list.add_carried("-Xclang", word, value);
    } else {
      list.add_carried("-Xclang", word);
    }
  }
}

/// Options of LLVM, after -mllvm.
void add_llvm(const std::string& program, List& list) {
  static const std::regex pattern("^  --?([A-Za-z][A-Za-z0-9_.-]*)(=<[^>]*>)?");
  // It prints the list when it begins to compile.
  const std::string text = ask({program, "-fsyntax-only", "-mllvm", "-help-hidden", "-x", "c", "/dev/null"});
  for (const std::string_view line : os::split(text, '\n')) {
    std::cmatch match;
    if (!std::regex_search(line.begin(), line.end(), match, pattern)) continue;
    const std::string name = match[1];
    if (is_left_out("-" + name) || contains(name, {"view", "help", "version"})) continue;
    if (!match[2].matched) {
      list.add(Kind::Frontend, {"-mllvm", "-" + name});
      continue;
    }
    const Words values = values_of(name, std::string(line));
    for (std::size_t i = 0; i < std::min<std::size_t>(2, values.size()); ++i)
      list.add(Kind::Frontend, {"-mllvm", "-" + name + "=" + values[i]});
  }
}

void add_clang(const std::string& program, List& list) {
  const auto help = help_lines(ask({program, "--help-hidden"}));
  std::set<std::string> driver;
  const std::string completions = ask({program, "--autocomplete=-"});
  for (const std::string_view line : os::split(completions, '\n')) {
    const std::size_t tab = line.find('\t');
    const std::string word(line.substr(0, tab));
    if (!word.starts_with("-") || is_left_out(word)) continue;
    driver.insert(word);
    const auto found = help.find(word);
    const std::string text = (found == help.end() ? "" : found->second) +
                             (tab == std::string_view::npos ? "" : std::string(line.substr(tab)));
    if (word.ends_with('=') || word.ends_with(':')) {
      list.add_joined(word, text);
      const std::string values = ask({program, "--autocomplete=" + word + ","});
      for (const std::string_view value : os::split(values, '\n'))
        if (!value.empty() && value.front() != '-') list.add(kind_of(word), {word + std::string(value)});
    } else if (text.starts_with(" <")) {
      list.add_separate(word, values_of(word, text));
    } else {
      list.add(kind_of(word), {word});
    }
  }
  add_clang_frontend(program, driver, list);
  add_llvm(program, list);
}

}  // namespace

std::vector<Choice> list_options(Family family, const std::string& program) {
  List list;
  add_common(list);
  const std::size_t common = list.size();
  if (family == Family::Gcc) {
    add_gcc(program, list);
  } else {
    add_clang(program, list);
  }
  if (list.size() < common + 500) throw std::runtime_error(program + " does not list its options");
  return list.take();
}

}  // namespace pump::fuzz::options

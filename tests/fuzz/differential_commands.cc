// The commands of a random project: one, or several for the same source in one session.
#include <fmt/format.h>

#include <algorithm>

#include "tests/fuzz/differential_draft.h"

namespace pump::fuzz {
namespace {

std::vector<std::string> standard(Draft& draft, bool cxx) {
  Random& random = draft.random;
  if (!random.chance(25))
    return {cxx ? random.any_of({"-std=c++17", "-std=gnu++20", "-std=c++14"})
                : random.any_of({"-std=gnu11", "-std=c11"})};
  if (random.chance(10)) return {};
  if (random.chance(10)) return {"-ansi"};
  return {cxx ? random.any_of({"-std=c++98", "-std=gnu++98", "-std=c++11", "-std=gnu++17", "-std=c++20",
                               "-std=c++2b", "--std=gnu++2b"})
              : random.any_of({"-std=c90", "-std=gnu90", "-std=c99", "-std=gnu99", "-std=c17", "-std=c2x",
                               "-std=gnu2x", "-std=iso9899:199409"})};
}

/// Only a few combinations: each one costs a run of the compiler.
std::vector<std::string> dialect_options(Draft& draft, bool cxx) {
  Random& random = draft.random;
  if (!random.chance(40)) return {};
  if (random.chance(40))
    return {random.any_of({"-trigraphs", "-fdollars-in-identifiers", "-fno-dollars-in-identifiers",
                           "-funsigned-char", "-fsigned-char", "-fshort-wchar", "-pedantic",
                           "-fms-extensions", "-Wtrigraphs"})};
  if (random.chance(30))
    return {random.any_of({"-fexec-charset=IBM1047", "-fexec-charset=ISO-8859-1", "-fexec-charset=UTF-8",
                           "-fwide-exec-charset=UTF-16LE", "-fwide-exec-charset=UTF-32BE",
                           "-finput-charset=UTF-8", "-fexec-charset=IBM037", "-fexec-charset=UTF-16"})};
  if (cxx && random.chance(40))
    return {random.any_of({"-fno-operator-names", "-fchar8_t", "-fno-char8_t", "-fno-rtti", "-fno-exceptions",
                           "-fno-gnu-keywords", "-fcoroutines"})};
  if (random.chance(4)) {
    draft.out.may_give_up = true;
    // -fpreprocessed with -E leaves a #line in the text.
    return {random.any_of(
        {"-traditional-cpp", "-fsanitize=address", draft.out.compiled ? "-fpreprocessed" : "-C"})};
  }
  return {random.any_of({"-O2",
                         "-O2",
                         "-mavx2",
                         "-m32",
                         "-fopenmp",
                         "-fPIC",
                         "-ffast-math",
                         "-ffreestanding",
                         "-fno-extended-identifiers",
                         "-undef",
                         "-fms-compatibility",
                         "-fsanitize=address",
                         "-march=haswell",
                         "-fdirectives-only",
                         "-ftrack-macro-expansion=0",
                         "-fno-asm",
                         "-fno-builtin",
                         "-fgnu89-inline",
                         "-Os",
                         "-Ofast",
                         "-fstack-protector-strong",
                         "-mno-sse3",
                         "-fwrapv",
                         "-fno-pie",
                         "-fasynchronous-unwind-tables",
                         "-fcommon",
                         "-pthread",
                         "-g",
                         "-g3",
                         "-H",
                         "-Wp,-DM1=2",
                         "-Wp,-trigraphs",
                         "-Xpreprocessor -DM2",
                         "-include stddef.h",
                         "-U__GNUC__",
                         "-U__has_include"})};
}

std::string definition(Draft& draft) {
  Random& random = draft.random;
  const std::string name = draft.macro();
  if (!random.chance(22))
    return random.chance(20) ? "-U" + name : fmt::format("-D{}={}", name, random.below(4));
  const std::string text = random.any_of({"F(x)=x+1",
                                          "M1=__has_include(\"inc/a.h\")",
                                          "M2=__has_include(<b.h>)",
                                          "M3=__TIMESTAMP__",
                                          "M1=__COUNTER__",
                                          "M1=defined(M2)",
                                          "M2=defined M3",
                                          "HEADER=\"a.h\"",
                                          "M1=__LINE__",
                                          "M1=__FILE__",
                                          "M1=",
                                          "M1",
                                          "M1/**/=2",
                                          "M1=2 // x",
                                          "M2=2 /* x */",
                                          "M1=??=",
                                          "M0=__BASE_FILE__",
                                          "M1=1\n#define M2 3",
                                          "M1=1\n#include \"inc/a.h\"",
                                          "M1\n#define M3 2",
                                          "M4=\\\n#define M2 2",
                                          "M1=_Pragma(\"once\")",
                                          "ONCE=_Pragma(\"once\")",
                                          "M2=_Pragma(\"push_macro(\\\"M1\\\")\")",
                                          "M3=DO(once)",
                                          "M4=DO(pop_macro(\"M1\"))",
                                          "ONCE=DO(once)",
                                          "M1=_Pragma(\"GCC system_header\") 1",
                                          "caf\\u00e9=1",
                                          "caf\xc3\xa9=2",
                                          "\\u00e9=2",
                                          "A$B=2",
                                          "$D",
                                          "__has_include(x)=1",
                                          "include=define",
                                          "__cplusplus=1L",
                                          "M1(a,b)=a",
                                          "M2()=3",
                                          "ADD(a,b)=1",
                                          "M0='a'",
                                          "M1='\xc3\xa9'",
                                          "M3=L'\\xff'",
                                          "M5=1'000",
                                          "M2 3",
                                          "M1=#define M2",
                                          "M3=true and 1",
                                          "M1=\"??/\"",
                                          "M2=M3 M4",
                                          "M4=__INCLUDE_LEVEL__",
                                          "M2=__has_attribute(noreturn)",
                                          "M0=0x1p3",
                                          "__FILE__=1",
                                          "__LINE__=7",
                                          "XSTR(x)=\"a.h\"",
                                          "M5=_Pragma(\"GCC target(\\\"avx2\\\")\") 1",
                                          "M1=_Pragma(\"GCC dependency \\\"inc/a.h\\\"\") 1",
                                          "M4=//",
                                          "M4=/*",
                                          "__OPTIMIZE__",
                                          "M3=__has_include__",
                                          "__TIMESTAMP__=3",
                                          "_Pragma(x)=",
                                          "__COUNTER__=1",
                                          "linux=3",
                                          "DO(x)="});
  for (const char* vague :
       {"has_", "COUNTER", "_Pragma", "DO(", "TIMESTAMP", "BASE_FILE", "target", "\n", "'"})
    if (text.find(vague) != std::string::npos) draft.out.exact = false, draft.out.may_give_up = true;
  return "-D" + text;
}

class Command {
 public:
  Command(Draft& draft, std::string up) : draft_(draft), random_(draft.random), up_(std::move(up)) {}

  std::vector<std::string> make() {
    bool cxx = draft_.cxx;
    std::string language;
    if (random_.chance(4)) {
      cxx = random_.chance(50);
      language = cxx ? "c++" : "c";
    }
    words_ = {random_.chance(90) == cxx ? "CXX" : "CC"};
    if (words_[0] == "CXX" && !cxx) language = "c";
    add(standard(draft_, cxx));
    add(dialect_options(draft_, cxx));
    if (!draft_.charset.empty() && random_.chance(85)) words_.push_back("-finput-charset=" + draft_.charset);
    add_directories();
    for (std::size_t n = random_.below(4); n > 0; --n) words_.push_back(definition(draft_));
    if (draft_.files.size() > 2 && random_.chance(15)) {
      // The source uses its macros, too.
      words_.insert(words_.end(), {"-imacros", up_ + std::string(kPrelude)});
      words_.insert(words_.end(), {random_.chance(70) ? "-include" : "-imacros",
                                   (random_.chance(20) ? "{root}/" : up_) +
                                       draft_.files[1 + random_.below(draft_.files.size() - 1)].path});
    }
    if (!language.empty()) words_.insert(words_.end(), {"-x", language});
    words_.insert(words_.end(), {"-c", (random_.chance(15) ? "{root}/" : up_) + draft_.files[0].path});
    return words_;
  }

  /// Another command for the same source, with more or fewer words.
  std::vector<std::string> vary(std::vector<std::string> words) {
    words_ = std::move(words);
    const auto before_source = [&] { return words_.end() - 2; };
    switch (random_.below(8)) {
      case 0:
        break;  // the same command
      case 1: {
        const std::string option = random_.any_of(
            {"-O2", "-fPIC", "-g", "-funsigned-char", "-trigraphs", "-fexec-charset=IBM1047", "-mavx2"});
        words_.insert(words_.begin() + 1, option);
        break;
      }
      case 2:
        return make();
      default:
        words_.insert(before_source(), definition(draft_));
        break;
      case 3: {
        const auto found = std::find_if(words_.begin() + 1, words_.end(),
                                        [](const auto& word) { return word.starts_with("-D"); });
        if (found != words_.end()) words_.erase(found);
        break;
      }
      case 4:
        for (std::string& word : words_)
          if (word.starts_with("-std=")) word = draft_.cxx ? "-std=gnu++17" : "-std=gnu99";
        break;
      case 5:
        words_.back() = words_.back().starts_with("{root}") ? up_ + draft_.files[0].path
                                                            : "{root}/" + draft_.files[0].path;
        break;
    }
    return words_;
  }

 private:
  void add(const std::vector<std::string>& more) {
    for (const std::string& words : more)
      for (const std::string& word : oracle::split_words(words)) words_.push_back(word);
  }

  void add_directories() {
    for (std::size_t n = random_.below(6); n > 0; --n) {
      std::string directory = random_.pick(draft_.directories);
      if (!draft_.linked_directories.empty() && random_.chance(25))
        directory = random_.pick(draft_.linked_directories);
      if (random_.chance(10)) directory = ".";
      if (random_.chance(5)) directory = random_.any_of({"missing", "gone"});
      const std::string option = random_.any_of({"-I", "-I", "-I", "-iquote", "-isystem", "-idirafter"});
      const std::string value = (random_.chance(15) ? std::string("{root}/") : up_) + directory;
      if (random_.chance(70)) {
        words_.push_back(option + value);
      } else {
        words_.insert(words_.end(), {option, value});
      }
    }
    if (random_.chance(3)) {
      draft_.out.may_give_up = true;
      const std::string value = "{root}/" + random_.pick(draft_.directories);
      switch (random_.below(6)) {
        case 0:
          words_.push_back("-Wp,-I" + value);
          break;
        case 1:
          words_.insert(words_.end(), {"-Xpreprocessor", "-I" + value});
          break;
        case 2:
          words_.insert(words_.end(), {"-iprefix", value + "/", "-iwithprefix", "sub"});
          break;
        case 3:
          words_.push_back("--include-directory=" + value);
          break;
        case 4:
          words_.insert(words_.end(), {"--sysroot={root}", "-I=/" + draft_.directories[0]});
          break;
        default:
          words_.push_back("-B" + value);
          break;
      }
    }
  }

  Draft& draft_;
  Random& random_;
  std::string up_;
  std::vector<std::string> words_;
};

}  // namespace

void choose_commands(Draft& draft) {
  auto& project = draft.out.project;
  std::string up;
  if (draft.random.chance(30)) {
    project.cwd = draft.random.pick(draft.directories);
    for (auto n = 1 + std::count(project.cwd.begin(), project.cwd.end(), '/'); n > 0; --n) up += "../";
    project.directories.push_back(project.cwd);
  }
  Command command(draft, up);
  project.runs.push_back(command.make());
  for (std::size_t n = draft.random.below(10); n > 6; --n)
    project.runs.push_back(command.vary(project.runs[0]));
}

}  // namespace pump::fuzz

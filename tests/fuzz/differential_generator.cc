#include "tests/fuzz/differential_generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace pump::fuzz {
namespace {

/// splitmix64: the standard library's distributions differ between libraries.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15U + 1) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

 private:
  std::uint64_t state_;
};

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  Generated run(std::uint64_t seed) {
    out_.project.name = fmt::format("seed {}", seed);
    choose_places();
    choose_links();
    for (std::size_t i = 0; i < files_.size(); ++i) write_file(i);
    choose_command();
    return std::move(out_);
  }

 private:
  enum class Guard { None, Ifndef, Once, IfNotDefined };

  struct File {
    std::string path;
    Guard guard = Guard::None;
  };

  void choose_places() {
    const std::vector<std::string> pool{"inc", "inc/sub", "src", "lib", "lib/deep/er", "odd dir", "a", "b", "src/a"};
    const std::vector<std::string> names{"a.h", "b.h", "c.h", "d.h", "e.hpp", "list.def", "odd name.h", "x+y.h", "f", "häuser.h"};
    for (const std::string& directory : pool)
      if (random_.chance(60)) directories_.push_back(directory);
    if (directories_.empty()) directories_.emplace_back("inc");
    const std::string source = random_.chance(40) ? "main.cc" : random_.pick(directories_) + "/main.cc";
    files_.push_back({source, Guard::None});
    const std::size_t count = 2 + random_.below(12);
    for (std::size_t i = 0; i < count; ++i) {
      std::string path = random_.chance(15) ? random_.pick(names) : random_.pick(directories_) + "/" + random_.pick(names);
      if (std::any_of(files_.begin(), files_.end(), [&](const File& file) { return file.path == path; })) continue;
      files_.push_back({std::move(path), static_cast<Guard>(random_.below(4))});
    }
  }

  void choose_links() {
    for (std::size_t i = random_.below(4); i > 0; --i) {
      const std::string name = fmt::format("{}{}link{}", random_.chance(50) ? "" : random_.pick(directories_), "/", i);
      const std::string path = name.starts_with('/') ? name.substr(1) : name;
      const bool to_directory = random_.chance(50);
      const std::string target = to_directory ? random_.pick(directories_) : random_.pick(files_).path;
      if (target.ends_with("main.cc")) continue;
      const auto from = std::filesystem::path(path).parent_path();
      const std::string relative = std::filesystem::path("/" + target).lexically_relative("/" + from.string()).string();
      out_.project.links.emplace_back(path, random_.chance(25) ? "{root}/" + target : relative);
      (to_directory ? linked_directories_ : linked_files_).push_back(path);
    }
    if (random_.chance(20)) out_.project.directories.emplace_back("empty/nothing");
  }

  /// Some way to write the name of file `i` from within `from`; it may not resolve where `from` is reached by a link.
  std::string spelling(const std::string& from, std::size_t i, bool& sure) {
    sure = false;
    const std::string& path = files_[i].path;
    std::string relative = std::filesystem::path("/" + path)
                               .lexically_relative("/" + std::filesystem::path(from).parent_path().string())
                               .string();
    const std::size_t way = random_.below(12);
    sure = way < 3 || way > 8;
    switch (way) {
      case 0: return "\"./" + relative + "\"";
      case 1: return "\".//" + relative + "\"";
      case 2: {  // through some directory and back
        const std::string& directory = random_.pick(directories_);
        const std::string there = std::filesystem::path("/" + directory)
                                      .lexically_relative("/" + std::filesystem::path(from).parent_path().string())
                                      .string();
        std::string back;
        for (std::size_t n = 1 + static_cast<std::size_t>(std::count(directory.begin(), directory.end(), '/')); n > 0; --n)
          back += "../";
        return "\"" + there + "/" + back + path + "\"";
      }
      case 3: return "<" + std::filesystem::path(path).filename().string() + ">";
      case 4: return "<" + path + ">";
      case 5: return "\"" + path + "\"";
      case 6: return "\"" + std::filesystem::path(path).filename().string() + "\"";
      case 7:
        if (!linked_files_.empty()) return "\"" + random_.pick(linked_files_) + "\"";
        break;
      case 8:
        if (!linked_directories_.empty())
          return "<" + random_.pick(linked_directories_) + "/" + std::filesystem::path(path).filename().string() + ">";
        break;
      default: break;
    }
    sure = true;
    return "\"" + relative + "\"";
  }

  std::string macro() { return fmt::format("M{}", random_.below(6)); }

  std::string expression(int depth) {
    if (depth <= 0 || random_.chance(30)) {
      switch (random_.below(7)) {
        case 0: return fmt::format("{}", random_.below(4));
        case 1: return "defined " + macro();
        case 2: return "defined(" + macro() + ")";
        case 3: return fmt::format("{}0x{:x}U", random_.chance(50) ? "-" : "", random_.below(20));
        case 4: return fmt::format("ADD({}, {})", macro(), random_.below(3));
        case 5: return fmt::format("'{}'", static_cast<char>('a' + random_.below(4)));
        default: return macro();
      }
    }
    const std::vector<std::string> operators{"&&", "||", "+", "-", "*", "==", "!=", "<", ">", "<=", "|", "&", "^", "<<"};
    switch (random_.below(5)) {
      case 0: return "!(" + expression(depth - 1) + ")";
      case 1: return "(" + expression(depth - 1) + " ? " + expression(depth - 1) + " : " + expression(depth - 1) + ")";
      default:
        return "(" + expression(depth - 1) + " " + random_.pick(operators) + " " + expression(depth - 1) + ")";
    }
  }

  /// A condition; now and then one that asks what the server cannot or need not know exactly.
  std::string condition(const std::string& from) {
    if (random_.chance(12)) {
      out_.exact = false;
      bool sure = false;
      const std::string name = spelling(from, random_.below(files_.size()), sure);
      return (random_.chance(20) ? "!__has_include(" : "__has_include(") + name + ")" +
             (random_.chance(30) ? " && " + expression(1) : "");
    }
    if (random_.chance(3)) {
      out_.exact = false;
      return fmt::format("__COUNTER__ == {}", random_.below(3));
    }
    if (random_.chance(3)) {
      out_.exact = false;
      return random_.chance(50) ? "__has_attribute(noreturn)" : "__has_builtin(__builtin_nothing_such)";
    }
    return expression(2);
  }

  void define(std::string& text) {
    const std::string name = macro();
    if (random_.chance(20)) {
      text += "#undef " + name + "\n";
      return;
    }
    text += "#undef " + name + "\n" + (random_.chance(20) ? "# /**/ define " : "#define ") + name + " ";
    switch (random_.below(5)) {
      case 0: text += expression(1); break;
      case 1: text += macro(); break;
      case 2: text += "/* empty */"; break;
      default: text += fmt::format("{}", random_.below(5)); break;
    }
    text += "\n";
  }

  void include(std::string& text, std::size_t self) {
    // A file without a guard includes only later ones, so that most projects end.
    const std::size_t first = files_[self].guard == Guard::None ? self + 1 : 1;
    if (first >= files_.size()) return;
    const std::size_t target = first + random_.below(files_.size() - first);
    bool sure = false;
    const std::string name = spelling(files_[self].path, target, sure);
    const bool checked = random_.chance(sure ? 10 : 92);
    if (checked) {
      out_.exact = false;
      text += fmt::format("#if __has_include({})\n", name);
    }
    switch (random_.below(9)) {
      case 0: text += fmt::format("#undef HEADER\n#define HEADER {}\n#include HEADER\n", name); break;
      case 1: text += fmt::format("#undef EMPTY\n#define EMPTY\n#include EMPTY {}\n", name); break;
      case 2: text += fmt::format("#inc\\\nlude /* \" */ {} // x\n", name); break;
      case 3: text += fmt::format("%:include {}\n", name); break;
      case 4:
        if (name.starts_with('"') && name.find_first_of(" +/\xc3") == std::string::npos) {
          const std::string stem = name.substr(1, name.find_first_of(".\"", 1) - 1);
          text += fmt::format("#include XSTR(CAT({},{}){})\n", stem.substr(0, 1), stem.substr(1),
                              name.substr(1 + stem.size(), name.size() - stem.size() - 2));
          break;
        }
        [[fallthrough]];
      default: text += "#include " + name + "\n"; break;
    }
    if (checked) text += "#endif\n";
  }

  void statement(std::string& text, std::size_t self, int depth) {
    switch (random_.below(16)) {
      case 0:
      case 1:
      case 2:
      case 3: include(text, self); break;
      case 4:
      case 5:
      case 6: define(text); break;
      case 7:
      case 8:
      case 9: {
        if (depth <= 0) break;
        text += "#if " + condition(files_[self].path) + "\n";
        statements(text, self, depth - 1);
        if (random_.chance(30)) text += "#elif " + condition(files_[self].path) + "\n", statements(text, self, depth - 1);
        if (random_.chance(40)) text += "#else\n", statements(text, self, depth - 1);
        text += random_.chance(10) ? "#endif // done\n" : "#endif\n";
        break;
      }
      case 10: {
        if (depth <= 0) break;
        text += (random_.chance(50) ? "#ifdef " : "#ifndef ") + macro() + "\n";
        statements(text, self, depth - 1);
        text += "#endif\n";
        break;
      }
      case 11: {
        const std::string name = macro();
        text += fmt::format("#pragma push_macro(\"{}\")\n", name);
        statements(text, self, depth - 1);
        text += fmt::format("#pragma pop_macro(\"{}\")\n", name);
        break;
      }
      case 12:
        text += random_.pick(std::vector<std::string>{
            "/*\n#include \"no such file.h\"\n*/\n", "const char* r = R\"x(\n#include \"no such.h\"\n)\" )x\";\n",
            "// spliced \\\n#include \"no such file.h\"\n", "const char* s = \"/*\"; char c = '\"';\n",
            "int sep = 1'000; // it's\n", "const char* q = \"a\\\"/*\" /* \" */ \"*/\";\n", "#\n",
            "const char* u = u8R\"(/*)\"; // */ )\n", "#if 0\ndon't \" \n#else\n#endif\n"});
        break;
      case 13:
        if (self != 0) {
          text += fmt::format("#ifndef NEXT{0}\n#define NEXT{0}\n#if __has_include_next(\"{1}\")\n#include_next \"{1}\"\n#endif\n#endif\n",
                              self, std::filesystem::path(files_[self].path).filename().string());
          out_.exact = false;
        }
        break;
      case 14: text += fmt::format("const char* file{} = __FILE__;\n", self); break;
      default: text += fmt::format("int v{}_{} = __LINE__ + {};\n", self, random_.below(100), macro()); break;
    }
  }

  void statements(std::string& text, std::size_t self, int depth) {
    for (std::size_t n = random_.below(4); n > 0; --n) statement(text, self, depth);
  }

  void write_file(std::size_t i) {
    std::string body;
    if (i == 0) {
      body = "#define STR(x) #x\n#define XSTR(x) STR(x)\n#define CAT(a, b) a##b\n#define ADD(a, b) ((a + 0) + (b))\n";
      if (random_.chance(30)) body += "#include <stddef.h>\n";
      statements(body, i, 3);
      for (int n = 0; n < 4; ++n) include(body, i), statement(body, i, 2);
    } else {
      body = fmt::format("int in_{};\n", i);
      statements(body, i, 3);
    }
    std::string text;
    switch (files_[i].guard) {
      case Guard::None: text = body; break;
      case Guard::Ifndef: text = fmt::format("#ifndef G{0}\n#define G{0}\n{1}#endif\n", i, body); break;
      case Guard::Once: text = "#pragma once\n" + body; break;
      case Guard::IfNotDefined: text = fmt::format("// guarded\n#if !defined(G{0})\n# define G{0} 1\n{1}#endif /* G{0} */\n", i, body); break;
    }
    if (random_.chance(5)) text.pop_back();  // no final newline
    if (random_.chance(4)) {
      std::string crlf;
      for (const char c : text) crlf += c == '\n' ? "\r\n" : std::string(1, c);
      text = crlf;
    }
    if (random_.chance(3)) text = "\xef\xbb\xbf" + text;
    out_.project.files.push_back({files_[i].path, text});
  }

  void choose_command() {
    auto& project = out_.project;
    std::vector<std::string> words{random_.chance(75) ? "g++" : "clang++"};
    words.emplace_back(random_.pick(std::vector<std::string>{"-std=c++17", "-std=gnu++20", "-std=c++14"}));
    std::string up;
    if (random_.chance(30)) {
      project.cwd = random_.pick(directories_);
      for (std::size_t n = 1 + static_cast<std::size_t>(std::count(project.cwd.begin(), project.cwd.end(), '/')); n > 0; --n)
        up += "../";
      project.directories.push_back(project.cwd);
    }
    const std::vector<std::string> options{"-I", "-I", "-I", "-iquote", "-isystem", "-idirafter"};
    for (std::size_t n = random_.below(6); n > 0; --n) {
      std::string directory = random_.pick(directories_);
      if (!linked_directories_.empty() && random_.chance(25)) directory = random_.pick(linked_directories_);
      if (random_.chance(10)) directory = ".";
      if (random_.chance(5)) directory = "missing";
      const std::string& option = random_.pick(options);
      const std::string value = (random_.chance(15) ? std::string("{root}/") : up) + directory;
      if (random_.chance(70)) {
        words.push_back(option + value);
      } else {
        words.insert(words.end(), {option, value});
      }
    }
    for (std::size_t n = random_.below(4); n > 0; --n) {
      const std::string name = macro();
      words.push_back(random_.chance(20) ? "-U" + name : fmt::format("-D{}={}", name, random_.below(4)));
    }
    if (files_.size() > 2 && random_.chance(15))
      words.insert(words.end(), {random_.chance(70) ? "-include" : "-imacros", up + files_[1 + random_.below(files_.size() - 1)].path});
    words.insert(words.end(), {"-c", (random_.chance(15) ? "{root}/" : up) + files_[0].path});
    project.runs.push_back(std::move(words));
  }

  Random random_;
  Generated out_;
  std::vector<std::string> directories_, linked_directories_, linked_files_;
  std::vector<File> files_;
};

}  // namespace

Generated generate_project(std::uint64_t seed) { return Generator(seed).run(seed); }

}  // namespace pump::fuzz

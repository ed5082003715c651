#include "tests/fuzz/differential_generator.h"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <filesystem>

#include "tests/fuzz/differential_draft.h"

namespace pump::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMacros =
    "#define STR(x) #x\n#define XSTR(x) STR(x)\n#define CAT(a, b) a##b\n#define ADD(a, b) ((a + 0) + (b))\n"
    "#define DO(x) _Pragma(#x)\n#define HAS(x) __has_include(x)\n";

void choose_places(Draft& draft, bool compiled) {
  Random& random = draft.random;
  for (const std::string& directory : possible_directories())
    if (directory != "gone" && random.chance(60)) draft.directories.push_back(directory);
  if (draft.directories.empty()) draft.directories.emplace_back("inc");
  draft.cxx = random.chance(75);
  const std::string name = draft.cxx ? "main.cc" : "main.c";
  draft.files.push_back(
      {random.chance(40) ? name : random.pick(draft.directories) + "/" + name, Guard::None});
  const std::size_t count = 2 + random.below(12);
  for (std::size_t i = 0; i < count; ++i) {
    std::string path = random.pick(possible_names());
    if (!random.chance(15)) path = random.pick(draft.directories) + "/" + path;
    if (std::any_of(draft.files.begin(), draft.files.end(),
                    [&](const auto& file) { return file.path == path; }))
      continue;
    draft.files.push_back({std::move(path), static_cast<Guard>(random.below(random.chance(10) ? 5 : 4))});
  }
  draft.out.compiled = random.chance(30) || compiled;
  if (random.chance(8)) draft.charset = random.any_of({"ISO-8859-1", "CP1252", "ISO-8859-15", "SHIFT_JIS"});
}

void choose_links(Draft& draft) {
  Random& random = draft.random;
  for (std::size_t i = random.below(4); i > 0; --i) {
    const std::string name =
        fmt::format("{}{}link{}", random.chance(50) ? "" : random.pick(draft.directories), "/", i);
    const std::string path = name.starts_with('/') ? name.substr(1) : name;
    const bool to_directory = random.chance(50);
    const std::string target = to_directory ? random.pick(draft.directories) : random.pick(draft.files).path;
    if (target == draft.files[0].path) continue;
    const auto from = fs::path(path).parent_path();
    const std::string relative = fs::path("/" + target).lexically_relative("/" + from.string()).string();
    draft.out.project.links.emplace_back(path, random.chance(25) ? "{root}/" + target : relative);
    (to_directory ? draft.linked_directories : draft.linked_files).push_back(path);
  }
  if (random.chance(20)) draft.out.project.directories.emplace_back("empty/nothing");
}

class Text {
 public:
  Text(Draft& draft, std::size_t self)
      : draft_(draft), random_(draft.random), self_(self), path_(draft.files[self].path) {}

  std::string source() {
    text_ = kMacros;
    if (random_.chance(20)) text_ += "#include <stddef.h>\n";
    statements(3);
    for (int n = 0; n < 4; ++n) include(), statement(2);
    return std::move(text_);
  }

  std::string header() {
    text_ = observation(draft_, fmt::format("in_{}", self_), "");
    statements(3);
    return std::move(text_);
  }

 private:
  void define() {
    const std::string name = draft_.macro();
    if (random_.chance(8)) {
      text_ += odd_definition(draft_) + "\n";
      return;
    }
    text_ += "#undef " + name + "\n";
    if (random_.chance(20)) return;
    text_ += (random_.chance(20) ? "# /**/ define " : "#define ") + name + " ";
    switch (random_.below(5)) {
      case 0:
        text_ += expression(draft_, 1);
        break;
      case 1:
        text_ += draft_.macro();
        break;
      case 2:
        text_ += "/* empty */";
        break;
      default:
        text_ += fmt::format("{}", random_.below(5));
        break;
    }
    text_ += "\n";
  }

  void include() {
    // A file without a guard includes only later ones, so that most projects terminate.
    const std::size_t first = draft_.files[self_].guard == Guard::None ? self_ + 1 : 1;
    if (first >= draft_.files.size()) return;
    const std::size_t target = first + random_.below(draft_.files.size() - first);
    bool sure = false;
    std::string name = spelling(draft_, path_, target, sure);
    if (random_.chance(4)) {
      name = absolute_spelling(draft_);
      sure = false;
    }
    const bool checked = random_.chance(sure ? 10 : 97);
    if (checked) {
      draft_.out.exact = false;
      text_ += fmt::format("#if {}({})\n", random_.chance(10) ? "HAS" : "__has_include", name);
    }
    switch (random_.below(10)) {
      case 0:
        text_ += fmt::format("#undef HEADER\n#define HEADER {}\n#include HEADER\n", name);
        break;
      case 1:
        text_ += fmt::format("#undef EMPTY\n#define EMPTY\n#include EMPTY {}\n", name);
        break;
      case 2:
        text_ += fmt::format("#inc\\\nlude /* \" */ {} {}\n", name, draft_.cxx ? "// x" : "");
        break;
      case 3:
        text_ += fmt::format("%:include {}\n", name);
        break;
      case 4:
        if (name.starts_with('"') && name.find_first_of(" +/\xc3{") == std::string::npos) {
          const std::string stem = name.substr(1, name.find_first_of(".\"", 1) - 1);
          text_ += fmt::format("#include XSTR(CAT({},{}){})\n", stem.substr(0, 1), stem.substr(1),
                               name.substr(1 + stem.size(), name.size() - stem.size() - 2));
          break;
        }
        [[fallthrough]];
      case 5:
        if (random_.chance(20)) {
          text_ +=
              random_.any_of({"#import ", "??=include ", "#include_next ", "# include/**/"}) + name + "\n";
          draft_.out.exact = false;
          break;
        }
        [[fallthrough]];
      default:
        text_ += "#include " + name + "\n";
        break;
    }
    if (checked) text_ += "#endif\n";
  }

  void conditional(int depth) {
    text_ += "#if " + condition(draft_, path_) + "\n";
    statements(depth - 1);
    if (random_.chance(30)) text_ += "#elif " + condition(draft_, path_) + "\n", statements(depth - 1);
    if (random_.chance(40)) text_ += "#else\n", statements(depth - 1);
    text_ += random_.chance(10) ? "#endif /* done */\n" : "#endif\n";
  }

  /// Text that is not a directive, but could be mistaken for one or hide one.
  void decoration() {
    if (!draft_.cxx || draft_.out.compiled) {
      text_ += random_.any_of(
          {"/*\n#include \"no such file.h\"\n*/\n", "#\n", "#if 0\ndon't \" \n#else\n#endif\n",
           "extern char q[sizeof \"a\\\"/*\" /* \" */ \"*/\"];\n",
           "// spliced \\\n#include \"no such file.h\"\n", "extern char t[sizeof \"x??/\"y\" + 2];\n",
           "// what??/\n#include \"no such file.h\"\n", "#line 7 \"elsewhere.h\"\n", "// \xe3\x82\xbd\n"});
      return;
    }
    text_ += random_.any_of(
        {"/*\n#include \"no such file.h\"\n*/\n",
         "const char* r = R\"x(\n#include \"no such.h\"\n)\" )x\";\n",
         "// spliced \\\n#include \"no such file.h\"\n", "const char* s = \"/*\"; char c = '\"';\n",
         "int sep = 1'000; // it's\n", "const char* q = \"a\\\"/*\" /* \" */ \"*/\";\n", "#\n",
         "const char* u = u8R\"(/*)\"; // */ )\n", "#if 0\ndon't \" \n#else\n#endif\n",
         "// what??/\n#include \"no such file.h\"\n", "const char* p = \"??/\";\n// \";\n",
         "#line 7 \"elsewhere.h\"\n", "# 30 \"there.h\" 3\n", "// \xe3\x82\xbd\nint after_it;\n"});
  }

  void incbin() {
    draft_.out.may_give_up = true;
    draft_.out.exact = false;
    std::string name =
        random_.chance(50) ? absolute_spelling(draft_) : "\"" + random_.pick(draft_.files).path + "\"";
    name = name.substr(1, name.size() - 2);
    const std::string word = random_.any_of({".incbin", ".incbin", ".INCBIN", ".incbin\\t", ".include"});
    switch (random_.below(3)) {
      case 0:
        text_ += fmt::format("#define BLOB {}\n__asm__(\"{} \\\"\" XSTR(BLOB) \"\\\"\\n\");\n#undef BLOB\n",
                             name, word);
        break;
      case 1:
        text_ += fmt::format("#define BLOB \"{}\"\n__asm__(\"{} \\\"\" BLOB \"\\\"\\n\");\n#undef BLOB\n",
                             name, word);
        break;
      default:
        text_ += fmt::format("__asm__(\"{} \\\"{}\\\"\\n\");\n", word, name);
        break;
    }
  }

  void embed() {
    const std::string name =
        random_.chance(50) ? absolute_spelling(draft_) : "\"" + random_.pick(draft_.files).path + "\"";
    draft_.out.exact = false;
    draft_.out.may_give_up = true;
    const std::string bytes =
        draft_.out.compiled ? "static_assert(1, \"\");" : "int bytes[] = {\n#embed " + name + "\n};";
    text_ += fmt::format("#ifdef __has_embed\n#if __has_embed({})\n{}\n{}#endif\n#endif\n", name, bytes,
                         observation(draft_, "embeds", ""));
  }

  void statement(int depth) {
    switch (random_.below(20)) {
      case 0:
      case 1:
      case 2:
      case 3:
        include();
        break;
      case 4:
      case 5:
      case 6:
        define();
        break;
      case 7:
      case 8:
      case 9:
        if (depth > 0) conditional(depth);
        break;
      case 10:
        if (depth <= 0) break;
        text_ += (random_.chance(50) ? "#ifdef " : "#ifndef ") + draft_.macro() + "\n";
        statements(depth - 1);
        text_ += "#endif\n";
        break;
      case 11: {
        const std::string name = draft_.macro();
        text_ += pragma(draft_, fmt::format("push_macro(\"{}\")", name));
        statements(depth - 1);
        text_ += pragma(draft_, fmt::format("pop_macro(\"{}\")", name));
        break;
      }
      case 12:
        decoration();
        break;
      case 13:
        if (self_ != 0) {
          text_ += fmt::format(
              "#ifndef NEXT{0}\n#define NEXT{0}\n#if __has_include_next(\"{1}\")\n#include_next "
              "\"{1}\"\n#endif\n#endif\n",
              self_, fs::path(path_).filename().string());
          draft_.out.exact = false;
        }
        break;
      case 14:
        text_ += observation(draft_, fmt::format("file{}", self_), "__FILE__");
        break;
      case 15:
        if (random_.chance(35)) text_ += telling_pragma(draft_, path_);
        break;
      case 16:
        if (!random_.chance(8)) break;
        if (draft_.out.compiled && random_.chance(70)) {
          incbin();
        } else {
          embed();
        }
        break;
      default:
        text_ += observation(draft_, fmt::format("v{}_{}", self_, random_.below(100)), draft_.macro());
        break;
    }
  }

  void statements(int depth) {
    for (std::size_t n = random_.below(4); n > 0; --n) statement(depth);
  }

  Draft& draft_;
  Random& random_;
  std::size_t self_;
  std::string path_;
  std::string text_;
};

/// `text` in the charset; unchanged if that lacks a character.
std::string encoded(const std::string& text, const std::string& charset) {
  const iconv_t converter = ::iconv_open(charset.c_str(), "UTF-8");
  if (converter == reinterpret_cast<iconv_t>(-1)) return text;  // NOLINT(performance-no-int-to-ptr)
  std::string in = text, out(text.size() * 2, '\0');
  char *from = in.data(), *to = out.data();
  std::size_t left = in.size(), room = out.size();
  const std::size_t result = ::iconv(converter, &from, &left, &to, &room);
  ::iconv_close(converter);
  if (result == static_cast<std::size_t>(-1)) return text;
  out.resize(out.size() - room);
  return out;
}

std::string guarded(Draft& draft, std::size_t i, const std::string& body) {
  switch (draft.files[i].guard) {
    case Guard::None:
      return body;
    case Guard::Ifndef:
      return fmt::format("#ifndef G{0}\n#define G{0}\n{1}#endif\n", i, body);
    case Guard::Once:
      return "#pragma once\n" + body;
    case Guard::PragmaOperator:
      return draft.random.any_of({"_Pragma(\"once\")\n", "DO(once)\n", "_Pragma(R\"(once)\")\n", "ONCE\n"}) +
             body;
    case Guard::IfNotDefined:
      break;
  }
  return fmt::format("// guarded\n#if !defined(G{0})\n# define G{0} 1\n{1}#endif /* G{0} */\n", i, body);
}

void write_file(Draft& draft, std::size_t i) {
  Random& random = draft.random;
  Text writer(draft, i);
  std::string text = guarded(draft, i, i == 0 ? writer.source() : writer.header());
  if (random.chance(5)) text.pop_back();  // no final newline
  if (random.chance(4)) {
    std::string crlf;
    for (const char c : text) crlf += c == '\n' ? "\r\n" : std::string(1, c);
    text = crlf;
  }
  if (!draft.charset.empty()) {
    text = encoded(text, draft.charset);
  } else if (random.chance(3)) {
    text = "\xef\xbb\xbf" + text;
  }
  draft.out.project.files.push_back({draft.files[i].path, text});
}

}  // namespace

const std::vector<std::string>& possible_directories() {
  static const std::vector<std::string> all{"inc",     "inc/sub", "src", "lib",   "lib/deep/er",
                                            "odd dir", "a",       "b",   "src/a", "gone"};
  return all;
}

const std::vector<std::string>& possible_names() {
  static const std::vector<std::string> all{"a.h",      "b.h",        "c.h",   "d.h", "e.hpp",
                                            "list.def", "odd name.h", "x+y.h", "f",   "h\xc3\xa4user.h"};
  return all;
}

std::string spelling(Draft& draft, const std::string& from, std::size_t i, bool& sure) {
  Random& random = draft.random;
  const std::string& path = draft.files[i].path;
  const fs::path here = "/" + fs::path(from).parent_path().string();
  const std::string relative = fs::path("/" + path).lexically_relative(here).string();
  const std::size_t way = random.below(12);
  sure = way < 3 || way > 8;
  switch (way) {
    case 0:
      return "\"./" + relative + "\"";
    case 1:
      return "\".//" + relative + "\"";
    case 2: {  // into a directory and back by ".."
      const std::string& directory = random.pick(draft.directories);
      const std::string there = fs::path("/" + directory).lexically_relative(here).string();
      std::string back;
      for (auto n = 1 + std::count(directory.begin(), directory.end(), '/'); n > 0; --n) back += "../";
      return "\"" + there + "/" + back + path + "\"";
    }
    case 3:
      return "<" + fs::path(path).filename().string() + ">";
    case 4:
      return "<" + path + ">";
    case 5:
      return "\"" + path + "\"";
    case 6:
      return "\"" + fs::path(path).filename().string() + "\"";
    case 7:
      if (!draft.linked_files.empty()) return "\"" + random.pick(draft.linked_files) + "\"";
      break;
    case 8:
      if (!draft.linked_directories.empty())
        return "<" + random.pick(draft.linked_directories) + "/" + fs::path(path).filename().string() + ">";
      break;
    default:
      break;
  }
  sure = true;
  return "\"" + relative + "\"";
}

std::string absolute_spelling(Draft& draft) {
  Random& random = draft.random;
  std::string name;
  switch (random.below(4)) {
    case 0:
      name = "{root}/gone/" + random.pick(possible_names());
      break;
    case 1:
      name = "{root}/" + random.pick(draft.directories) + "/" + random.pick(possible_names());
      break;
    default:
      name = "{root}/" + draft.files[1 + random.below(draft.files.size() - 1)].path;
      break;
  }
  if (random.chance(15)) {  // up to the root directory and down again
    std::string up;
    for (int n = 0; n < 25; ++n) up += "../";
    name = up.substr(0, up.size() - 1) + name;
  }
  draft.out.may_give_up = true;
  draft.out.exact = false;
  return random.chance(80) ? "\"" + name + "\"" : "<" + name + ">";
}

std::string observation(Draft& draft, const std::string& label, const std::string& expression) {
  if (draft.out.compiled) {
    const std::string value = expression.empty()         ? ""
                              : expression == "__FILE__" ? " __FILE__ "
                                                         : " XSTR(__LINE__ + " + expression + ") ";
    return fmt::format("__asm__(\".ascii \\\"{} \"{}\"\\\"\");\n", label, value);
  }
  if (expression.empty()) return fmt::format("int {};\n", label);
  if (expression == "__FILE__") return fmt::format("const char* {} = __FILE__;\n", label);
  return fmt::format("int {} = __LINE__ + {};\n", label, expression);
}

Generated generate_project(std::uint64_t seed, bool compiled) {
  Draft draft(seed);
  draft.out.project.name = fmt::format("seed {}", seed);
  choose_places(draft, compiled);
  choose_links(draft);
  for (std::size_t i = 0; i < draft.files.size(); ++i) write_file(draft, i);
  draft.out.project.files.push_back({kPrelude, kMacros});
  choose_commands(draft);
  return std::move(draft.out);
}

}  // namespace pump::fuzz

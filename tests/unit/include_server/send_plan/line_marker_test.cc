// With the directive, compilers must get the same tokens with the same names and line numbers from a header
// as without it, and must open it as often.
#include "pump/include_server/send_plan/line_marker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "pump/os/environment.h"
#include "pump/os/file_io.h"
#include "pump/os/process.h"

namespace pump::include_server {
namespace {

namespace fs = std::filesystem;

TEST(LineDirectiveTest, PlaceInAGuardedFile) {
  EXPECT_EQ(with_line_directive("#ifndef X\n#define X\n#endif\n", "/a/x.h"),
            "#ifndef X\n#line 2 \"/a/x.h\"\n#define X\n#endif\n");
  EXPECT_EQ(with_line_directive("// licence\n\n#if !defined(X)\n#define X\n#endif", "/a/x.h"),
            "// licence\n\n#if !defined(X)\n#line 4 \"/a/x.h\"\n#define X\n#endif");
}

TEST(LineDirectiveTest, PlaceInAnyOtherFile) {
  EXPECT_EQ(with_line_directive("", "x"), "#line 1 \"x\"\n");
  EXPECT_EQ(with_line_directive("int x;", "x"), "#line 1 \"x\"\nint x;");
  EXPECT_EQ(with_line_directive("\xEF\xBB\xBFint x;", "x"), "\xEF\xBB\xBF#line 1 \"x\"\nint x;");
  for (const std::string_view text :
       {"#ifndef X\n#define X\n#endif\nint after;\n", "int before;\n#ifndef X\n#endif\n",
        "#ifndef X\n#else\n#endif\n", "#ifndef X\n#if 1\n#endif\n", "#ifdef X\n#endif\n",
        "#if !defined(X) && 1\n#endif\n", "#if !defined X || Y\n#endif\n",
        "// a ?\?/\nint before;\n#ifndef X\n#endif\n", "#ifndef X\n?\?=else\n#endif\n",
        "#pragma once\n#ifndef X\n#endif\n", "#ifndef X", "#ifndef\n#endif\n", "/* open", "#", "%", "\\\n"})
    EXPECT_EQ(line_directive_place(text).offset, 0U) << text;
}

TEST(LineDirectiveTest, LiteralsAreEscaped) {
  EXPECT_EQ(line_literal("/a b/x.h"), "\"/a b/x.h\"");
  EXPECT_EQ(line_literal("a\\b\"c"), "\"a\\\\b\\\"c\"");
  EXPECT_EQ(line_literal("new\nline"), "\"new\\012line\"");
  EXPECT_EQ(line_literal("\xC3\xA4"), "\"\xC3\xA4\"");
}

struct Header {
  const char* name;
  std::string text;
  bool reopened =
      false;  ///< compilers number the guard's line differently, so the directive is before the guard
};
void PrintTo(const Header& header, std::ostream* out) {
  *out << header.name;
}

const std::string kBody = "#define H\nconst char* f = __FILE__; int l = __LINE__;\n";

class LineDirectiveCompilerTest : public ::testing::TestWithParam<std::tuple<const char*, Header>> {
 protected:
  LineDirectiveCompilerTest() {
    std::string name = "/tmp/line-directive-XXXXXX";
    top = ::mkdtemp(name.data());
    compiler =
        os::find_program(std::get<0>(GetParam()), os::Environment::current().get_or("PATH", "/usr/bin"));
  }
  ~LineDirectiveCompilerTest() override { fs::remove_all(top); }

  os::Captured compile(const std::string& directory, std::vector<std::string> options) {
    os::SpawnOptions how;
    how.program = *compiler;
    how.argv = {*compiler, "-std=gnu++17", "-I" + top + "/" + directory, top + "/main.cc"};
    how.argv.insert(how.argv.end(), options.begin(), options.end());
    auto done = os::run(how, std::chrono::seconds(60));
    EXPECT_TRUE(done) << done.error().message;
    return done ? *done : os::Captured{};
  }

  /// "file:line: text" of every line with text, by the line markers.
  static std::string positions(const std::string& preprocessed) {
    std::istringstream in(preprocessed);
    std::string out, file, text;
    for (long line = 1; std::getline(in, text);) {
      if (text.starts_with("# ")) {
        char* end = nullptr;
        line = std::strtol(text.c_str() + 2, &end, 10);
        file = std::string(end + 1, text.rfind('"') - static_cast<std::size_t>(end - text.c_str()));
        continue;
      }
      const std::size_t start = text.find_first_not_of(" \r\t");  // a byte order mark indents clang's output
      if (start != std::string::npos)
        out += file + ":" + std::to_string(line) + ": " + text.substr(start) + "\n";
      ++line;
    }
    return out;
  }
  /// How often the header was entered, by the output of -H.
  static long times_opened(const std::string& err) {
    std::istringstream in(err);
    long count = 0;
    for (std::string line; std::getline(in, line);)
      count += line.starts_with(".") && line.find("/x.h") != std::string::npos ? 1 : 0;
    return count;
  }
  std::string top;
  std::optional<std::string> compiler;
};

TEST_P(LineDirectiveCompilerTest, TokensNamesAndLinesStayTheSame) {
  if (!compiler) GTEST_SKIP() << std::get<0>(GetParam()) << " is not installed";
  const std::string& text = std::get<1>(GetParam()).text;
  fs::create_directories(top + "/user");
  fs::create_directories(top + "/sent");
  ASSERT_TRUE(os::write_file_atomically(top + "/user/x.h", text));
  ASSERT_TRUE(os::write_file_atomically(top + "/sent/x.h", with_line_directive(text, top + "/user/x.h")));
  ASSERT_TRUE(os::write_file_atomically(top + "/main.cc",
                                        "#include \"x.h\"\n#include \"x.h\"\nint end = __LINE__;\n"));
  const os::Captured original = compile("user", {"-E", "-H"});
  const os::Captured copy = compile("sent", {"-E", "-H"});
  ASSERT_TRUE(original.status.success()) << original.err;
  ASSERT_TRUE(copy.status.success()) << copy.err;
  EXPECT_EQ(positions(copy.out), positions(original.out));
  const bool reopened = std::get<1>(GetParam()).reopened;
  EXPECT_EQ(times_opened(copy.err), reopened ? 2 : times_opened(original.err));
  EXPECT_GE(times_opened(original.err), 1);
}

INSTANTIATE_TEST_SUITE_P(
    , LineDirectiveCompilerTest,
    ::testing::Combine(
        ::testing::Values("g++", "clang++"),
        ::testing::Values(
            Header{"Guard", "#ifndef H\n" + kBody + "#endif\n"},
            Header{"NotDefined", "#if !defined(H)\n" + kBody + "#endif\n"},
            Header{"NotDefinedBare", "# if ! defined H // guard\n" + kBody + "# endif // H\n\n"},
            Header{"Licence",
                   "/* a licence,\n * it's \"long */\n// more\n\n#ifndef H\n" + kBody + "#endif /* H */"},
            Header{"CommentOverTheGuardsEnd", "#ifndef H /* a\n b\n c */\n" + kBody + "#endif\n"},
            Header{"CommentWithinTheDirective", "/**/ # /* x\n */ ifndef /* y */ H\n" + kBody + "#endif\n"},
            Header{"SplicedGuard", "#ifn\\\ndef \\\n H\n" + kBody + "#endif\n"},
            Header{"CarriageReturns", "#ifndef H\r\n#define H\r\nint l = __LINE__;\r\n#endif\r\n"},
            Header{"SplicedCarriageReturns",
                   "#ifndef \\\r\n H\r\n#define H\r\nint l = __LINE__;\r\n#endif\r\n"},
            Header{"Mark", "\xEF\xBB\xBF#ifndef H\n" + kBody + "#endif\n"},
            Header{"MarkWithoutGuard", "\xEF\xBB\xBFstatic int a = __LINE__;\n"},
            Header{"Digraph", "%:ifndef H\n" + kBody + "%:endif\n"},
            Header{"TextAfterTheGuard", "#ifndef H\n" + kBody + "#endif\nextern int after[__LINE__];\n"},
            Header{"TwoGuards", "#ifndef H\n" + kBody + "#endif\n#ifndef G\n#define G\n#endif\n"},
            Header{"Else", "#ifndef H\n" + kBody + "#else\nextern int again[__LINE__];\n#endif\n"},
            Header{"ElseInside",
                   "#ifndef H\n" + kBody + "#if 0\n#elif 1\nint n = __LINE__;\n#else\n#endif\n#endif\n"},
            Header{"Once", "#pragma once\nint l = __LINE__;\n"},
            Header{"OnceAndGuard", "#pragma once\n#ifndef H\n" + kBody + "#endif\n"},
            Header{"NoGuard", "extern const char f[sizeof __FILE__];\nextern int l[__LINE__];\n"},
            Header{"Empty", "\n"},
            Header{"RawString",
                   "#ifndef H\n" + kBody +
                       "const char* r = R\"x(\n#endif\n/* )\" )x\";\nint m = __LINE__;\n#endif\n"},
            Header{"RawStringAtTheLinesStart",
                   "#ifndef H\n#define H\nauto r = u8R\"(\n#endif\n)\";\n#endif\n"},
            Header{"Apostrophes",
                   "#ifndef H\n#define H\n#if 0\nit's /* here */\n#endif\nint n = 1'000'000, m = "
                   "'\"';\n#endif\n"},
            Header{"CommentMarksInStrings",
                   "#ifndef H\n#define H\nconst char* s = \"/*\" \"\\\"//\"; // '\n#endif\n"},
            Header{"ErrorText",
                   "#ifndef H\n#define H\n#ifdef NO\n#error don't\n#endif\nint l = __LINE__;\n#endif\n"},
            Header{"NoFinalNewline", "#ifndef H\n#define H\nint l = __LINE__;\n#endif"},
            Header{"LoneReturn", "/* a\rb */\n#ifndef H\n#define H\nint l = __LINE__;\n#endif\n", true})),
    [](const auto& tested) {
      const std::string name = std::get<0>(tested.param);
      return (name == "g++" ? "Gcc" : "Clang") + std::string(std::get<1>(tested.param).name);
    });

}  // namespace
}  // namespace pump::include_server

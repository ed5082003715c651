#include "launcher/run/local_messages.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/launcher/fixture.h"

namespace pump::launcher {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kBold = "\033[01m\033[K", kPink = "\033[01;35m\033[K", kEnd = "\033[m\033[K";

std::string warning_in(const std::string& name) {
  return kBold + name + ":3:5:" + kEnd + " " + kPink + "warning: " + kEnd + "unused '" + kBold + "x" + kEnd +
         "'\n";
}

/// A directory p with the file src/a.cc, in which build is the working directory.
class Messages : public Decisions {
 protected:
  Messages() {
    std::string name = "/tmp/pump-messages.XXXXXX";
    top_ = std::filesystem::canonical(::mkdtemp(name.data())).string();
    std::filesystem::create_directories(top_ + "/src");
    for (const char* file : {"/src/a.cc", "/src/other.y"}) std::ofstream(top_ + file) << "int a;\n";
    files_ = {top_ + "/src/a.cc.lzo"};
    decision_.compiler = CompilerKind::Gcc;
    decision_.words = {"g++"};
    decision_.compiler_there = "x86_64-linux-gnu-g++";
    decision_.program = "g++";
    decision_.relative.emplace().names.add({"..///./", top_ + "/"});
  }
  ~Messages() override { std::filesystem::remove_all(top_); }

  [[nodiscard]] std::string local(const std::string& messages) const {
    const auto result = local_messages(messages, decision_, here(), files_, place_);
    EXPECT_TRUE(result) << result.error().why;
    return result.value_or("");
  }
  /// Why the messages cannot be used, with "here: " before it if that holds for this place only.
  [[nodiscard]] std::string unlike(const std::string& messages) const {
    const auto result = local_messages(messages, decision_, here(), files_, place_);
    return result ? "equal" : (result.error().here_only ? "here: " : "") + result.error().why;
  }

  std::string top_;
  std::vector<std::string> files_;
  Decision decision_;
  MessagePlace place_;
};

TEST_F(Messages, AboutEditedIncludesAreNotUsed) {
  for (const CompilerKind compiler : {CompilerKind::Gcc, CompilerKind::Clang}) {
    decision_.compiler = compiler;
    for (const std::string quoted :
         {"# include \"..//.//p/x.h\" x", "# include \"/proc/self/cwd/..///./p/x.h\" x"}) {
      const std::string text = warning_in("..///./src/a.cc") + "    3 | " + quoted + "\n";
      decision_.client.edited_files = true;
      EXPECT_THAT(unlike(text), HasSubstr("edited for the host"));
      EXPECT_THAT(unlike("a.cc:1:9: warning: extra tokens at end of #include directive\n"),
                  HasSubstr("edited for the host"));
      EXPECT_EQ(unlike(warning_in("..///./src/a.cc")), "equal");
      decision_.client.edited_files = false;
      EXPECT_EQ(unlike(text), "equal");
    }
  }
}

TEST_F(Messages, NamesQuotationMarksAndColoursAreLocal) {
  place_.utf8 = true;
  EXPECT_EQ(local(warning_in("..///./src/a.cc")), top_ + "/src/a.cc:3:5: warning: unused \u2018x\u2019\n");
  decision_.messages.colours = Colours::Always;
  place_.utf8 = false;
  EXPECT_EQ(local(warning_in("..///./src/a.cc")), warning_in(top_ + "/src/a.cc"));
  EXPECT_EQ(local(""), "");
}

TEST_F(Messages, TheDriverHasItsNameHere) {
  EXPECT_EQ(local(kBold + "x86_64-linux-gnu-g++:" + kEnd + " " + kPink + "warning: " + kEnd + "-pipe\n"),
            "g++: warning: -pipe\n");
}

TEST_F(Messages, AFileThatGccCannotQuoteOnAHostIsUnlike) {
  EXPECT_THAT(unlike(warning_in("..///./src/other.y")), HasSubstr("was not sent"));
  EXPECT_THAT(unlike(warning_in(top_ + "/src/other.y")), HasSubstr("was not sent"));
  EXPECT_THAT(unlike(warning_in("/no/such/file.y")), HasSubstr("was not sent")) << "the host may have it";
  EXPECT_EQ(unlike(warning_in("no/such/file.y")), "equal");
  EXPECT_EQ(unlike(warning_in("/usr/include/c++/12/vector")), "equal");
  EXPECT_EQ(unlike(warning_in("<command-line>")), "equal");
  files_.front() += ".abs";
  EXPECT_THAT(unlike(warning_in("..///./src/a.cc")), HasSubstr("has another name on a host"));
}

TEST_F(Messages, OptionsAndEnvironmentMayPreventThem) {
  const std::string text = warning_in("..///./src/a.cc");
  EXPECT_THAT(unlike("in /tmp/distccd_abc123/p/src/a.cc\n"), HasSubstr("a directory of the host"));
  place_.translated = true;
  EXPECT_THAT(unlike(text), HasSubstr("here: gcc's messages are translated"));
  place_.translated = false;
  variables = {"GCC_EXTRA_DIAGNOSTIC_OUTPUT=fixits-v1"};
  EXPECT_THAT(unlike(text), HasSubstr("here: GCC_EXTRA"));
  variables.clear();
  decision_.messages.obstacle = "-fdiagnostics-format=json";
  EXPECT_EQ(unlike(text), "-fdiagnostics-format=json");
  EXPECT_EQ(unlike("[]\n"), "equal");
}

TEST_F(Messages, OnATerminal) {
  const std::string text = warning_in("..///./src/a.cc") + "    3 | " + std::string(60, ' ') + "int x;\n";
  place_.terminal = true;
  place_.columns = 80;
  variables = {"TERM=xterm"};
  EXPECT_THAT(local(text), HasSubstr(kPink));
  place_.columns = 60;
  EXPECT_THAT(unlike(text), HasSubstr("here: a quoted line is wider"));
  place_.columns = 0;
  EXPECT_EQ(unlike(text), "equal");
  for (const char* variable : {"COLORTERM=truecolor", "TERM_URLS=st", "GCC_COLORS=note=01"}) {
    variables = {"TERM=xterm", variable};
    EXPECT_THAT(unlike(text), ::testing::StartsWith("here: ")) << variable;
  }
  variables = {"TERM=xterm-256color"};
  EXPECT_THAT(unlike(text), HasSubstr("here: gcc writes links"));
  decision_.messages.urls = false;
  EXPECT_EQ(unlike(text), "equal");
  variables = {"TERM=xterm-256color", "GCC_COLORS="};
  EXPECT_THAT(local(text), ::testing::Not(HasSubstr(kPink)));
}

TEST_F(Messages, WordsForTheHostsCompiler) {
  EXPECT_THAT(message_words(decision_, here().environment, false), ElementsAre("-fdiagnostics-color=always"));
  decision_.messages.records_words = true;
  EXPECT_THAT(message_words(decision_, here().environment, false), IsEmpty());
  decision_.compiler = CompilerKind::Clang;
  variables = {"TERM=xterm"};
  EXPECT_THAT(message_words(decision_, here().environment, false), IsEmpty());
  EXPECT_THAT(message_words(decision_, here().environment, true), ElementsAre("-fcolor-diagnostics"));
  decision_.messages.colours = Colours::Never;
  EXPECT_THAT(message_words(decision_, here().environment, true), IsEmpty());
}

TEST_F(Messages, OfClang) {
  decision_.compiler = CompilerKind::Clang;
  EXPECT_EQ(local("..///./src/a.cc:3:5: warning: unused 'x'\n1 warning generated.\n"),
            top_ + "/src/a.cc:3:5: warning: unused 'x'\n1 warning generated.\n");
  place_.terminal = true;
  variables = {"TERM=vt52"};
  EXPECT_THAT(unlike("..///./src/a.cc:3:5: warning: unused 'x'\n"), HasSubstr("here: it is not known"));
  variables = {"TERM=xterm"};
  place_.columns = 30;
  EXPECT_THAT(unlike("..///./src/a.cc:3:5: warning: unused 'x'\n"), HasSubstr("here: a line is wider"));
}

TEST_F(Messages, OfClangsOptimizerAreUnlikeIfFilesHaveOtherNames) {
  decision_.compiler = CompilerKind::Clang;
  const std::string failed = "a.cc:1:6: warning: loop not vectorized [-Wpass-failed=transform-warning]\n";
  const std::string remark = "a.cc:1:6: remark: f inlined into g [-Rpass=inline]\n";
  for (const std::string& text : {failed, remark}) EXPECT_THAT(unlike(text), HasSubstr("optimizer"));
  decision_.relative.reset();
  for (const std::string& text : {failed, remark}) EXPECT_EQ(unlike(text), "equal");
  files_ = {top_ + "/src/a.cc.lzo.abs"};
  for (const std::string& text : {failed, remark}) EXPECT_THAT(unlike(text), HasSubstr("optimizer"));
}

TEST_F(Messages, OfTheAssemblerAreUnlike) {
  EXPECT_THAT(unlike("/tmp/ccXyz012.s: Assembler messages:\n/tmp/ccXyz012.s:7: Warning: hey\n"),
              HasSubstr("the assembler's messages"));
}

}  // namespace
}  // namespace pump::launcher

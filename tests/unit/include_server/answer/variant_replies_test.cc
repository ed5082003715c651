// Replies that are shared by several commands for one source. Each must be the reply that a new server gives.
#include "pump/include_server/answer/variant_replies.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "pump/include_server/answer/request_handler.h"
#include "pump/include_server/lexer/interner.h"
#include "pump/include_server/support/protocol.h"
#include "pump/os/process.h"

namespace pump::include_server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

Unit unit_of(std::string predefined, std::vector<MacroAction> macros) {
  auto profile = std::make_shared<CompilerProfile>();
  profile->predefined = std::move(predefined);
  Unit unit;
  unit.cwd = "/w";
  unit.source = "x.cc";
  unit.language = "c++";
  unit.profile = profile;
  unit.search = std::make_shared<const SearchPath>();
  unit.macros = std::move(macros);
  return unit;
}

std::vector<std::string> differing(const Unit& one, const Unit& other) {
  const auto names = differing_macros(one, other);
  EXPECT_EQ(names, differing_macros(other, one));
  return names.value_or(std::vector<std::string>{"cannot tell"});
}

TEST(DifferingMacros, AreThoseWithDifferentFinalDefinitions) {
  const std::string plain = "#define A 1\n#define F(x) x\n#define EMPTY \n";
  const Unit unit = unit_of(plain, {{false, "D 1"}, {false, "E"}});
  EXPECT_THAT(differing(unit, unit), IsEmpty());
  EXPECT_THAT(differing(unit, unit_of("#define EMPTY \n#define A 1\n#define F(x) x\n", unit.macros)),
              IsEmpty());
  EXPECT_THAT(differing(unit, unit_of(plain + "#define __PIC__ 2\n", unit.macros)), ElementsAre("__PIC__"));
  EXPECT_THAT(differing(unit, unit_of(plain, {{false, "D 2"}, {false, "E"}})), ElementsAre("D"));
  EXPECT_THAT(differing(unit, unit_of(plain, {{false, "E"}, {false, "D 2"}, {false, "D 1"}})), IsEmpty());
  EXPECT_THAT(differing(unit, unit_of(plain, {{false, "D 1"}, {false, "E"}, {true, "F"}})), ElementsAre("F"));
  EXPECT_THAT(differing(unit, unit_of(plain, {{false, "D 1"}, {false, "E"}, {false, "F(y) y"}})),
              ElementsAre("F"));
  EXPECT_THAT(differing(unit, unit_of(plain, {{false, "D 1"}, {false, "E"}, {true, "__FILE__"}})),
              ElementsAre("__FILE__"));
  EXPECT_THAT(differing(unit, unit_of("#define A 2\n#define B\n", {{false, "D 1"}})),
              UnorderedElementsAre("A", "B", "E", "EMPTY", "F"));
}

TEST(DifferingMacros, CannotBeToldIfUnitsDifferInMore) {
  const Unit unit = unit_of("#define A 1\n", {{false, "D 1"}});
  const auto differs = [&](auto change) {
    Unit other = unit;
    change(other);
    return differing(unit, other);
  };
  const auto cannot_tell = ElementsAre("cannot tell");
  EXPECT_THAT(differs([](Unit& other) { other.source = "y.cc"; }), IsEmpty());
  EXPECT_THAT(differs([](Unit& other) { other.cwd = "/v"; }), cannot_tell);
  EXPECT_THAT(differs([](Unit& other) { other.language = "c"; }), cannot_tell);
  EXPECT_THAT(differs([](Unit& other) { other.lex.dollars = false; }), cannot_tell);
  EXPECT_THAT(differs([](Unit& other) { other.undefine_all = true; }), cannot_tell);
  EXPECT_THAT(differs([](Unit& other) { other.preprocessed = true; }), cannot_tell);
  EXPECT_THAT(differs([](Unit& other) { other.converts_text = true; }), cannot_tell);
  EXPECT_THAT(differs([](Unit& other) { other.extra_inputs = {"list"}; }), cannot_tell);
  EXPECT_THAT(differs([](Unit& other) { other.forced = {{"x.h", false}}; }), cannot_tell);
  EXPECT_THAT(differs([](Unit& other) { other.required_directories = {nullptr}; }), cannot_tell);
  EXPECT_THAT(differs([](Unit& other) {
                auto search = std::make_shared<SearchPath>(*other.search);
                search->id = 7;
                other.search = search;
              }),
              cannot_tell);
  EXPECT_THAT(differs([](Unit& other) {
                auto search = std::make_shared<SearchPath>(*other.search);
                search->links = {nullptr};
                other.search = search;
              }),
              cannot_tell);
  const auto profile = [&](auto change) {
    return differs([&](Unit& other) {
      auto changed = std::make_shared<CompilerProfile>(*other.profile);
      change(*changed);
      other.profile = changed;
    });
  };
  EXPECT_THAT(profile([](CompilerProfile& other) { other.id = 9; }), IsEmpty());
  EXPECT_THAT(profile([](CompilerProfile& other) { other.compiler = "/bin/cc"; }), cannot_tell);
  EXPECT_THAT(profile([](CompilerProfile& other) { other.clang = true; }), cannot_tell);
  EXPECT_THAT(profile([](CompilerProfile& other) { other.system_directories = {"/usr/include"}; }),
              cannot_tell);
  EXPECT_THAT(profile([](CompilerProfile& other) { other.searched_directories = {"sys"}; }), cannot_tell);
  EXPECT_THAT(profile([](CompilerProfile& other) { other.preincludes_stdc_predef = true; }), cannot_tell);
  EXPECT_THAT(profile([](CompilerProfile& other) {
                other.known_queries = {{"__has_builtin(a)", 1}};
              }),
              cannot_tell);
  EXPECT_THAT(profile([](CompilerProfile& other) { other.builtin_names = {"__has_embed"}; }), cannot_tell);
}

// Definitions that have an effect even if no directive uses them.
TEST(DifferingMacros, CannotBeToldForUnusualDefinitions) {
  const Unit unit = unit_of("#define A 1\n", {});
  for (const char* text :
       {"", " X 1", "\\u00e9 1", "X \\", "X _Pragma(\"once\")", "X DO(GCC optimize 2)", "X DO_PRAGMA(once)",
        "caf\xc3\xa9 1", "X \".incbin 'y'\"", "X 1\n#define Y", "X\r#define Y", "A$ 1", "X ?\?/", "(x) x"})
    EXPECT_THAT(differing(unit, unit_of("#define A 1\n", {{false, text}})), ElementsAre("cannot tell"))
        << text;
  Unit assembler = unit;
  assembler.language = "assembler-with-cpp";
  EXPECT_THAT(differing(assembler, assembler), ElementsAre("cannot tell"));
}

TEST(Mentions, AreNamesInFiles) {
  EXPECT_FALSE(is_mentioned("MENTIONS_TEST_A"));
  const Symbol symbol = intern_given("MENTIONS_TEST_A");
  EXPECT_FALSE(is_mentioned("MENTIONS_TEST_A"));
  EXPECT_EQ(intern("MENTIONS_TEST_A"), symbol);
  EXPECT_TRUE(is_mentioned("MENTIONS_TEST_A"));
  EXPECT_EQ(intern_given("MENTIONS_TEST_A"), symbol);
  EXPECT_TRUE(is_mentioned("MENTIONS_TEST_A"));
  EXPECT_TRUE(is_mentioned("__FILE__")) << "names that the preprocessor itself uses count";
}

/// A project on disk that several commands compile.
class CommandsOfOneSource : public testing::TestWithParam<const char*> {
 protected:
  CommandsOfOneSource() {
    std::string name = testing::TempDir() + "variant_replies.XXXXXX";
    directory_ = std::filesystem::canonical(::mkdtemp(name.data()));
    handler_ = fresh();
  }
  void SetUp() override {
    if (!os::find_program(GetParam(), os::Environment::current().get_or("PATH", {}))) GTEST_SKIP();
  }
  ~CommandsOfOneSource() override { std::filesystem::remove_all(directory_); }

  static std::unique_ptr<RequestHandler> fresh() {
    auto handler = RequestHandler::create({});
    EXPECT_TRUE(handler) << handler.error().message;
    return *std::move(handler);
  }
  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories(std::filesystem::path(directory_ + "/" + name).parent_path());
    std::ofstream(directory_ + "/" + name) << text;
  }
  struct Answer {
    std::vector<std::string> files;  ///< relative to the project
    bool from_cache = false;
    bool operator==(const Answer& other) const { return files == other.files; }
  };
  Answer ask(RequestHandler& handler, const std::vector<std::string>& flags,
             const std::string& source = "x.cc") const {
    Request request;
    request.cwd = directory_;
    request.argv = {GetParam()};
    request.argv.insert(request.argv.end(), flags.begin(), flags.end());
    for (const std::string& word : {std::string("-o"), source + ".o", std::string("-c"), source})
      request.argv.push_back(word);
    request.environment = os::Environment::current();
    const Reply reply = handler.answer(request);
    EXPECT_EQ(reply.give_up, GiveUp::None) << reply.detail;
    Answer answer;
    answer.from_cache = reply.from_cache;
    RequestDecoder decoder;
    EXPECT_EQ(decoder.feed(*reply.encoded), RequestDecoder::State::Complete);
    for (const std::string& file : decoder.arguments())
      answer.files.push_back(file.substr(handler.mirror_root().size()));
    return answer;
  }
  /// Part of a name that is new in this process: mentions are counted for all tests together.
  static unsigned new_name_number() {
    static unsigned last = 0;
    return ++last;
  }
  /// Sends `first`, then `second`, and expects for each the reply of a new server.
  void expect_replies_of_new_servers(const std::vector<std::string>& first,
                                     const std::vector<std::string>& second) {
    for (const auto* flags : {&first, &second}) {
      const Answer answer = ask(*handler_, *flags);  // before the new server, which also mentions names
      const Answer right = ask(*fresh(), *flags);
      EXPECT_EQ(answer.files, right.files) << testing::PrintToString(*flags);
      EXPECT_FALSE(right.from_cache);
    }
  }

  std::string directory_;
  std::unique_ptr<RequestHandler> handler_;
};

TEST_P(CommandsOfOneSource, ShareAReplyIfNoMentionedMacroDiffers) {
  write("x.cc",
        "#include \"x.h\"\n#ifdef __cplusplus\n#include \"y.h\"\n#endif\nint shared = SHARED_VERSION;\n");
  write("x.h", "#define HERE 1\n");
  write("y.h", "");
  const Answer first = ask(*handler_, {"-O2", "-DSHARED_VERSION=1"});
  ASSERT_EQ(first.files.size(), 3U);
  for (const std::vector<std::string>& flags :
       std::vector<std::vector<std::string>>{{"-O2", "-DSHARED_VERSION=2"},
                                             {"-O2"},
                                             {"-O2", "-fPIC", "-Dx_EXPORTS", "-DSHARED_VERSION=1"},
                                             {"-O2", "-DSHARED_VERSION=1", "-USHARED_OTHER"}}) {
    const Answer answer = ask(*handler_, flags);
    EXPECT_TRUE(answer.from_cache) << testing::PrintToString(flags);
    EXPECT_EQ(answer.files, first.files);
  }
  EXPECT_FALSE(ask(*handler_, {"-O2", "-I."}).from_cache) << "another search path";
  EXPECT_FALSE(ask(*handler_, {"-O2", "-DHERE=2"}).from_cache) << "x.h mentions it";
}

// Text alone uses these macros, so the walk whose reply could be shared has not seen them.
TEST_P(CommandsOfOneSource, DoNotShareRepliesIfTheirMacrosCannotBeSent) {
  write("x.cc", "const char* when = \"\" STAMP_OF_OTHERS;\n");
  const auto refused = [&](const std::string& flag, const std::string& source) {
    Request request;
    request.cwd = directory_;
    request.argv = {GetParam(), flag, "-o", "x.o", "-c", source};
    request.environment = os::Environment::current();
    return handler_->answer(request);
  };
  const std::string absolute = directory_ + "/x.cc";
  for (const std::string& source : {std::string("x.cc"), absolute})
    EXPECT_EQ(ask(*handler_, {"-DSTAMP_OF_OTHERS=\"1\""}, source).files.size(), 1U);
  EXPECT_EQ(refused("-DSTAMP_OF_OTHERS=__TIMESTAMP__", "x.cc").give_up, GiveUp::NotSendable);
  EXPECT_EQ(refused("-DSTAMP_OF_OTHERS=__TIMESTAMP__", "x.cc").give_up, GiveUp::NotSendable) << "again";
  const bool clang = std::string_view(GetParam()).starts_with("clang");
  EXPECT_EQ(refused("-DSTAMP_OF_OTHERS=__BASE_FILE__", absolute).give_up,
            clang ? GiveUp::None : GiveUp::NotSendable);
  EXPECT_EQ(refused("-DSTAMP_OF_OTHERS=asm(\".INCBIN\\\"x\\\"\")", "x.cc").give_up, GiveUp::AssemblerFile);
  EXPECT_EQ(refused("-DSTAMP_OF_OTHERS=_Pragma(\"push_macro(\\\"A\\\")\")", "x.cc").give_up,
            GiveUp::NotSendable);
}

TEST_P(CommandsOfOneSource, SeeChangesOfFiles) {
  write("x.cc", "#include \"x.h\"\n");
  write("x.h", "");
  write("y.h", "");
  EXPECT_EQ(ask(*handler_, {"-DCHANGES=1"}).files.size(), 2U);
  write("x.h", "#include \"y.h\"\n");
  EXPECT_EQ(ask(*handler_, {"-DCHANGES=2"}).files.size(), 3U);
  write("x.h", "#ifdef CHANGES\n#include \"y.h\"\n#endif\n");
  EXPECT_EQ(ask(*handler_, {"-DCHANGES=3"}).files.size(), 3U);
  EXPECT_EQ(ask(*handler_, {"-UCHANGES"}).files.size(), 2U);
  std::filesystem::remove(directory_ + "/y.h");
  write("x.h", "");
  EXPECT_EQ(ask(*handler_, {"-DCHANGES=4"}).files.size(), 2U);
  // The cached replies name files of the removed mirror.
  std::filesystem::remove_all(handler_->mirror_root());
  const Answer after = ask(*handler_, {"-DCHANGES_OTHER=4"});
  ASSERT_EQ(after.files.size(), 2U);
  for (const std::string& file : after.files)
    EXPECT_TRUE(std::filesystem::exists(handler_->mirror_root() + file)) << file;
}

// The predefined macro __cpp_concepts contains "once".
TEST_P(CommandsOfOneSource, ShareAReplyInEveryDialect) {
  write("x.cc", "int version = SHARED_DIALECT;\n");
  for (const char* dialect : {"-std=c++98", "-std=c++11", "-std=c++17", "-std=gnu++20", "-std=gnu++2b"}) {
    ask(*handler_, {dialect, "-DSHARED_DIALECT=1"});
    EXPECT_TRUE(ask(*handler_, {dialect, "-DSHARED_DIALECT=2"}).from_cache) << dialect;
  }
}

TEST_P(CommandsOfOneSource, ShareAReplyAmongHundredsOfCommands) {
  const std::string stamp = fmt::format("STAMP_{}", new_name_number());
  write("x.cc", "#include \"x.h\"\n");
  write("x.h", "");
  write("y.h", "");
  const auto ask_with = [&](int value) { return ask(*handler_, {fmt::format("-D{}={}", stamp, value)}); };
  for (int i = 0; i < 400; ++i) {
    const Answer answer = ask_with(i);
    ASSERT_EQ(answer.files.size(), 2U);
    ASSERT_EQ(answer.from_cache, i > 0);
  }
  write("x.h", fmt::format("#if {} == 401\n#include \"y.h\"\n#endif\n", stamp));
  EXPECT_EQ(ask_with(400).files.size(), 2U);
  EXPECT_EQ(ask_with(401).files.size(), 3U);
}

// The compiler may answer a question otherwise under other flags.
TEST_P(CommandsOfOneSource, DoNotShareRepliesThatTheCompilerWasAskedFor) {
  write("x.cc", "#if __has_builtin(__builtin_asked_for_in_this_test)\n#endif\n#include \"x.h\"\n");
  write("x.h", "");
  EXPECT_EQ(ask(*handler_, {"-O2"}).files.size(), 2U);
  EXPECT_FALSE(ask(*handler_, {"-O2", "-fPIC"}).from_cache);
  EXPECT_TRUE(ask(*handler_, {"-O2", "-DASKED_WITH_THE_SAME_FLAGS"}).from_cache);
}

// All ways in which a directive can use a macro of the command line. X becomes a name of the test's own.
TEST_P(CommandsOfOneSource, DoNotShareRepliesIfADirectiveUsesTheMacro) {
  struct Use {
    const char *text, *one, *other;
  };
  const Use uses[] = {
      {"#ifdef X\n#include \"a.h\"\n#endif\n", "-DX", "-UX"},
      {"#ifndef X\n#include \"a.h\"\n#endif\n", "-DX", "-DNOT_X"},
      {"#if X > 1\n#include \"a.h\"\n#endif\n", "-DX=1", "-DX=2"},
      {"#if defined(X) && X\n#include \"a.h\"\n#endif\n", "-DX=0", "-DX=2"},
      {"#if 0\n#elif X\n#include \"a.h\"\n#endif\n", "-DX=0", "-DX=2"},
      {"#define INDIRECTLY_X X\n#if INDIRECTLY_X\n#include \"a.h\"\n#endif\n", "-DX=0", "-DX=1"},
      {"#define CALL_X(a) a + X\n#if CALL_X(0)\n#include \"a.h\"\n#endif\n", "-DX=0", "-DX=1"},
      {"#define ONE_X(a, b) a##b\n#define TWO_X(a, b) ONE_X(a, b)\n#if TWO_X(FIRST_, X_PART)\n#include "
       "\"a.h\"\n#endif\n",
       "-DFIRST_X_PART=0", "-DFIRST_X_PART=1"},
      {"#if BOTH_HAVE_X\n#include \"a.h\"\n#endif\n", "-DBOTH_HAVE_X=X -DX=0", "-DBOTH_HAVE_X=X -DX=1"},
      {"#include X\n", "-DX=\"a.h\"", "-DX=\"b.h\""},
      {"#include X\n", "-DX=<a.h>", "-DX=<b.h>"},
      {"#if __has_include(X)\n#include \"c.h\"\n#endif\n", "-DX=\"a.h\"", "-DX=\"missing.h\""},
      {"#pragma push_macro(\"X\")\n#undef X\n#define X 0\n#pragma pop_macro(\"X\")\n#if X\n#include "
       "\"a.h\"\n#endif\n",
       "-DX=0", "-DX=1"},
      {"_Pragma(\"push_macro(\\\"X\\\")\")\n#undef X\n_Pragma(\"pop_macro(\\\"X\\\")\")\n#ifdef X\n#include "
       "\"a.h\"\n"
       "#endif\n",
       "-DX", "-UX"},
      {"#ifdef X\n#endif\n#include \"nested.h\"\n", "-DX=1", "-DX=2"},
      {"#include \"guarded.h\"\n", "-DX", "-UX"},
      {"#if defined __cplusplus ? X : 0\n#include \"a.h\"\n#endif\n", "-DX=0", "-DX=1"},
      {"#line 3 \"y\"\n#if \\\nX\n#include \"a.h\"\n#endif\n", "-DX=0", "-DX=1"},
      {"#define SWITCH_X 1\n#if SWITCH_X\n#ifdef X\n#include \"a.h\"\n#endif\n#endif\n", "-DX", "-UX"},
      {"#define REST_X(...) __VA_ARGS__\n#if REST_X(X)\n#include \"a.h\"\n#endif\n", "-DX=0", "-DX=1"},
  };
  for (const Use& use : uses) {
    const std::string name = fmt::format("USE_{}", new_name_number());
    const auto with_name = [&](std::string text) {
      for (std::size_t at = text.find('X'); at != std::string::npos; at = text.find('X', at + name.size()))
        text.replace(at, 1, name);
      return text;
    };
    const auto words = [&](const std::string& text) {
      std::vector<std::string> split{"-I."};
      std::istringstream stream(with_name(text));
      for (std::string word; stream >> word;) split.push_back(word);
      return split;
    };
    for (const char* header : {"a.h", "b.h", "c.h"}) write(header, "");
    write("nested.h", with_name("#if X == 2\n#include \"a.h\"\n#endif\n"));
    write("guarded.h", with_name("#ifndef X\n#define X\n#include \"a.h\"\n#endif\n"));
    write("x.cc", with_name(use.text));
    SCOPED_TRACE(use.text);
    expect_replies_of_new_servers(words(use.one), words(use.other));
    expect_replies_of_new_servers(words(use.other), words(use.one));
    EXPECT_NE(ask(*handler_, words(use.one)).files, ask(*handler_, words(use.other)).files)
        << "the macro makes no difference: the test proves nothing";
  }
}

// Random headers, some of which use some macros of the command line, in chains of definitions.
TEST_P(CommandsOfOneSource, GetTheReplyOfANewServerInRandomProjects) {
  constexpr int kHeaders = 10, kNames = 10, kCommands = 12;
  int known = 0, different = 0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
    const unsigned names = new_name_number();
    const auto name = [&] { return fmt::format("RANDOM_{}_{}", names, below(kNames)); };
    const auto inclusion = [&](int above) {
      return above + 1 < kHeaders
                 ? fmt::format("#include \"h{}.h\"\n", above + 1 + below(kHeaders - above - 1))
                 : std::string();
    };
    const auto statement = [&](int above) -> std::string {
      switch (below(9)) {
        case 0:
          return fmt::format("#ifdef {}\n{}#endif\n", name(), inclusion(above));
        case 1:
          return fmt::format("#if {} > 1\n{}#else\n{}#endif\n", name(), inclusion(above), inclusion(above));
        case 2:
          return fmt::format("#undef {0}\n#define {0} {1}\n", name(), below(2) == 0 ? name() : "2");
        case 3:
          return fmt::format("int text = {};\n", name());
        case 4:
          return fmt::format("#pragma once\n");
        default:
          return inclusion(above);
      }
    };
    for (int i = 0; i < kHeaders; ++i) {
      std::string text;
      for (int line = below(4); line >= 0; --line) text += statement(i);
      write(fmt::format("h{}.h", i), text);
    }
    std::string text;
    for (int line = 0; line < 3; ++line) text += inclusion(-1);
    write("x.cc", text);
    std::set<std::vector<std::string>> answers;
    for (int i = 0; i < kCommands; ++i) {
      std::vector<std::string> flags;
      if (below(3) == 0) flags.emplace_back("-fPIC");
      for (int count = below(4); count > 0; --count)
        flags.push_back(below(4) == 0 ? "-U" + name()
                                      : fmt::format("-D{}={}", name(),
                                                    below(2) == 0 ? name() : std::to_string(below(3))));
      const Answer answer = ask(*handler_, flags);
      const Answer right = ask(*fresh(), flags);
      ASSERT_EQ(answer.files, right.files) << "seed " << seed << ", " << testing::PrintToString(flags);
      known += answer.from_cache ? 1 : 0;
      answers.insert(answer.files);
      if (below(5) == 0) write(fmt::format("h{}.h", below(kHeaders)), statement(kHeaders - 2));
    }
    different += answers.size() > 1 ? 1 : 0;
  }
  EXPECT_GT(known, 0) << "no reply was shared: the test proves nothing";
  EXPECT_GT(different, 0) << "no macro made a difference: the test proves nothing";
}

INSTANTIATE_TEST_SUITE_P(Compilers, CommandsOfOneSource, testing::Values("g++", "clang++"));

}  // namespace
}  // namespace pump::include_server

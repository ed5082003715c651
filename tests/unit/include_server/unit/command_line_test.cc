#include "pump/include_server/unit/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pump/compilation/pass_through.h"

namespace pump::include_server {
namespace {

using compilation::Argument;
using compilation::CommandLine;
using testing::ElementsAre;
using Words = std::vector<std::string>;

CommandLine parsed(const Words& words) {
  return compilation::parse(words, [](const std::string&) { return std::optional<std::string>(); }).value();
}

UnitOptions interpreted(const Words& words) {
  const CommandLine command = parsed(words);
  auto options = interpret(command, compilation::preprocessor_arguments(command));
  EXPECT_TRUE(options.has_value()) << (options ? "" : options.error().detail);
  return options ? *std::move(options) : UnitOptions{};
}

TEST(InterpretTest, DefineAsDirectiveText) {
  EXPECT_EQ(define_text("A"), "A 1");
  EXPECT_EQ(define_text("A="), "A ");
  EXPECT_EQ(define_text("A=b=c"), "A b=c");
  EXPECT_EQ(define_text("F(x,y)=x##y"), "F(x,y) x##y");
  EXPECT_EQ(define_text("F(x)"), "F(x) 1");
}

TEST(InterpretTest, ProfileFlagsAreThoseThatChangeDefaults) {
  EXPECT_THAT(interpreted({"g++",        "-O2",     "-Wall",   "-DA",      "-Ib",
                           "-std=c++20", "-MD",     "-MF",     "x.d",      "-o",
                           "x.o",        "-g",      "-fPIC",   "-pthread", "-Werror",
                           "-isystem",   "d",       "--param", "a=b",      "-fdiagnostics-color",
                           "-m32",       "-Wa,--x", "-Wl,-z",  "-pipe",    "-L.",
                           "-lm",        "-c",      "x.cc"})
                  .profile_flags.all,
              ElementsAre("-O2", "-std=c++20", "-g", "-fPIC", "-pthread", "-m32"));
  EXPECT_THAT(interpreted({"clang++", "-target", "x86_64-pc-linux-gnu", "-Xclang", "-target-feature",
                           "-Xclang", "+avx", "-Xclang", "-DX", "-c", "x.cc"})
                  .profile_flags.all,
              ElementsAre("-target", "x86_64-pc-linux-gnu", "-Xclang", "-target-feature", "-Xclang", "+avx"));
}

TEST(InterpretTest, WarningsAndInstrumentationThatChangeMacrosAreProfileFlags) {
  const Words kept = {
      "-pedantic",      "-Wno-deprecated",      "-Wpedantic",         "--pedantic-errors",      "-Werror=vla",
      "-Wno-error=vla", "--warn-no-deprecated", "-fprofile-generate", "-fcs-profile-generate=d"};
  Words words = {"clang++", "-Wall", "-Wvolatile", "-Werror=format", "-ftest-coverage", "-c", "x.cc"};
  words.insert(words.begin() + 3, kept.begin(), kept.end());
  Words expected = kept;
  expected[6] = "-Wno-deprecated";
  EXPECT_EQ(interpreted(words).profile_flags.all, expected);
  const UnitOptions uses = interpreted({"clang++", "-fprofile-instr-use=p", "-c", "x.cc"});
  EXPECT_THAT(uses.profile_flags.all, ElementsAre("-fprofile-instr-use=p"));
  EXPECT_TRUE(uses.profile_flags.name_relative_paths);
  EXPECT_FALSE(uses.profile_flags.move_default_directories);
}

TEST(InterpretTest, MapsOfNamesOverTheWorkingDirectory) {
  for (const char* option : {"-ffile-prefix-map=", "-fmacro-prefix-map="})
    EXPECT_TRUE(interpreted({"g++", option + std::string("/proc/self/cwd/..///./=/"), "-c", "x.cc"})
                    .maps_names_over_cwd);
  EXPECT_FALSE(
      interpreted({"g++", "-ffile-prefix-map=/p/=/proc/self/cwd/", "-c", "x.cc"}).maps_names_over_cwd);
}

TEST(InterpretTest, LongSpellingsOfGcc) {
  EXPECT_FALSE(interpreted({"g++", "--no-canonical-system-headers", "-c", "x.cc"}).canonical_system_headers);
  EXPECT_TRUE(interpreted({"g++", "--preprocessed", "-c", "x.cc"}).preprocessed);
  EXPECT_FALSE(interpreted({"g++", "--preprocessed", "--no-preprocessed", "-c", "x.cc"}).preprocessed);
}

TEST(InterpretTest, OptionsThatMoveDefaultDirectories) {
  const UnitOptions absolute = interpreted({"g++", "--sysroot=/r", "-O1", "-c", "x.cc"});
  EXPECT_TRUE(absolute.profile_flags.move_default_directories && absolute.profile_flags.name_absolute_paths);
  EXPECT_FALSE(absolute.profile_flags.name_relative_paths);
  EXPECT_EQ(absolute.sysroot, "/r");
  EXPECT_THAT(absolute.profile_flags.all, ElementsAre("--sysroot=/r", "-O1"));
  EXPECT_THAT(absolute.profile_flags.plain, ElementsAre("-O1"));
  const UnitOptions relative = interpreted({"g++", "-isysroot", "r", "--sysroot", "s", "-c", "x.cc"});
  EXPECT_TRUE(relative.profile_flags.name_relative_paths);
  EXPECT_EQ(relative.sysroot, "r");
  EXPECT_FALSE(interpreted({"g++", "-c", "x.cc"}).profile_flags.move_default_directories);
}

TEST(InterpretTest, SearchOptionsKeepTheirOrder) {
  Words shown;
  for (const Argument& argument :
       interpreted({"g++", "-Wp,-Iw", "-Ia", "-DX", "-iquote", "q", "-isystem", "s", "-c", "x.cc"}).search)
    shown.push_back(argument.spelling + argument.value);
  EXPECT_THAT(shown, ElementsAre("-Ia", "-iquoteq", "-isystems", "-Iw"));
}

}  // namespace
}  // namespace pump::include_server

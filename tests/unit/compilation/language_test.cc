#include <gtest/gtest.h>

#include "pump/compilation/language.h"

namespace pump::compilation {
namespace {

CommandLine parsed(const std::vector<std::string>& words) {
  return parse(words, [](const std::string&) { return std::optional<std::string>{}; }).value();
}

std::string languages(const std::vector<std::string>& words) {
  std::string result;
  const CommandLine command = parsed(words);  // the sources point into it
  for (const Source& source : inputs(command)) result += source.argument->value + "=" + source.language + " ";
  return result;
}

TEST(LanguageTest, FollowsTheSuffix) {
  const std::pair<const char*, const char*> cases[] = {{"x.c", "c"},
                                                       {"x.i", "cpp-output"},
                                                       {"x.ii", "c++-cpp-output"},
                                                       {"x.m", "objective-c"},
                                                       {"x.mi", "objective-c-cpp-output"},
                                                       {"x.mm", "objective-c++"},
                                                       {"x.M", "objective-c++"},
                                                       {"x.mii", "objective-c++-cpp-output"},
                                                       {"x.h", "c-header"},
                                                       {"x.H", "c++-header"},
                                                       {"x.hpp", "c++-header"},
                                                       {"x.tcc", "c++-header"},
                                                       {"x.cc", "c++"},
                                                       {"x.cp", "c++"},
                                                       {"x.cxx", "c++"},
                                                       {"x.cpp", "c++"},
                                                       {"x.CPP", "c++"},
                                                       {"x.c++", "c++"},
                                                       {"x.C", "c++"},
                                                       {"x.S", "assembler-with-cpp"},
                                                       {"x.sx", "assembler-with-cpp"},
                                                       {"x.s", "assembler"},
                                                       {"x.o", ""},
                                                       {"x.a", ""},
                                                       {"x", ""},
                                                       {"dir.c/x", ""},
                                                       {"a.b.c", "c"},
                                                       {"x.cppm", "c++-module"}};
  for (const auto& [file, language] : cases) EXPECT_EQ(language_of(file, ""), language) << file;
}

TEST(LanguageTest, XOverridesTheSuffix) {
  EXPECT_EQ(language_of("x.c", "c++"), "c++");
  EXPECT_EQ(language_of("x.o", "c"), "c");
  EXPECT_EQ(language_of("x.cc", "none"), "c++");
  EXPECT_EQ(language_of("x", "c++cpp-output"), "c++-cpp-output");
  EXPECT_EQ(language_of("x", "c++-user-header"), "c++-header");
}

TEST(LanguageTest, XAppliesToTheInputsAfterIt) {
  EXPECT_EQ(languages({"gcc", "a.c", "-x", "c++", "b.c", "-xnone", "c.c"}), "a.c=c b.c=c++ c.c=c ");
  EXPECT_EQ(languages({"gcc", "a.c", "-xc++"}), "a.c=c ");
  EXPECT_EQ(languages({"gcc", "-xassembler-with-cpp", "a.txt"}), "a.txt=assembler-with-cpp ");
}

TEST(LanguageTest, CxxDriversCompileCAsCxx) {
  for (const char* driver :
       {"g++", "/usr/bin/g++", "x86_64-linux-gnu-g++", "g++-12", "x86_64-linux-gnu-g++-12.2", "c++",
        "clang++", "clang++-14", "armv7-none-eabi-clang++"}) {
    EXPECT_EQ(languages({driver, "a.c"}), "a.c=c++ ") << driver;
    EXPECT_EQ(languages({driver, "a.h", "a.i"}), "a.h=c++-header a.i=c++-cpp-output ") << driver;
    EXPECT_EQ(languages({driver, "-xc", "a.c"}), "a.c=c ") << driver;
    EXPECT_EQ(languages({driver, "a.S"}), "a.S=assembler-with-cpp ") << driver;
  }
  for (const char* driver : {"gcc", "cc", "clang", "clang-14", "gcc-12", "/opt/c++/bin/gcc"})
    EXPECT_EQ(languages({driver, "a.c"}), "a.c=c ") << driver;
  EXPECT_EQ(languages({"clang", "--driver-mode=g++", "a.c"}), "a.c=c++ ");
  EXPECT_EQ(languages({"clang", "-ObjC", "a.c"}), "a.c=objective-c ");
  EXPECT_EQ(languages({"clang", "a.c", "-ObjC++", "b.o"}), "a.c=objective-c++ b.o= ");
}

TEST(LanguageTest, HeadersAndModulesAreNotTranslationUnits) {
  for (const char* language :
       {"c", "c++", "objective-c", "objective-c++", "assembler", "assembler-with-cpp", "cpp-output"})
    EXPECT_TRUE(is_translation_unit(language)) << language;
  for (const char* language : {"", "c-header", "c++-header", "c++-module"})
    EXPECT_FALSE(is_translation_unit(language)) << language;
  EXPECT_TRUE(is_preprocessed("cpp-output"));
  EXPECT_TRUE(is_preprocessed("objective-c++-cpp-output"));
  EXPECT_TRUE(is_preprocessed("assembler"));
  EXPECT_FALSE(is_preprocessed("assembler-with-cpp"));
  EXPECT_FALSE(is_preprocessed("c"));
}

}  // namespace
}  // namespace pump::compilation

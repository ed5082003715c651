#include "launcher/decide/search_variables.h"

#include "tests/unit/launcher/fixture.h"

namespace pump::launcher {
namespace {

using SearchVariables = Decisions;

std::vector<std::string> flags(const std::vector<std::string>& variables, std::string_view language) {
  return search_flags(os::Environment::from_strings(variables), language);
}

TEST(SearchFlags, EmptyElementsMeanTheWorkingDirectory) {
  EXPECT_EQ(flags({"CPATH=a:b"}, "c"), words_of("-I a -I b"));
  EXPECT_EQ(flags({"CPATH=a::b:"}, "c"), words_of("-I a -I . -I b -I ."));
  EXPECT_EQ(flags({"CPATH=:a"}, "c"), words_of("-I . -I a"));
  EXPECT_EQ(flags({"CPATH=:"}, "c"), words_of("-I . -I ."));
  EXPECT_EQ(flags({"CPATH="}, "c"), words_of(""));
}

TEST(SearchFlags, OneVariablePerLanguage) {
  const std::vector<std::string> all{"C_INCLUDE_PATH=c", "CPLUS_INCLUDE_PATH=cxx", "OBJC_INCLUDE_PATH=objc",
                                     "OBJCPLUS_INCLUDE_PATH=objcxx"};
  EXPECT_EQ(flags(all, "c"), words_of("-isystem c"));
  EXPECT_EQ(flags(all, "c++"), words_of("-isystem cxx"));
  EXPECT_EQ(flags(all, "objective-c"), words_of("-isystem objc"));
  EXPECT_EQ(flags(all, "objective-c++"), words_of("-isystem objcxx"));
}

TEST_F(SearchVariables, ComeAfterTheOptionsOfTheCommand) {
  variables = {"CPATH=p", "CPLUS_INCLUDE_PATH=s"};
  expect_words("g++ -Ione -c a.cc -isystem two", "g++ -Ione -c a.cc -isystem two -I p -isystem s");
  expect_words("clang++ -c -o x.o -- a.cc", "clang++ -c -o x.o a.cc -I p -isystem s");
}

TEST_F(SearchVariables, DoNotKeepACommandHere) {
  variables = {"CPATH=", "C_INCLUDE_PATH=x"};
  expect_words("g++ -c a.cc", "g++ -c a.cc");
}

}  // namespace
}  // namespace pump::launcher

#include "pump/distcc/distcc_arguments.h"

#include <gtest/gtest.h>

#include "pump/os/shell_quote.h"

namespace pump::distcc {
namespace {

TEST(DistccArguments, CommandsThatDistccDoesNotSend) {
  const auto refuses = [](const std::string& line) {
    return refused_word(os::split_blanks(line)).has_value();
  };
  EXPECT_FALSE(refuses("g++ -c a.cc -o a.o"));
  EXPECT_FALSE(refuses("g++ -MD -MT a.o -MF x.cc -MQ y.o -c a.cc -o a.o"));
  EXPECT_FALSE(refuses("g++ -x c++ -c a.cc"));
  EXPECT_FALSE(refuses("g++ -flto=auto -c a.cc"));
  EXPECT_TRUE(refuses("g++ -flto -c a.cc"));
  EXPECT_TRUE(refuses("g++ -x none -c a.cc"));
  EXPECT_TRUE(refuses("g++ -D x.c -c a.cc"));
  EXPECT_TRUE(refuses("g++ -Xlinker b.o -c a.cc -o a.o"));
  EXPECT_TRUE(refuses("g++ -MJ x -c a.cc"));
  EXPECT_TRUE(refuses("clang++ -objcmt-migrate-all -c a.cc -o a.o"));
}

TEST(DistccArguments, SourcesHaveDistccsSuffixes) {
  EXPECT_TRUE(is_source("a.b/x.c++"));
  EXPECT_FALSE(is_source("x.c/y"));
  EXPECT_FALSE(is_source("x.cppm"));
  EXPECT_FALSE(is_source("x.S"));
  EXPECT_FALSE(is_source("c"));
  EXPECT_TRUE(is_preprocessed_source("x.mii"));
  EXPECT_FALSE(is_preprocessed_source("x.c"));
}

TEST(DistccArguments, AutoconfChecks) {
  EXPECT_TRUE(is_autoconf_check("conftest.c"));
  EXPECT_TRUE(is_autoconf_check("dir/tmp.conftest.cc"));
  EXPECT_FALSE(is_autoconf_check("conftest_main.c"));
}

}  // namespace
}  // namespace pump::distcc

#include "pump/distcc/distcc_view.h"

#include <gtest/gtest.h>

#include "pump/os/shell_quote.h"

namespace pump::distcc {
namespace {

TEST(DistccView, Objections) {
  const auto objects = [](const std::string& line) { return objection(os::split_blanks(line)).has_value(); };
  EXPECT_FALSE(objects("g++ -c a.cc -o a.o"));
  EXPECT_FALSE(objects("g++ -MD -MT a.o -MF x.cc -MQ y.o -c a.cc -o a.o"));
  EXPECT_FALSE(objects("g++ -x c++ -c a.cc"));
  EXPECT_FALSE(objects("g++ -flto=auto -c a.cc"));
  EXPECT_TRUE(objects("g++ -flto -c a.cc"));
  EXPECT_TRUE(objects("g++ -x none -c a.cc"));
  EXPECT_TRUE(objects("g++ -D x.c -c a.cc"));
  EXPECT_TRUE(objects("g++ -Xlinker b.o -c a.cc -o a.o"));
  EXPECT_TRUE(objects("g++ -MJ x -c a.cc"));
  EXPECT_TRUE(objects("clang++ -objcmt-migrate-all -c a.cc -o a.o"));
}

TEST(DistccView, Suffixes) {
  EXPECT_TRUE(is_source("a.b/x.c++"));
  EXPECT_FALSE(is_source("x.c/y"));
  EXPECT_FALSE(is_source("x.cppm"));
  EXPECT_FALSE(is_source("x.S"));
  EXPECT_FALSE(is_source("c"));
  EXPECT_TRUE(is_preprocessed_source("x.mii"));
  EXPECT_FALSE(is_preprocessed_source("x.c"));
}

TEST(DistccView, AutoconfChecks) {
  EXPECT_TRUE(is_autoconf_check("conftest.c"));
  EXPECT_TRUE(is_autoconf_check("dir/tmp.conftest.cc"));
  EXPECT_FALSE(is_autoconf_check("conftest_main.c"));
}

}  // namespace
}  // namespace pump::distcc

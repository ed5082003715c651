#include "launcher/report/server_reason.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace pump::launcher {
namespace {

class ServerReasonTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  void log(const std::string& text) { std::ofstream(path_, std::ios::app) << text; }
  std::string path_ = testing::TempDir() + "/server-reason." + std::to_string(::getpid());
};

TEST_F(ServerReasonTest, TheLastLineOfTheProcessIsFound) {
  log("2026-01-01 10:00:00.000 include-server[7] preprocessing locally: old: x.h:1 (process 12 in /w: g++ "
      "... a.cc)\n"
      "2026-01-01 10:00:01.000 include-server[7] preprocessing locally: it is so: y.h:2: (why) (process 12 "
      "in /w (1): g++ ... "
      "a.cc)\n"
      "2026-01-01 10:00:02.000 include-server[7] preprocessing locally: other: z.h:3 (process 123 in /w: g++ "
      "... a.cc)\n"
      "pump-launch[12] a.cc: hello\n");
  EXPECT_EQ(server_reason(path_, "12"), "it is so: y.h:2: (why)");
  EXPECT_EQ(server_reason(path_, "123"), "other: z.h:3");
  EXPECT_EQ(server_reason(path_, "2"), "");
  EXPECT_EQ(server_reason(path_, ""), "");
}

TEST_F(ServerReasonTest, EmptyWithoutALog) {
  EXPECT_EQ(server_reason(path_, "12"), "");
  EXPECT_EQ(server_reason("/", "12"), "");
}

TEST_F(ServerReasonTest, OnlyTheEndOfALongLogIsRead) {
  log("x preprocessing locally: far: away (process 12 in /w: g++ ... a.cc)\n" + std::string(70'000, 'x') +
      "\nx preprocessing locally: near: by (process 13 in /w: g++ ... a.cc)\n");
  EXPECT_EQ(server_reason(path_, "12"), "");
  EXPECT_EQ(server_reason(path_, "13"), "near: by");
}

}  // namespace
}  // namespace pump::launcher

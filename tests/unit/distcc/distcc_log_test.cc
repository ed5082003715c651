#include "pump/distcc/distcc_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pump::distcc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(DistccLog, ComplaintsAreWarningsAndErrors) {
  EXPECT_THAT(complaints("distcc[12] compile from a.cc to a.o\n"
                         "distcc[12] (dcc_x) Warning: something\n"
                         "distcc[12] ERROR: compile a.cc on host failed\n"
                         "distcc[12] exec on host: g++ -DX=\"Warning: no\" -c a.cc\n"
                         "ERROR: not distcc's\n"),
              ElementsAre(HasSubstr("something"), HasSubstr("host failed")));
  EXPECT_THAT(complaints(""), IsEmpty());
}

TEST(DistccLog, ReportsTheResultOfACompilation) {
  const DistccResult remote = parse_distcc_log(
      "distcc[1] exec on h:1/4,cpp,lzo: g++ -c a on b.cc\n"
      "distcc[1] compile a on b.cc on h:1/4,cpp,lzo completed ok\n");
  EXPECT_TRUE(remote.seen);
  EXPECT_EQ(remote.host, "h:1/4,cpp,lzo");
  EXPECT_FALSE(remote.failed_remotely || remote.includes_unknown || remote.not_distributed);

  const DistccResult retried = parse_distcc_log(
      "distcc[1] ERROR: compile a.cc on h:1,cpp,lzo failed\n"
      "distcc[1] (dcc_build_somewhere) Warning: remote compilation of 'a.cc' failed, retrying locally\n"
      "distcc[1] Warning: failed to distribute a.cc to h:1,cpp,lzo, running locally instead\n"
      "distcc[1] compile a.cc on localhost completed ok\n");
  EXPECT_EQ(retried.host, "localhost");
  EXPECT_EQ(retried.failed_host, "h:1,cpp,lzo");
  EXPECT_TRUE(retried.failed_remotely);

  const DistccResult plain = parse_distcc_log(
      "distcc[42] (dcc_build_somewhere) Warning: failed to get includes from include server, preprocessing "
      "locally\n"
      "distcc[1] compile a.cc on h completed ok\n");
  EXPECT_TRUE(plain.includes_unknown);
  EXPECT_EQ(plain.include_client_pid, "42");
  EXPECT_EQ(plain.host, "h");
  EXPECT_FALSE(parse_distcc_log("").seen);

  const DistccResult refused = parse_distcc_log(
      "distcc[1] (dcc_readx) ERROR: unexpected eof on fd6\n"
      "distcc[1] (dcc_build_somewhere) Warning: failed to distribute, running locally instead\n"
      "distcc[1] compile a.cc on localhost completed ok\n");
  EXPECT_TRUE(refused.hung_up && refused.not_distributed);
  EXPECT_FALSE(plain.hung_up);
}

TEST(DistccLog, UsersOwnLogIsLeftAlone) {
  auto environment = os::Environment::from_strings({"DISTCC_LOG=/x"});
  EXPECT_EQ(DistccLog::capture(environment).read(), "");
  EXPECT_EQ(environment.get_or("DISTCC_LOG", ""), "/x");
  environment = os::Environment::from_strings({"DISTCC_VERBOSE=1"});
  (void)DistccLog::capture(environment);
  EXPECT_FALSE(environment.get("DISTCC_LOG").has_value());
}

}  // namespace
}  // namespace pump::distcc

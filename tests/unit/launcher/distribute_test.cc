#include "launcher/distribute.h"

#include "fixture.h"
#include "launcher/distcc_log.h"

namespace pump::launcher {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(PlainHosts, LoseOnlyPumpMode) {
  EXPECT_EQ(plain_hosts("a,cpp,lzo b/3,lzo,cpp c:99,cpp"), "a,lzo b/3,lzo c:99");
  EXPECT_EQ(plain_hosts("--randomize  --localslots=2 a,lzo,cpp,auth\n"),
            "--randomize --localslots=2 a,lzo,auth");
  EXPECT_EQ(plain_hosts("cpp cppx,cppx"), "cpp cppx,cppx");
  EXPECT_EQ(plain_hosts("a,cpp,lzo # b,cpp\nc,lzo,cpp"), "a,lzo c,lzo");
  EXPECT_EQ(plain_hosts(""), "");
}

TEST(DistccLog, OnlyWarningsAndWorseAreComplaints) {
  EXPECT_THAT(complaints("distcc[12] compile from a.cc to a.o\n"
                         "distcc[12] (dcc_x) Warning: something\n"
                         "distcc[12] ERROR: compile a.cc on host failed\n"
                         "distcc[12] exec on host: g++ -DX=\"Warning: no\" -c a.cc\n"
                         "ERROR: not distcc's\n"),
              ElementsAre(HasSubstr("something"), HasSubstr("host failed")));
  EXPECT_THAT(complaints(""), IsEmpty());
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
}  // namespace pump::launcher

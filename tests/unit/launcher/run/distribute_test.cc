#include "launcher/run/distribute.h"

#include <gtest/gtest.h>

namespace pump::launcher {
namespace {

TEST(PlainHosts, LoseOnlyPumpMode) {
  EXPECT_EQ(plain_hosts("a,cpp,lzo b/3,lzo,cpp c:99,cpp"), "a,lzo b/3,lzo c:99");
  EXPECT_EQ(plain_hosts("--randomize  --localslots=2 a,lzo,cpp,auth\n"),
            "--randomize --localslots=2 a,lzo,auth");
  EXPECT_EQ(plain_hosts("cpp cppx,cppx"), "cpp cppx,cppx");
  EXPECT_EQ(plain_hosts("a,cpp,lzo # b,cpp\nc,lzo,cpp"), "a,lzo c,lzo");
  EXPECT_EQ(plain_hosts(""), "");
}

}  // namespace
}  // namespace pump::launcher

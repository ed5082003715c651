#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pump/distcc/hosts.h"

namespace pump::distcc {
namespace {

Host only(const std::string& text) {
  const auto list = parse_hosts(text);
  EXPECT_TRUE(list) << text << ": " << (list ? "" : list.error().message);
  EXPECT_EQ(list->hosts.size(), 1U) << text;
  return list->hosts.empty() ? Host() : list->hosts.front();
}

std::string error_of(const std::string& text) {
  const auto list = parse_hosts(text);
  EXPECT_FALSE(list) << text;
  return list ? std::string() : list.error().message;
}

TEST(ParseHosts, ReadsNameLimitAndOptions) {
  const Host host = only("alpha.example:3633/12,lzo,cpp");
  EXPECT_EQ(host.text, "alpha.example:3633/12,lzo,cpp");
  EXPECT_EQ(host.name, "alpha.example");
  EXPECT_EQ(host.limit, 12U);
  EXPECT_TRUE(host.pump());
}

TEST(ParseHosts, TheLimitMayPrecedeThePort) {
  EXPECT_EQ(only("alpha/7:3633,cpp,lzo").limit, 7U);
}

TEST(ParseHosts, DefaultLimitsAreDistccs) {
  EXPECT_EQ(only("alpha").limit, 4U);
  EXPECT_EQ(only("localhost").limit, 2U);
  EXPECT_EQ(only("localhost/9").limit, 9U);
}

TEST(ParseHosts, PumpModeNeedsCppAndLzoAndAnotherMachine) {
  EXPECT_FALSE(only("alpha,lzo").pump());
  EXPECT_FALSE(only("localhost").pump());
  EXPECT_TRUE(only("alpha,cpp,lzo").pump());
}

TEST(ParseHosts, LocalhostWithAnOptionOrAPortIsATcpHost) {
  EXPECT_TRUE(only("localhost/3").local);
  EXPECT_FALSE(only("localhost,cpp,lzo").local);
  EXPECT_FALSE(only("localhost:3632").local);
  EXPECT_FALSE(only("localhosts").local);
}

TEST(ParseHosts, ReadsSshHosts) {
  const Host host = only("me@alpha/5:/opt/distccd,lzo,cpp");
  EXPECT_EQ(host.name, "alpha");
  EXPECT_EQ(host.limit, 5U);
  EXPECT_TRUE(host.ssh);
  EXPECT_EQ(host.user, "me");
  EXPECT_EQ(host.command, "/opt/distccd");
  EXPECT_TRUE(host.pump());
}

TEST(ParseHosts, TheUserAndTheCommandOfAnSshHostMayBeLeftOut) {
  for (const char* text : {"@beta", "@beta:", "@beta/2:,cpp,lzo"}) {
    const Host host = only(text);
    EXPECT_EQ(host.name, "beta") << text;
    EXPECT_EQ(host.user, "") << text;
    EXPECT_EQ(host.command, "") << text;
  }
  EXPECT_FALSE(only("alpha").ssh);
}

TEST(ParseHosts, ReadsIpv6Literals) {
  const Host host = only("[2001:db8::1]:3632/8,cpp,lzo");
  EXPECT_EQ(host.name, "2001:db8::1");
  EXPECT_EQ(host.limit, 8U);
}

TEST(ParseHosts, ReadsDownAndAuthentication) {
  EXPECT_TRUE(only("alpha,down").down);
  EXPECT_TRUE(only("alpha,cpp,lzo,auth=service.example").pump());
  EXPECT_TRUE(only("alpha,auth,cpp,lzo").pump());
}

TEST(ParseHosts, IgnoresWhatFollowsTheLastOptionAsDistccDoes) {
  EXPECT_TRUE(only("alpha,cpp,lzo!").pump());
}

TEST(ParseHosts, SkipsBlanksCommentsAndGlobalOptions) {
  const auto list = parse_hosts(
      "# all of them\n\t--randomize --localslots=3  --localslots_cpp=8\nalpha#the fast one\r\nbeta ,cpp\n");
  EXPECT_FALSE(list) << "\",cpp\" alone is a host without a name";
  const auto good =
      parse_hosts("# all\n --randomize --localslots=3 --localslots_cpp=8\nalpha# fast\r\nbeta\n");
  ASSERT_TRUE(good);
  EXPECT_TRUE(good->randomize);
  ASSERT_EQ(good->hosts.size(), 2U);
  EXPECT_EQ(good->hosts[0].text, "alpha");
  EXPECT_EQ(good->hosts[1].text, "beta");
}

TEST(ParseHosts, ReadsLocalSlots) {
  const auto list = parse_hosts("--localslots=3 a --localslots_cpp/9").value();
  EXPECT_EQ(list.localslots, 3U);
  EXPECT_EQ(list.localslots_cpp, 9U);
  const auto unset = parse_hosts("a --randomize").value();
  EXPECT_FALSE(unset.localslots);
  EXPECT_FALSE(unset.localslots_cpp);
  const auto without_number = parse_hosts("--localslots --localslots_cpp=x a").value();
  EXPECT_EQ(without_number.localslots, kLocalSlots);
  EXPECT_FALSE(without_number.localslots_cpp) << "distcc reads --localslots and ignores the rest";
  EXPECT_EQ(without_number.hosts.size(), 1U);
}

TEST(ParseHosts, NoHostIsAnEmptyList) {
  for (const char* text : {"", "  \n", "# nothing", "--randomize"}) {
    const auto list = parse_hosts(text);
    ASSERT_TRUE(list) << text;
    EXPECT_TRUE(list->hosts.empty()) << text;
  }
}

TEST(ParseHosts, ReadsTheZeroconfMarker) {
  const auto list = parse_hosts("+zeroconf alpha");
  ASSERT_TRUE(list);
  EXPECT_TRUE(list->zeroconf);
  EXPECT_EQ(list->hosts.size(), 1U);
}

TEST(ParseHosts, ErrorsNameTheWord) {
  for (const char* word : {"alpha/0", "alpha/x", "alpha/-1", "alpha:port", "alpha,fast", "alpha,cpp", "[::1",
                           "me@", "/4", "localhost/0", "alpha/99999999999"})
    EXPECT_THAT(error_of(std::string("good ") + word), testing::HasSubstr(word));
}

// A comment may begin in the middle of a word. distcc ignores what follows the last known option.
TEST(ParseHosts, EndsWhereDistccStopsReading) {
  EXPECT_TRUE(only("a,lzo,cpp#x").pump());
  EXPECT_TRUE(only("a,lzo,cpp!").pump());
  EXPECT_TRUE(only("a,lzo,auth,cpp=x").auth);
}

TEST(ParseHosts, ReadsAuthentication) {
  EXPECT_TRUE(only("a,cpp,lzo,auth").auth);
  EXPECT_TRUE(only("a,auth=mechanism,cpp,lzo").auth);
  EXPECT_FALSE(only("a,cpp,lzo").auth);
}

TEST(ParseHosts, ReadsPorts) {
  EXPECT_EQ(only("alpha").port, 3632U);
  EXPECT_EQ(only("alpha:99/2").port, 99U);
  EXPECT_EQ(only("[::1]/7:99,lzo").port, 99U);
}

TEST(ParseHosts, CountsAndSums) {
  const auto list = parse_hosts("a/3,cpp,lzo b/5,lzo c,cpp,lzo,down localhost/16");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->remote_hosts(), 3U);
  EXPECT_EQ(list->pump_hosts(), 2U);
  EXPECT_EQ(list->jobs(), 8U);
}

}  // namespace
}  // namespace pump::distcc

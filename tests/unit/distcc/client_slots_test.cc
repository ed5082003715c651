#include "pump/distcc/client_slots.h"

#include <gtest/gtest.h>

namespace pump::distcc {
namespace {

std::string pause_for(const std::string& hosts, const std::vector<std::string>& variables = {}) {
  os::Environment environment = os::Environment::from_strings(variables);
  set_pause(environment, parse_hosts(hosts).value());
  return std::string(environment.get_or("DISTCC_PAUSE_TIME_MSEC", "unset"));
}

std::string options(const std::string& hosts, bool pump_mode = true, unsigned local = 0) {
  return local_slot_options(parse_hosts(hosts).value(), pump_mode, local);
}

TEST(ClientSlots, ThePauseGrowsWithTheNumberOfSlots) {
  EXPECT_EQ(pause_for("a/4,cpp,lzo"), "20");
  EXPECT_EQ(pause_for("a/12,cpp,lzo b/36,cpp,lzo localhost/50"), "96");
  EXPECT_EQ(pause_for("a/500,cpp,lzo"), "200");
  EXPECT_EQ(pause_for("a/4294967295,cpp,lzo"), "200");
}

TEST(ClientSlots, TheUsersPauseStays) {
  EXPECT_EQ(pause_for("a/4", {"DISTCC_PAUSE_TIME_MSEC=1000"}), "1000");
  EXPECT_EQ(pause_for("a/4", {"DISTCC_PAUSE_TIME_MSEC="}), "20") << "distcc would try without a pause";
}

TEST(ClientSlots, ALocalSlotForEachRemoteOne) {
  EXPECT_EQ(options("a/12,cpp,lzo b/12,cpp,lzo"), "--localslots_cpp=28 ") << "and 4 for compilers";
  EXPECT_EQ(options("--localslots=9 a/12,cpp,lzo"), "--localslots_cpp=21 ");
  EXPECT_EQ(options("a/12,cpp,lzo localhost/2"), "--localslots_cpp=16 ");
  EXPECT_EQ(options("a/4,cpp,lzo"), "") << "distcc's default suffices";
}

TEST(ClientSlots, TheUsersLocalSlotsStay) {
  EXPECT_EQ(options("--localslots_cpp=3 a/12,cpp,lzo"), "");
  EXPECT_EQ(options("a/12,cpp,lzo --localslots_cpp"), "");
  EXPECT_EQ(options("--localslots=1 a/12,cpp,lzo --localslots_cpp=3", true, 5), "");
}

TEST(ClientSlots, PreprocessorsStayLimited) {
  EXPECT_EQ(options("a/12,cpp,lzo b/12,lzo"), "");
  EXPECT_EQ(options("a/12,cpp,lzo", false), "") << "without an include server";
}

TEST(ClientSlots, CompilersThatDistccStartsHere) {
  EXPECT_EQ(options("a/12", false, 2), "--localslots=2 ");
  EXPECT_EQ(options("a/12,cpp,lzo", true, 2), "--localslots=2 --localslots_cpp=14 ");
  EXPECT_EQ(parse_hosts(options("a/12,cpp,lzo", true, 2) + "a/12,cpp,lzo")->hosts.size(), 1U);
}

}  // namespace
}  // namespace pump::distcc

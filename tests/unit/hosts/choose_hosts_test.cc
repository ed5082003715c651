#include "pump/hosts/choose_hosts.h"

#include <gmock/gmock.h>

#include <csignal>

#include "tests/unit/hosts/scratch.h"

namespace pump::hosts {
namespace {

using os::Environment;
using testing::HasSubstr;

class ChooseHosts : public Scratch {
 protected:
  ChooseHosts() { directory("bin"); }
  Expected<ChosenHosts> choose(std::vector<std::string> variables, bool include_server_runs = true) {
    auto choice = HostsChoice::begin(Environment::from_strings(variables), path("bin"));
    if (!choice) return tl::make_unexpected(choice.error());
    notice_ = choice->notice();
    return choice->finish(include_server_runs);
  }
  std::string notice_;
};

TEST_F(ChooseHosts, DistccHostsIsPassedOnUnchanged) {
  const auto chosen = choose({"DISTCC_HOSTS=--randomize a,cpp,lzo\n b"});
  ASSERT_TRUE(chosen) << chosen.error().message;
  EXPECT_EQ(chosen->value, "--randomize a,cpp,lzo\n b");
  EXPECT_THAT(chosen->progress, HasSubstr("only 1 of them"));
  EXPECT_EQ(notice_, "");
}

TEST_F(ChooseHosts, NoHostInPumpModeIsAnError) {
  const auto chosen = choose({"DISTCC_HOSTS=a,lzo b"});
  ASSERT_FALSE(chosen);
  EXPECT_THAT(chosen.error().message, HasSubstr(",cpp"));
}

TEST_F(ChooseHosts, HostsFilesAreReadByDistcc) {
  program("bin/distcc",
          "[ -z \"${DISTCC_HOSTS+set}\" ] && [ \"$1\" = --show-hosts ] && printf 'a,cpp,lzo\\nb,cpp,lzo\\n'");
  directory("distcc");
  file("distcc/hosts", "unused");
  const auto chosen = choose({"DISTCC_DIR=" + path("distcc"), "DISTCC_HOSTS="});
  ASSERT_TRUE(chosen) << chosen.error().message;
  EXPECT_EQ(chosen->value, std::nullopt);
  EXPECT_EQ(chosen->progress, "Using 2 distcc hosts in pump mode");
}

TEST_F(ChooseHosts, DistccsErrorAboutItsFileIsReported) {
  program("bin/distcc", "echo 'hosts file is a mess' >&2");
  directory("distcc");
  file("distcc/hosts", "");
  const auto chosen = choose({"DISTCC_DIR=" + path("distcc")});
  ASSERT_FALSE(chosen);
  EXPECT_THAT(chosen.error().message, HasSubstr("hosts file is a mess"));
}

TEST_F(ChooseHosts, ZeroconfIsResolvedByDistcc) {
  program("bin/distcc", "[ \"$DISTCC_HOSTS\" = +zeroconf ] && echo 'found,cpp,lzo'");
  const auto chosen = choose({"DISTCC_HOSTS=+zeroconf"});
  ASSERT_TRUE(chosen) << chosen.error().message;
  EXPECT_EQ(chosen->value, "+zeroconf");
  EXPECT_EQ(chosen->list.hosts.at(0).name, "found");
}

TEST_F(ChooseHosts, PotentialHostsOverrideHostsWithANotice) {
  program("bin/lsdistcc", "printf 'a\\n\\nb:9 12\\nc,down\\n'");
  const auto chosen = choose({"DISTCC_POTENTIAL_HOSTS=a b", "DISTCC_HOSTS=z,cpp,lzo"});
  ASSERT_TRUE(chosen) << chosen.error().message;
  EXPECT_EQ(chosen->value, "--randomize a,cpp,lzo b:9,cpp,lzo c,down,cpp,lzo");
  EXPECT_THAT(notice_, HasSubstr("DISTCC_HOSTS is ignored"));
  EXPECT_EQ(chosen->warning, "");
}

TEST_F(ChooseHosts, WithoutAnIncludeServerHostsAreInPlainMode) {
  program("bin/lsdistcc", "printf 'a\\nb\\n'");
  EXPECT_EQ(choose({"DISTCC_POTENTIAL_HOSTS=a b"}, false)->value, "--randomize a,lzo b,lzo");
}

TEST_F(ChooseHosts, IfNoHostAnswersCompilesHere) {
  program("bin/lsdistcc", "exit 1");
  const auto chosen = choose({"DISTCC_POTENTIAL_HOSTS=a"});
  ASSERT_TRUE(chosen) << chosen.error().message;
  EXPECT_TRUE(chosen->value->starts_with("localhost/")) << *chosen->value;
  EXPECT_NE(chosen->warning, "");
}

TEST_F(ChooseHosts, AKilledLsdistccIsAnError) {
  program("bin/lsdistcc", "kill -9 $$");
  EXPECT_FALSE(choose({"DISTCC_POTENTIAL_HOSTS=a"}));
}

TEST_F(ChooseHosts, LsdistccRunsBetweenBeginAndFinish) {
  // lsdistcc waits for a file that is made after begin() has returned.
  program("bin/lsdistcc", "while [ ! -e '" + path("go") + "' ]; do sleep 0.02; done; echo a");
  auto choice = HostsChoice::begin(
      Environment::from_strings({"DISTCC_POTENTIAL_HOSTS=a", "PATH=/usr/bin:/bin"}), path("bin"));
  ASSERT_TRUE(choice) << choice.error().message;
  file("go", "");
  EXPECT_EQ(choice->finish(true)->value, "--randomize a,cpp,lzo");
}

TEST_F(ChooseHosts, LsdistccEndsWithItsObject) {
  program("bin/lsdistcc", "echo $$ >'" + path("pid") + "'; exec sleep 600");
  {
    auto choice = HostsChoice::begin(
        Environment::from_strings({"DISTCC_POTENTIAL_HOSTS=a", "PATH=/usr/bin:/bin"}), path("bin"));
    ASSERT_TRUE(choice) << choice.error().message;
    while (!content("pid").ends_with("\n")) ::usleep(1000);
  }
  EXPECT_NE(::kill(std::atoi(content("pid").c_str()), 0), 0);
}

}  // namespace
}  // namespace pump::hosts

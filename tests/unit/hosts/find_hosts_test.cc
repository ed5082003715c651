#include "pump/hosts/find_hosts.h"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <unistd.h>

#include "tests/unit/hosts/scratch.h"

namespace pump::hosts {
namespace {

using os::Environment;
using testing::HasSubstr;

class FindHosts : public Scratch {
 protected:
  /// DISTCC_DIR is set, so that the user's own hosts file is not read.
  [[nodiscard]] Environment environment(std::vector<std::string> more = {}) const {
    more.push_back("DISTCC_DIR=" + path("distcc"));
    return Environment::from_strings(more);
  }
  [[nodiscard]] FindHostsOptions options(const std::string& cwd) const {
    return {.cwd = cwd, .session_directory = path("session"), .distcc_directory = path("bin")};
  }
  void make_lsdistcc(const std::string& lines) const {
    directory("bin");
    directory("session");
    program("bin/lsdistcc", "echo \"$*\" >>'" + path("calls") + "'\nprintf '" + lines + "'\n");
  }
};

TEST_F(FindHosts, TheEnvironmentComesFirst) {
  file("CMakeCache.txt", "");
  file("distcc-pump.conf", "DISTCC_HOSTS=beta,cpp,lzo\n");
  const auto found = find_hosts(environment({"DISTCC_HOSTS=alpha,cpp,lzo"}), options(path("")));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->source, Source::Environment);
  EXPECT_EQ(found->list.text, "alpha,cpp,lzo");
}

TEST_F(FindHosts, TheConfigurationIsFoundUpward) {
  directory("build");
  directory("build/sub");
  file("build/CMakeCache.txt", "");
  file("build/distcc-pump.conf", "# made by cmake\r\n\n DISTCC_HOSTS = a/2,cpp,lzo  b,cpp,lzo \r\nOTHER=1");
  for (const char* cwd : {"build", "build/sub"}) {
    const auto found = find_hosts(environment({"DISTCC_POTENTIAL_HOSTS=x"}), options(path(cwd)));
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->source, Source::ConfigFile);
    EXPECT_EQ(found->list.text, "a/2,cpp,lzo  b,cpp,lzo");
    EXPECT_EQ(found->where, path("build/distcc-pump.conf"));
  }
}

TEST_F(FindHosts, AConfigurationWithoutACacheBesideItDoesNotCount) {
  directory("distcc");
  file("distcc/hosts", "gamma\n");
  file("distcc-pump.conf", "DISTCC_HOSTS=beta,cpp,lzo\n");
  const auto found = find_hosts(environment(), options(path("")));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->list.text, "gamma\n");
}

TEST_F(FindHosts, AnotherUsersConfigurationDoesNotCount) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  directory("distcc");
  file("distcc/hosts", "gamma\n");
  file("CMakeCache.txt", "");
  const std::string conf = file("distcc-pump.conf", "DISTCC_HOSTS=beta,cpp,lzo\n");
  ASSERT_EQ(::chown(conf.c_str(), 65534, 65534), 0);
  EXPECT_EQ(find_hosts(environment(), options(path("")))->source, Source::HostsFile);
}

TEST_F(FindHosts, AnotherUsersLinkToAConfigurationDoesNotCount) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a link away";
  directory("distcc");
  file("distcc/hosts", "gamma\n");
  file("CMakeCache.txt", "");
  const std::string conf = path("distcc-pump.conf");
  ASSERT_EQ(::symlink(file("notes.txt", "DISTCC_HOSTS=beta,cpp,lzo\n").c_str(), conf.c_str()), 0);
  EXPECT_EQ(find_hosts(environment(), options(path("")))->source, Source::ConfigFile);
  ASSERT_EQ(::lchown(conf.c_str(), 65534, 65534), 0);
  EXPECT_EQ(find_hosts(environment(), options(path("")))->source, Source::HostsFile);
}

TEST_F(FindHosts, ErrorsNameTheSource) {
  file("CMakeCache.txt", "");
  file("distcc-pump.conf", "DISTCC_HOSTS=alpha,cpp\n");
  const auto found = find_hosts(environment(), options(path("")));
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, HasSubstr("distcc-pump.conf"));
  EXPECT_THAT(found.error().message, HasSubstr("alpha,cpp"));
  EXPECT_NE(found.error().code, ENOENT);
}

TEST_F(FindHosts, LsdistccsOutputIsCachedForAMinute) {
  make_lsdistcc("alpha\\nbeta\\n");
  const Environment variables = environment({"DISTCC_POTENTIAL_HOSTS=alpha beta", "LSDISTCC_ARGS=-p 9"});
  for (int round = 0; round < 3; ++round) {
    const auto found = find_hosts(variables, options(path("")));
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->source, Source::Lsdistcc);
    EXPECT_EQ(found->list.text, "--randomize alpha,cpp,lzo beta,cpp,lzo");
  }
  EXPECT_EQ(content("calls"), "-c150 -p 9 alpha beta\n");
  // It runs again for other hosts, and when its output is old.
  ASSERT_TRUE(find_hosts(environment({"DISTCC_POTENTIAL_HOSTS=alpha"}), options(path(""))));
  EXPECT_EQ(content("calls"), "-c150 -p 9 alpha beta\n-c150 alpha\n");
  const timespec old[2] = {{.tv_sec = 1, .tv_nsec = 0}, {.tv_sec = 1, .tv_nsec = 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path("session/lsdistcc").c_str(), old, 0), 0);
  ASSERT_TRUE(find_hosts(environment({"DISTCC_POTENTIAL_HOSTS=alpha"}), options(path(""))));
  EXPECT_EQ(content("calls"), "-c150 -p 9 alpha beta\n-c150 alpha\n-c150 alpha\n");
}

TEST_F(FindHosts, IfNoHostAnswersCompilesHere) {
  make_lsdistcc("");
  const auto found = find_hosts(environment({"DISTCC_POTENTIAL_HOSTS=alpha"}), options(path("")));
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->list.hosts.size(), 1U);
  EXPECT_TRUE(found->list.hosts[0].local);
}

TEST_F(FindHosts, WithoutACacheLsdistccRunsEachTime) {
  make_lsdistcc("alpha\\n");
  FindHostsOptions nowhere = options(path(""));
  nowhere.session_directory = path("missing");
  ASSERT_TRUE(find_hosts(environment({"DISTCC_POTENTIAL_HOSTS=alpha"}), nowhere));
  nowhere.session_directory.clear();
  ASSERT_TRUE(find_hosts(environment({"DISTCC_POTENTIAL_HOSTS=alpha"}), nowhere));
  EXPECT_EQ(content("calls"), "-c150 alpha\n-c150 alpha\n");
}

TEST_F(FindHosts, HostsFilesAreReadInDistccsOrder) {
  directory("home");
  directory("home/.distcc");
  file("home/.distcc/hosts", "home,cpp,lzo # mine\n");
  const auto at_home = find_hosts(Environment::from_strings({"HOME=" + path("home")}), options(path("")));
  ASSERT_TRUE(at_home) << at_home.error().message;
  EXPECT_EQ(at_home->list.hosts[0].name, "home");
  directory("distcc");
  file("distcc/hosts", "set,cpp,lzo\n");
  const auto set = find_hosts(environment({"HOME=" + path("home")}), options(path("")));
  EXPECT_EQ(set->list.hosts[0].name, "set");
  EXPECT_EQ(set->where, path("distcc/hosts"));
}

TEST_F(FindHosts, AnEmptyHostsFileNamesNoHost) {
  directory("distcc");
  file("distcc/hosts", "# none yet\n");
  const auto found = find_hosts(environment({"DISTCC_HOSTS="}), options(path("")));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ENOENT);
}

}  // namespace
}  // namespace pump::hosts

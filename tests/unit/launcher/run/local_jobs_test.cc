#include "launcher/run/local_jobs.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <map>

namespace pump::launcher {
namespace {

unsigned jobs(const std::string& value, bool malformed = false) {
  const LocalJobs result = local_jobs(os::Environment::from_strings({"PUMP_LOCAL_JOBS=" + value}));
  EXPECT_EQ(result.malformed, malformed) << value;
  return result.number;
}

TEST(LocalJobs, TheUsersNumber) {
  EXPECT_EQ(jobs("3"), 3U);
  EXPECT_EQ(jobs("0"), 0U) << "no limit";
}

TEST(LocalJobs, TheDefaultForAnythingElse) {
  EXPECT_EQ(local_jobs(os::Environment()).number, usable_processors());
  EXPECT_EQ(jobs(""), usable_processors());
  for (const char* value : {"-1", "+2", "2x", "two", " 2", "1.5", "99999999999"})
    EXPECT_EQ(jobs(value, true), usable_processors()) << value;
}

TEST(LocalJobs, OnlyProcessorsThatThisProcessMayUse) {
  cpu_set_t all, one;
  ASSERT_EQ(::sched_getaffinity(0, sizeof all, &all), 0);
  CPU_ZERO(&one);
  for (unsigned cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu)
    if (CPU_ISSET(cpu, &all)) CPU_SET(cpu, &one);
  ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(usable_processors(), 1U);
  ASSERT_EQ(::sched_setaffinity(0, sizeof all, &all), 0);
  EXPECT_GE(usable_processors(), 1U);
}

class CpuQuota : public testing::Test {
 protected:
  std::map<std::string, std::string> files;
  /// 0: none.
  [[nodiscard]] double quota(const std::string& memberships) const {
    return cpu_quota(memberships,
                     [this](const std::string& path) -> std::optional<std::string> {
                       const auto found = files.find(path);
                       if (found == files.end()) return {};
                       return found->second;
                     })
        .value_or(0);
  }
};

TEST_F(CpuQuota, NoneWithoutFiles) {
  EXPECT_EQ(quota("0::/a/b\n"), 0);
  EXPECT_EQ(quota(""), 0);
  EXPECT_EQ(quota("nonsense\n:\n::\n0::\n"), 0);
}

TEST_F(CpuQuota, OfAGroupAndThoseAboveIt) {
  files = {{"/sys/fs/cgroup/a/b/cpu.max", "max 100000\n"}, {"/sys/fs/cgroup/a/cpu.max", "150000 100000\n"}};
  EXPECT_DOUBLE_EQ(quota("0::/a/b\n"), 1.5);
  files["/sys/fs/cgroup/a/b/cpu.max"] = "50000 100000\n";
  EXPECT_DOUBLE_EQ(quota("0::/a/b\n"), 0.5);
}

TEST_F(CpuQuota, OfAContainerWhoseGroupIsTheRoot) {
  files = {{"/sys/fs/cgroup/cpu.max", "400000 100000\n"}};
  EXPECT_DOUBLE_EQ(quota("0::/\n"), 4);
  EXPECT_DOUBLE_EQ(quota("0::/the/hosts/path\n"), 4);
}

TEST_F(CpuQuota, OfVersionOne) {
  files = {{"/sys/fs/cgroup/cpu/x/cpu.cfs_quota_us", "300000\n"},
           {"/sys/fs/cgroup/cpu/x/cpu.cfs_period_us", "100000\n"},
           {"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"},
           {"/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"}};
  EXPECT_DOUBLE_EQ(quota("9:name=systemd:/x\n4:cpuset:/x\n2:cpu,cpuacct:/x\n0::/\n"), 3);
  EXPECT_DOUBLE_EQ(quota("1:cpu:/x\n"), 3);
  EXPECT_EQ(quota("4:cpuset:/x\n"), 0);
  EXPECT_EQ(quota("1:cpu:/\n"), 0);
}

TEST_F(CpuQuota, MalformedFilesDoNotCount) {
  for (const char* content : {"", "max", "100000", "x y", "100000 0", "-1 100000", "1 2 3"}) {
    files["/sys/fs/cgroup/cpu.max"] = content;
    EXPECT_EQ(quota("0::/\n"), 0) << content;
  }
}

}  // namespace
}  // namespace pump::launcher

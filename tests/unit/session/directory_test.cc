#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "pump/os/file_io.h"
#include "pump/session/key.h"
#include "pump/session/private_directory.h"
#include "tests/unit/session/fixture.h"

namespace pump::session {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

mode_t mode_of(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 ? info.st_mode & 07777U : 0;
}

TEST(SessionKey, DiffersForSettingsThatMustNotShareAServer) {
  const Settings base;
  std::vector<std::string> keys = {session_key(base)};
  const auto add = [&](auto change) {
    Settings changed = base;
    change(changed);
    keys.push_back(session_key(changed));
  };
  add([](Settings& s) { s.backend = "python"; });
  add([](Settings& s) { s.client_tmp = "/dev/shm"; });
  add([](Settings& s) { s.name = "/dev/shm"; });
  add([](Settings& s) { s.server_args = {"-a"}; });
  add([](Settings& s) { s.server_args = {"-a", "-b"}; });
  add([](Settings& s) { s.server_args = {"-a-b"}; });
  add([](Settings& s) { s.server_args = {"-a", ""}; });
  add([](Settings& s) { s.server_args = {"-a", "-b"}, s.client_tmp = "x"; });
  keys.push_back(session_key(base, "salt"));
  for (const std::string& key : keys) EXPECT_EQ(std::count(keys.begin(), keys.end(), key), 1) << key;
}

TEST(SessionKey, IgnoresOtherSettings) {
  Settings other;
  other.linger = std::chrono::milliseconds(1);
  other.distcc_directory = "/opt/bin";
  other.runtime_directory = "/elsewhere";
  EXPECT_EQ(session_key(other), session_key(Settings()));
  EXPECT_FALSE(build_identity().empty());
}

using DirectoryTest = SessionTest;

TEST_F(DirectoryTest, IsMadePrivateAndFoundAgain) {
  const Directory made = directory();
  EXPECT_THAT(made.path(), StartsWith(scratch_ + "/run/"));
  EXPECT_EQ(mode_of(made.path()), 0700U);
  EXPECT_EQ(mode_of(scratch_ + "/run"), 0700U);
  EXPECT_EQ(directory().path(), made.path());
  EXPECT_EQ(Directory::at(made.path()).value().path(), made.path());
  EXPECT_EQ(Directory::at(made.path() + "x").error().code, ENOENT);
  EXPECT_EQ(Directory::at("relative").error().code, EINVAL);
}

TEST_F(DirectoryTest, MissingLevelsAboveAreMade) {
  environment_.set("PUMP_RUNTIME_DIR", scratch_ + "/a/b/c");
  EXPECT_THAT(directory().path(), StartsWith(scratch_ + "/a/b/c/"));
  EXPECT_EQ(mode_of(scratch_ + "/a"), 0700U);
}

TEST_F(DirectoryTest, ADirectoryThatOtherUsersCanWriteIsRefused) {
  const std::string path = directory().path();
  ::chmod(path.c_str(), 0755);
  auto refused = Directory::open(settings());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, EPERM);
  EXPECT_THAT(refused.error().message, HasSubstr(path));
  EXPECT_THAT(refused.error().message, HasSubstr("0755"));
  ::chmod(path.c_str(), 0700);
  ::chmod((scratch_ + "/run").c_str(), 0777);
  EXPECT_EQ(Directory::open(settings()).error().code, EPERM);
  ::chmod((scratch_ + "/run").c_str(), 0755);
  EXPECT_TRUE(Directory::open(settings())) << "other users may read the upper level";
}

TEST_F(DirectoryTest, LinksAreRefused) {
  const std::string path = directory().path();
  ASSERT_EQ(::rename(path.c_str(), (scratch_ + "/moved").c_str()), 0);
  ASSERT_EQ(::symlink((scratch_ + "/moved").c_str(), path.c_str()), 0);
  const auto refused = Directory::open(settings());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("symbolic link"));
  ASSERT_EQ(::unlink(path.c_str()), 0);
  ASSERT_EQ(::symlink("/nonexistent/target", path.c_str()), 0);
  EXPECT_EQ(Directory::open(settings()).error().code, EPERM);
  ASSERT_EQ(::unlink(path.c_str()), 0);
  ASSERT_TRUE(os::write_file_atomically(path, ""));
  EXPECT_THAT(Directory::open(settings()).error().message, HasSubstr("not a directory"));
}

TEST_F(DirectoryTest, AnotherUsersIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a directory away";
  const std::string path = directory().path();
  ASSERT_EQ(::chown(path.c_str(), 12345, 12345), 0);
  const auto refused = Directory::open(settings());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, EPERM);
  EXPECT_THAT(refused.error().message, HasSubstr("uid 12345"));
  ASSERT_EQ(::chown(path.c_str(), 0, 0), 0);
}

TEST_F(DirectoryTest, APathTooLongForASocketFallsBackToAShortOne) {
  const std::string long_a = scratch_ + "/" + std::string(150, 'a');
  environment_.set("PUMP_RUNTIME_DIR", long_a);
  const Directory a = directory();
  EXPECT_THAT(a.path(), StartsWith(fmt::format("/tmp/distcc-pump-{}/", ::geteuid())));
  EXPECT_LT(a.socket().size(), 107U);
  environment_.set("PUMP_RUNTIME_DIR", scratch_ + "/" + std::string(150, 'b'));
  const Directory b = directory();
  EXPECT_NE(a.path(), b.path()) << "different directories, different sessions";
  EXPECT_TRUE(os::remove_tree(a.path()));
  EXPECT_TRUE(os::remove_tree(b.path()));
  environment_.set("PUMP_RUNTIME_DIR", scratch_ + "/run");
}

TEST_F(DirectoryTest, TheLongestPathThatFitsIsUsed) {
  const std::size_t room = 106 - std::string("/scheduler").size() - 17 - scratch_.size() - 1;
  environment_.set("PUMP_RUNTIME_DIR", scratch_ + "/" + std::string(room, 'x'));
  EXPECT_EQ(directory().scheduler().size(), 106U);
  EXPECT_THAT(directory().path(), StartsWith(scratch_));
  ClientProcess client = start_client();
  EXPECT_GT(client.server().pid, 0);
}

TEST_F(DirectoryTest, AnUnwritableDirectoryIsAnError) {
  environment_.set("PUMP_RUNTIME_DIR", "/proc/nothing/here");
  EXPECT_FALSE(Directory::open(settings()));
  environment_.set("PUMP_RUNTIME_DIR", scratch_ + "/run");
}

TEST(Settings, ReadsTheVariables) {
  const auto settings = read_settings(os::Environment::from_strings(
      {"PUMP_INCLUDE_SERVER=python", "INCLUDE_SERVER_ARGS='--stat_reset_triggers=\"*\"' -x",
       "DISTCC_CLIENT_TMP=/t", "PUMP_SESSION=s", "PUMP_RUNTIME_DIR=/r//", "PUMP_LINGER=0.25",
       "DISTCC_LOCATION=/opt/bin"}));
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->backend, "python");
  EXPECT_THAT(settings->server_args, testing::ElementsAre("--stat_reset_triggers=\"*\"", "-x"));
  EXPECT_EQ(settings->client_tmp, "/t");
  EXPECT_EQ(settings->name, "s");
  EXPECT_EQ(settings->runtime_directory, "/r");
  EXPECT_EQ(settings->linger.count(), 250);
  EXPECT_EQ(settings->distcc_directory, "/opt/bin");
}

TEST(Settings, Defaults) {
  const auto settings = read_settings({});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->backend, "native");
  EXPECT_EQ(settings->linger.count(), 15000);
  EXPECT_EQ(settings->runtime_directory, fmt::format("/tmp/distcc-pump-{}", ::geteuid()));
}

TEST(Settings, MalformedValuesAreNamed) {
  for (const std::string entry :
       {"PUMP_LINGER=-1", "PUMP_LINGER=soon", "PUMP_LINGER=nan", "PUMP_LINGER=1s", "PUMP_INCLUDE_SERVER=ruby",
        "INCLUDE_SERVER_ARGS='open", "PUMP_RUNTIME_DIR=here"}) {
    const auto settings = read_settings(os::Environment::from_strings({entry}));
    ASSERT_FALSE(settings) << entry;
    EXPECT_THAT(settings.error().message, HasSubstr(entry.substr(0, entry.find('='))));
  }
}

TEST(Settings, AnotherUsersXdgRuntimeDirIsNotUsed) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a directory away";
  std::string pattern = "/tmp/pump-xdg-XXXXXX";
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  const os::Environment environment = os::Environment::from_strings({"XDG_RUNTIME_DIR=" + pattern});
  EXPECT_EQ(read_settings(environment).value().runtime_directory, pattern + "/distcc-pump");
  ASSERT_EQ(::chown(pattern.c_str(), 12345, 12345), 0);
  EXPECT_THAT(read_settings(environment).value().runtime_directory, StartsWith("/tmp/distcc-pump-"));
  ::rmdir(pattern.c_str());
}

}  // namespace
}  // namespace pump::session

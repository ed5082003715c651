#include "pump/cli/build_directory.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "pump/os/file_io.h"

namespace pump::cli {
namespace {

class BuildDirectories : public testing::Test {
 protected:
  BuildDirectories() {
    std::string name = "/tmp/pump-cli-test.XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    settings_.runtime_directory = name;
  }
  ~BuildDirectories() override { static_cast<void>(os::remove_tree(settings_.runtime_directory)); }

  [[nodiscard]] session::Directory session() const { return *session::Directory::open(settings_); }
  [[nodiscard]] Expected<BuildDirectory> create() const {
    return BuildDirectory::create(session(), settings_);
  }
  static bool exists(const std::string& path) {
    struct stat info {};
    return ::lstat(path.c_str(), &info) == 0;
  }
  /// A directory whose owner was killed.
  [[nodiscard]] std::string abandoned() const {
    const std::string note = settings_.runtime_directory + "/note";
    const pid_t pid = ::fork();
    if (pid == 0) {
      auto build = create();
      if (build) std::ofstream(note) << build->path() << std::flush;
      ::raise(SIGKILL);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return os::read_file(note).value_or("");
  }
  session::Settings settings_;
};

TEST_F(BuildDirectories, LinksToTheSocketOfTheSession) {
  const auto build = create();
  ASSERT_TRUE(build) << build.error().message;
  EXPECT_EQ(build->socket(), build->path() + "/socket");
  EXPECT_EQ(os::read_link(build->socket()).value_or(""), session().socket());
  EXPECT_LT(build->socket().size(), 107U);
}

TEST_F(BuildDirectories, EndsWithItsOwner) {
  std::string path;
  {
    const auto build = create();
    path = build->path();
    EXPECT_TRUE(exists(path));
  }
  EXPECT_FALSE(exists(path));
}

TEST_F(BuildDirectories, TheDirectoryOfAKilledBuildIsRemovedByTheNext) {
  const std::string leftover = abandoned();
  ASSERT_TRUE(exists(leftover));
  const auto build = create();
  ASSERT_TRUE(build) << build.error().message;
  EXPECT_FALSE(exists(leftover));
}

TEST_F(BuildDirectories, TheDirectoryOfARunningBuildStays) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    auto build = create();
    const std::string path = build ? build->path() + "\n" : "\n";
    if (::write(ends[1], path.data(), path.size()) > 0) ::pause();
    ::_exit(1);
  }
  std::array<char, 256> text{};
  const ssize_t got = ::read(ends[0], text.data(), text.size());
  ASSERT_GT(got, 1);
  const std::string path(text.data(), static_cast<std::size_t>(got) - 1);
  { const auto build = create(); }
  EXPECT_TRUE(exists(path));
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  { const auto build = create(); }
  EXPECT_FALSE(exists(path));
}

TEST_F(BuildDirectories, TheDirectoryOfAStartupStaysWhileItsPinExists) {
  std::string path;
  {
    auto build = create();
    ASSERT_TRUE(build) << build.error().message;
    path = build->path();
    const session::Directory directory = session();
    ASSERT_EQ(::mkdir(directory.pins().c_str(), 0700), 0);
    std::ofstream(directory.pins() + "/pin-1") << "";
    ASSERT_TRUE(build->leave_to({directory.path(), "pin-1"}));
  }
  ASSERT_TRUE(exists(path));
  const auto record = read_startup_record(path);
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(record->pin, "pin-1");
  EXPECT_EQ(record->session_directory, session().path());

  { const auto other = create(); }
  EXPECT_TRUE(exists(path));
  ASSERT_EQ(::unlink((session().pins() + "/pin-1").c_str()), 0);
  { const auto other = create(); }
  EXPECT_FALSE(exists(path));
}

TEST_F(BuildDirectories, ALongSessionDirectoryIsReplacedByAShortOne) {
  settings_.runtime_directory += "/" + std::string(60, 'x');
  const auto build = create();
  ASSERT_TRUE(build) << build.error().message;
  EXPECT_LT(build->socket().size(), 107U);
  EXPECT_EQ(os::read_link(build->socket()).value_or(""), session().socket());
}

TEST_F(BuildDirectories, StartupRecordsAreReadOrRefused) {
  EXPECT_EQ(read_startup_record(settings_.runtime_directory + "/missing").error().code, ENOENT);
  const std::string other = settings_.runtime_directory + "/other";
  ASSERT_EQ(::mkdir(other.c_str(), 0700), 0);
  EXPECT_NE(read_startup_record(other).error().code, ENOENT);
  for (const std::string& damaged :
       {std::string(), std::string("/x"), std::string("/x\0pin", 6), std::string("a\0b\0c\0", 6)}) {
    std::ofstream(other + "/startup") << damaged;
    EXPECT_FALSE(read_startup_record(other)) << damaged.size();
  }
  std::ofstream(other + "/startup") << std::string("/odd\npath\0pin\0", 14);
  const auto record = read_startup_record(other);
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(record->session_directory, "/odd\npath");
}

TEST_F(BuildDirectories, TheSizeOfTheCounterIsTheNumberOfDiscrepancies) {
  const auto build = create();
  EXPECT_EQ(discrepancies(build->path()), 0U);
  std::ofstream(build->path() + "/discrepancy_counter") << "@@@";
  EXPECT_EQ(discrepancies(build->path()), 3U);
}

}  // namespace
}  // namespace pump::cli

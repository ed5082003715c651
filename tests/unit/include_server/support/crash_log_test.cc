#include "pump/include_server/support/crash_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "pump/os/file_io.h"

namespace pump::include_server {
namespace {

using testing::HasSubstr;

constexpr ContentHash kInput{0x0123456789abcdefULL, 0xfedcba9876543210ULL};
const std::string kInputText = "fedcba98765432100123456789abcdef";

class CrashLogTest : public testing::Test {
 protected:
  // Named after the test. A death test runs the fixture again in another process, which must use the same
  // file.
  CrashLogTest()
      : file_(testing::TempDir() + "crash_log_test." + std::to_string(::getuid()) + "." +
              testing::UnitTest::GetInstance()->current_test_info()->name()) {}
  ~CrashLogTest() override { ::unlink(file_.c_str()); }
  std::string content() const { return read_crash_file(file_); }

  std::string file_;
};

/// Works on kInput and raises the signal `number`. For a child process.
void crash_with(const std::string& file, int number) {
  install_crash_log(file);
  const SignalStack stack;
  const std::vector<std::string> argv{"g++", "-c", "evil\n.cc"};
  const InputMark mark(kInput, "/w", argv.data(), argv.size());
  ::raise(number);
}

TEST(HashText, IsHexadecimal) {
  const auto text = hash_text(kInput);
  EXPECT_EQ(std::string(text.data(), text.size()), kInputText);
}

TEST_F(CrashLogTest, MissingFileContainsNoCrash) {
  EXPECT_EQ(content(), "");
  EXPECT_FALSE(crashed_before(content(), kInput));
}

TEST_F(CrashLogTest, DirectoriesAndLinksAreNotRead) {
  EXPECT_EQ(read_crash_file("/"), "");
  std::ofstream(file_) << kInputText;
  const std::string link = file_ + ".link";
  ASSERT_EQ(::symlink(file_.c_str(), link.c_str()), 0);
  EXPECT_EQ(read_crash_file(link), "");
  ::unlink(link.c_str());
}

TEST_F(CrashLogTest, OnlyTheEndOfALongFileIsRead) {
  std::ofstream(file_) << std::string(1U << 20U, 'x') << kInputText << "\n";
  EXPECT_EQ(content().size(), 256U << 10U);
  EXPECT_TRUE(crashed_before(content(), kInput));
}

TEST_F(CrashLogTest, ACrashRecordsItsInputOnceAndTheSignalTakesEffect) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  // Sanitizers exit on these signals. The process must end either way.
  EXPECT_DEATH(crash_with(file_, SIGABRT), "SIGABRT");
  EXPECT_THAT(content(), HasSubstr("SIGABRT at 0x"));
  EXPECT_THAT(content(), HasSubstr("input " + kInputText + " command cd /w && g++ -c evil .cc\n"));
  const std::string written = content();
  EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 1);
  EXPECT_TRUE(crashed_before(written, kInput));
  EXPECT_FALSE(crashed_before(written, {1, 2}));
}

TEST_F(CrashLogTest, CrashesAreAppended) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(crash_with(file_, SIGSEGV), "SIGSEGV");
  EXPECT_DEATH(crash_with(file_, SIGILL), "SIGILL");
  EXPECT_THAT(content(), testing::AllOf(HasSubstr("SIGSEGV"), HasSubstr("SIGILL")));
}

TEST_F(CrashLogTest, AFinishedInputIsNotRecorded) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto work_and_crash_later = [&] {
    install_crash_log(file_);
    { const InputMark mark(kInput, "/w", nullptr, 0); }
    ::raise(SIGABRT);
  };
  EXPECT_DEATH(work_and_crash_later(), "SIGABRT");
  EXPECT_FALSE(crashed_before(content(), kInput));
}

TEST_F(CrashLogTest, AfterAnInnerMarkTheOuterOneIsInForceAgain) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const ContentHash inner{5, 6};
  const auto crash_after_inner_mark = [&] {
    install_crash_log(file_);
    const InputMark outer(kInput, "/w", nullptr, 0);
    { const InputMark mark(inner, "/w", nullptr, 0); }
    ::raise(SIGABRT);
  };
  EXPECT_DEATH(crash_after_inner_mark(), "SIGABRT");
  EXPECT_TRUE(crashed_before(content(), kInput));
  EXPECT_FALSE(crashed_before(content(), inner));
}

TEST_F(CrashLogTest, RemovedHandlersWriteNothing) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto crash_unhandled = [&] {
    install_crash_log(file_);
    remove_crash_log();
    std::abort();
  };
  EXPECT_DEATH(crash_unhandled(), "");
  EXPECT_EQ(content(), "");
}

}  // namespace
}  // namespace pump::include_server

#include "pump/insight/records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "pump/os/file_io.h"

namespace pump::insight {
namespace {

Status append_record(const std::string& directory, const Record& record) {
  PUMP_TRY(const RecordFile file, RecordFile::open(directory));
  return file.append(record);
}

class Records : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "pump-records.XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    scratch = name;
    directory = scratch + "/state/distcc-pump";
  }
  void TearDown() override { std::filesystem::remove_all(scratch); }
  static Record record(double time, const std::string& source) {
    Record one;
    one.time = time;
    one.seconds = 0.25;
    one.outcome = Outcome::Plain;
    one.source = source;
    one.object = source + ".o";
    one.directory = "/src";
    one.host = "host:1/2,cpp,lzo";
    one.session = "abc";
    one.faults = "a: refused: x";
    one.moves = "b: c is faster";
    one.reason = "includes-unknown";
    one.text = "why";
    one.detail = "tab\there, \"quote\" and \\";
    one.remedy = "what";
    return one;
  }
  void write_raw(const std::string& bytes) const {
    std::ofstream(directory + "/records.jsonl", std::ios::app | std::ios::binary) << bytes;
  }
  std::string scratch, directory;
};

TEST_F(Records, ARecordAppendedAfterARotationIsRead) {
  const auto early = RecordFile::open(directory);
  ASSERT_TRUE(early);
  std::filesystem::rename(directory + "/records.jsonl", directory + "/records.old.jsonl");
  ASSERT_TRUE(append_record(directory, record(2, "late.cc")));
  ASSERT_TRUE(early->append(record(1, "early.cc")));
  const auto out = read_records(directory);
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(out[0].source, "early.cc");
  EXPECT_EQ(out[1].source, "late.cc");
}

TEST_F(Records, NegativeTimesBecomeZero) {
  Record odd = record(-5, "odd.cc");
  odd.seconds = -0.25;  // the clock was set back
  ASSERT_TRUE(append_record(directory, odd));
  const auto out = read_records(directory);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].time, 0);
  EXPECT_EQ(out[0].seconds, 0);
}

TEST_F(Records, AreReadAsTheyWereWritten) {
  const Record in = record(1700000000.125, "a b\".cc");
  ASSERT_TRUE(append_record(directory, in));
  const auto out = read_records(directory);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].time, in.time);
  EXPECT_EQ(out[0].seconds, in.seconds);
  EXPECT_EQ(out[0].outcome, in.outcome);
  for (const auto member :
       {&Record::source, &Record::object, &Record::directory, &Record::host, &Record::session,
        &Record::faults, &Record::moves, &Record::reason, &Record::text, &Record::detail, &Record::remedy})
    EXPECT_EQ(out[0].*member, in.*member);
  struct stat info {};
  ASSERT_EQ(::stat(directory.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0700U);
}

TEST_F(Records, TruncatedAndMalformedLinesAreSkipped) {
  ASSERT_TRUE(append_record(directory, record(1, "a.cc")));
  write_raw("{\"v\":1,\"time\":2,\"outcome\":\"pu");  // truncated: the next record follows on the same line
  ASSERT_TRUE(append_record(directory, record(3, "b.cc")));
  write_raw("\n\ngarbage\n{\"v\":1}\n{\"v\":1,\"time\":\"x\"}\n[1]\n");
  ASSERT_TRUE(append_record(directory, record(4, "c.cc")));
  write_raw("{\"v\":1,\"time\":5");
  const auto out = read_records(directory);
  ASSERT_EQ(out.size(), 3U);
  EXPECT_EQ(out[1].source, "b.cc");
  EXPECT_EQ(out[2].source, "c.cc");
}

TEST_F(Records, NamesThatAreNotUtf8KeepTheRecord) {
  ASSERT_TRUE(append_record(directory, record(1, "a\xff.cc")));
  const auto out = read_records(directory);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_THAT(out[0].source, ::testing::StartsWith("a"));
  EXPECT_THAT(out[0].source, ::testing::EndsWith(".cc"));
}

TEST_F(Records, LongNamesAreCutToKeepALineBelow4KiB) {
  Record long_one = record(1, std::string(5000, '\n'));
  long_one.directory = std::string(5000, 'd');
  ASSERT_TRUE(append_record(directory, long_one));
  const auto content = os::read_file(directory + "/records.jsonl");
  ASSERT_TRUE(content);
  EXPECT_LT(content->size(), 4096U);
  EXPECT_EQ(read_records(directory).size(), 1U);
}

TEST_F(Records, TheSizeOfTheFilesIsBounded) {
  ASSERT_TRUE(append_record(directory, record(1, "first.cc")));
  std::string filler;
  while (filler.size() < kMostBytes) filler += std::string(1000, ' ') + "\n";
  write_raw(filler);
  ASSERT_TRUE(append_record(directory, record(2, "last of the old.cc")));
  ASSERT_TRUE(append_record(directory, record(3, "new.cc")));
  EXPECT_LT(std::filesystem::file_size(directory + "/records.jsonl"), 1000U);
  const auto out = read_records(directory);
  ASSERT_EQ(out.size(), 3U);
  EXPECT_EQ(out.back().source, "new.cc");
}

TEST_F(Records, ManyWritersLoseNothing) {
  constexpr int kWriters = 8;
  constexpr int kEach = 200;
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i)
    writers.emplace_back([this, i] {
      for (int j = 0; j < kEach; ++j)
        (void)append_record(directory, record(i * kEach + j, std::to_string(i)));
    });
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(read_records(directory).size(), static_cast<std::size_t>(kWriters * kEach));
}

TEST_F(Records, AnUnwritableDirectoryIsAnError) {
  std::ofstream(scratch + "/state").put('x');
  EXPECT_FALSE(append_record(directory, record(1, "a.cc")));
  EXPECT_TRUE(read_records(directory).empty());
}

TEST_F(Records, TheDirectoryFollowsTheEnvironment) {
  const auto at = [](const std::vector<std::string>& variables) {
    return records_directory(os::Environment::from_strings(variables)).value_or("none");
  };
  const std::string home = "HOME=" + scratch;
  EXPECT_EQ(at({"XDG_STATE_HOME=/x", home}), "/x/distcc-pump");
  EXPECT_EQ(at({"XDG_STATE_HOME=relative", home}), scratch + "/.local/state/distcc-pump");
  EXPECT_EQ(at({home}), scratch + "/.local/state/distcc-pump");
  EXPECT_EQ(at({}), "none");
  EXPECT_EQ(at({"HOME=/no/such/home"}), "none");
  EXPECT_EQ(at({home, "PUMP_RECORD=0"}), "none");
}

TEST_F(Records, AHomeOfAnotherUserHasNone) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a directory away";
  ASSERT_EQ(::chown(scratch.c_str(), 65534, 65534), 0);
  EXPECT_FALSE(records_directory(os::Environment::from_strings({"HOME=" + scratch})));
}

TEST_F(Records, TallyCountsOneSession) {
  Record other = record(10, "a.cc");
  other.session = "other";
  Record none = record(10, "b.cc");
  none.session.clear();
  none.outcome = Outcome::Local;
  const Tally counts = tally({record(1, "x"), record(10, "y"), other, none}, "abc", 5);
  EXPECT_EQ(counts.plain, 1U);
  EXPECT_EQ(counts.local, 1U);
  EXPECT_EQ(counts.pump + counts.failed + counts.unknown + counts.misjudged, 0U);
  none.reason = kMisjudged;
  EXPECT_EQ(tally({none, none, other}, "abc", 5).misjudged, 2U);
}

}  // namespace
}  // namespace pump::insight

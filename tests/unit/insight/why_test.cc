#include "pump/insight/why.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pump::insight {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Record unit(double time, const std::string& source, Outcome outcome) {
  Record record;
  record.time = time;
  record.seconds = 1.5;
  record.outcome = outcome;
  record.source = source;
  record.object = source + ".o";
  record.directory = "/build";
  if (outcome == Outcome::Pump || outcome == Outcome::Plain) record.host = "server/4";
  if (outcome == Outcome::Pump) return record;
  record.reason = "split-dwarf";
  record.text = "writes a .dwo file";
  record.detail = "-gsplit-dwarf";
  record.remedy = "leave it out";
  return record;
}

TEST(Why, ShowsUnitsThatWereNotCompiledInPumpMode) {
  const std::string text =
      why({unit(1, "a.cc", Outcome::Pump), unit(2, "b.cc", Outcome::Local), unit(3, "c.cc", Outcome::Plain)},
          {}, "/");
  EXPECT_THAT(text, Not(HasSubstr("a.cc")));
  EXPECT_THAT(text, HasSubstr("b.cc: compiled here, 1.50 s\n"));
  EXPECT_THAT(text, HasSubstr("writes a .dwo file: -gsplit-dwarf\n"));
  EXPECT_THAT(text, HasSubstr("leave it out"));
  EXPECT_THAT(text, HasSubstr("c.cc: compiled on server/4, preprocessed here"));
  EXPECT_THAT(text, HasSubstr("1 of 3 units were compiled remotely in pump mode.\n"));
  EXPECT_THAT(text, HasSubstr("     2      3.00 s  writes a .dwo file (split-dwarf)\n"));
}

TEST(Why, OnlyTheLastRecordOfAUnitCounts) {
  const std::string text = why({unit(1, "a.cc", Outcome::Local), unit(2, "a.cc", Outcome::Pump)}, {}, "/");
  EXPECT_EQ(text, "1 of 1 units were compiled remotely in pump mode.\n");
}

TEST(Why, OldBuildsAreLeftOut) {
  const std::string text =
      why({unit(1, "old.cc", Outcome::Local), unit(10000, "new.cc", Outcome::Local)}, {}, "/");
  EXPECT_THAT(text, Not(HasSubstr("old.cc")));
  EXPECT_THAT(text, HasSubstr("new.cc"));
}

TEST(Why, AFileIsShownHoweverItWasCompiled) {
  const std::vector<Record> records{unit(1, "dir/a.cc", Outcome::Pump), unit(10000, "b.cc", Outcome::Local)};
  for (const char* name : {"dir/a.cc", "a.cc", "a.cc.o", "/build/dir/a.cc", "../build/dir/a.cc"}) {
    const std::string text = why(records, name, "/build");
    EXPECT_THAT(text, HasSubstr("dir/a.cc: compiled on server/4, preprocessed there")) << name;
    EXPECT_THAT(text, Not(HasSubstr("b.cc"))) << name;
  }
  EXPECT_THAT(why(records, "none.cc", "/build"), HasSubstr("Nothing is recorded about none.cc"));
}

TEST(Why, AMoveIsNoFailure) {
  Record record = unit(1, "a.cc", Outcome::Pump);
  record.moves = "slow/4: fast/4 is faster";
  const std::string text = why({record}, "a.cc", "/");
  EXPECT_THAT(text, HasSubstr("  moved:  slow/4: fast/4 is faster\n"));
  EXPECT_THAT(text, Not(HasSubstr("failed")));
}

TEST(Why, NothingRecorded) {
  EXPECT_THAT(why({}, {}, "/"), HasSubstr("Nothing is recorded yet"));
}

TEST(Why, NamesCannotControlTheTerminal) {
  Record record = unit(1, "\x1b]0;owned\a.c", Outcome::Local);
  record.reason = "x";
  record.text = "because";
  record.detail = "\x1b[2J";
  record.faults = "host: \x1b[3J";
  record.directory = "/\x1b[4J";
  EXPECT_THAT(why({record}, record.source, "/"), testing::Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace pump::insight

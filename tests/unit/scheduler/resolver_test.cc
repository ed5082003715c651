#include "pump/scheduler/resolver.h"

#include <gmock/gmock.h>

#include "tests/unit/scheduler/scratch.h"

namespace pump::scheduler {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ResolverTest : public ScratchTest {
 protected:
  void SetUp() override {
    ScratchTest::SetUp();
    ASSERT_TRUE(loop_.open());
  }
  /// Answers with the content of the file "answer"; fails without one.
  [[nodiscard]] std::string fake() const {
    return script("getent", "echo \"$*\" >>" + scratch_ + "/calls; exec cat " + scratch_ + "/answer");
  }
  void set_answer(const std::string& text) const {
    ASSERT_TRUE(os::write_file_atomically(scratch_ + "/answer", text));
  }
  [[nodiscard]] std::string calls() const { return os::read_file(scratch_ + "/calls").value_or(""); }
  Resolver resolver(std::string program) {
    return Resolver(loop_, std::move(program), [this](const std::string& line) { log_.push_back(line); });
  }
  Expected<Resolver::Addresses> wait(Resolver& resolver, const std::string& name) {
    while (true) {
      if (auto found = resolver.find(name, now_)) return *std::move(found);
      loop_.run_once({});
    }
  }
  /// Runs the loop until a lookup in the background has ended, which `done` notices.
  template <typename Done>
  void run_until(Done done) {
    while (!done()) loop_.run_once(std::chrono::steady_clock::now() + 10ms);
  }

  EventLoop loop_;
  std::vector<std::string> log_;
  Resolver::Time now_ = std::chrono::steady_clock::now();
};

TEST_F(ResolverTest, NumericAddressesNeedNoLookup) {
  Resolver resolver = this->resolver("/nowhere");
  for (const std::string name : {"127.0.0.1", "::1", "fe80::1%eth0"}) {
    const auto found = resolver.find(name, now_);
    ASSERT_TRUE(found && *found) << name;
    EXPECT_THAT(**found, ElementsAre(name));
  }
}

TEST_F(ResolverTest, AddressesComeInTheOrderOfTheNameServiceAndOnce) {
  set_answer("2001:db8::1  STREAM build\n2001:db8::1  DGRAM\n192.0.2.7  STREAM\n192.0.2.7  RAW\n");
  Resolver resolver = this->resolver(fake());
  EXPECT_FALSE(resolver.find("build", now_)) << "did not wait";
  const auto found = wait(resolver, "build");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(*found, ElementsAre("2001:db8::1", "192.0.2.7"));
  EXPECT_EQ(calls(), "ahosts -- build\n");
}

TEST_F(ResolverTest, ResolvesLocalhost) {
  Resolver resolver = this->resolver("getent");
  const auto found = wait(resolver, "localhost");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(*found, testing::AnyOf(testing::Contains("127.0.0.1"), testing::Contains("::1")));
}

TEST_F(ResolverTest, AnUnknownNameIsAnError) {
  Resolver resolver = this->resolver(fake());
  const auto found = wait(resolver, "nobody");
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, HasSubstr("cannot resolve nobody"));
  EXPECT_THAT(log_, SizeIs(1));
}

TEST_F(ResolverTest, AMissingProgramIsAnError) {
  Resolver resolver = this->resolver(scratch_ + "/no-such-program");
  EXPECT_FALSE(wait(resolver, "build"));
}

TEST_F(ResolverTest, AKnownNameIsLookedUpAgainAfterAMinuteWithoutWaiting) {
  set_answer("192.0.2.7 STREAM build\n");
  Resolver resolver = this->resolver(fake());
  ASSERT_TRUE(wait(resolver, "build"));
  set_answer("192.0.2.8 STREAM build\n");
  now_ = std::chrono::steady_clock::now() + 59s;
  ASSERT_THAT(**resolver.find("build", now_), ElementsAre("192.0.2.7"));
  EXPECT_FALSE(resolver.next_time()) << "looked up too early";
  now_ += 2s;
  ASSERT_THAT(**resolver.find("build", now_), ElementsAre("192.0.2.7"));
  run_until([&] { return !resolver.next_time(); });
  EXPECT_THAT(**resolver.find("build", now_), ElementsAre("192.0.2.8"));
}

TEST_F(ResolverTest, ANameThatNoLongerResolvesKeepsItsAddressesAndTheLogSaysSo) {
  set_answer("192.0.2.7 STREAM build\n");
  Resolver resolver = this->resolver(fake());
  ASSERT_TRUE(wait(resolver, "build"));
  EXPECT_THAT(log_, IsEmpty());
  set_answer("");
  now_ = std::chrono::steady_clock::now() + 61s;
  ASSERT_TRUE(resolver.find("build", now_));
  run_until([&] { return !log_.empty(); });
  EXPECT_THAT(log_, ElementsAre(HasSubstr("its last addresses stay in use")));
  EXPECT_THAT(**resolver.find("build", now_), ElementsAre("192.0.2.7"));
}

TEST_F(ResolverTest, AnAddressThatWorksComesFirstAlsoAfterTheNextLookup) {
  set_answer("192.0.2.7 STREAM build\n192.0.2.8 STREAM\n192.0.2.9 STREAM\n");
  Resolver resolver = this->resolver(fake());
  ASSERT_TRUE(wait(resolver, "build"));
  resolver.prefer("build", "192.0.2.9");
  EXPECT_THAT(**resolver.find("build", now_), ElementsAre("192.0.2.9", "192.0.2.7", "192.0.2.8"));
  set_answer("192.0.2.5 STREAM build\n192.0.2.9 STREAM\n");
  now_ = std::chrono::steady_clock::now() + 61s;
  ASSERT_TRUE(resolver.find("build", now_));
  run_until([&] { return !resolver.next_time(); });
  EXPECT_THAT(**resolver.find("build", now_), ElementsAre("192.0.2.9", "192.0.2.5"));
  resolver.prefer("build", "192.0.2.77");  // none of its addresses
  resolver.prefer("nobody", "192.0.2.7");
  EXPECT_THAT(**resolver.find("build", now_), ElementsAre("192.0.2.9", "192.0.2.5"));
}

TEST_F(ResolverTest, ARefreshLooksAKnownNameUpWithoutWaitingButNotTwiceInASecond) {
  set_answer("192.0.2.7 STREAM build\n");
  Resolver resolver = this->resolver(fake());
  resolver.refresh("build", now_);  // not known
  EXPECT_FALSE(resolver.next_time());
  ASSERT_TRUE(wait(resolver, "build"));
  set_answer("192.0.2.8 STREAM build\n");
  now_ = std::chrono::steady_clock::now();
  resolver.refresh("build", now_);
  EXPECT_FALSE(resolver.next_time());
  now_ += 2s;
  resolver.refresh("build", now_);
  EXPECT_THAT(**resolver.find("build", now_), ElementsAre("192.0.2.7"));
  run_until([&] { return !resolver.next_time(); });
  EXPECT_THAT(**resolver.find("build", now_), ElementsAre("192.0.2.8"));
}

TEST_F(ResolverTest, ALookupThatTakesTooLongIsEnded) {
  Resolver resolver = this->resolver(script("getent", "exec sleep 1000"));
  EXPECT_FALSE(resolver.find("build", now_));
  ASSERT_TRUE(resolver.next_time());
  EXPECT_GT(*resolver.next_time(), now_ + 4s);
  resolver.expire(*resolver.next_time());
  now_ = std::chrono::steady_clock::now();
  EXPECT_FALSE(resolver.next_time());
  EXPECT_THAT(log_, ElementsAre(HasSubstr("no answer")));
}

}  // namespace
}  // namespace pump::scheduler

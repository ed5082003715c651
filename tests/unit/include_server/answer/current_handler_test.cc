#include "pump/include_server/answer/current_handler.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "pump/os/environment.h"

namespace pump::include_server {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

class CurrentHandlerTest : public testing::Test {
 protected:
  CurrentHandlerTest() {
    std::string name = "/tmp/current-handler-XXXXXX";
    base_ = ::mkdtemp(name.data());
    fs::create_directory(base_ + "/project");
    std::ofstream(base_ + "/project/a.cc") << "#include \"a.h\"\n";
    std::ofstream(base_ + "/project/a.h") << "int a;\n";
    options_.client_tmp = base_;
  }
  ~CurrentHandlerTest() override { fs::remove_all(base_); }

  void start(milliseconds least_life) {
    auto made = CurrentHandler::create(options_, counters_, {1000, least_life, milliseconds(0)},
                                       [this] { return memory_; });
    ASSERT_TRUE(made) << made.error().message;
    handlers_ = std::move(*made);
  }
  Reply ask() {
    Request request;
    request.cwd = base_ + "/project";
    request.argv = {"g++", "-c", "a.cc"};
    request.environment = os::Environment::current();
    return handlers_->get()->answer(request);
  }

  std::string base_;
  Options options_;
  std::shared_ptr<Counters> counters_ = std::make_shared<Counters>();
  std::uint64_t memory_ = 10;
  std::unique_ptr<CurrentHandler> handlers_;
};

TEST_F(CurrentHandlerTest, StaysWhileItsMemoryIsWithinTheLimit) {
  start(milliseconds(0));
  const auto first = handlers_->get();
  const Reply reply = ask();
  EXPECT_EQ(reply.entries, 2U) << reply.detail;
  EXPECT_EQ(handlers_->get(), first);
  EXPECT_EQ(counters_->renewed.value(), 0U);
}

TEST_F(CurrentHandlerTest, IsReplacedAboveTheLimit) {
  start(milliseconds(0));
  const Reply before = ask();
  EXPECT_TRUE(ask().from_cache);
  const std::weak_ptr<RequestHandler> first = handlers_->get();
  const std::string root = handlers_->mirror_root();
  memory_ = 2000;
  const auto second = handlers_->get();
  EXPECT_NE(second, first.lock());
  EXPECT_EQ(counters_->renewed.value(), 1U);
  EXPECT_NE(handlers_->mirror_root(), root);
  EXPECT_TRUE(fs::exists(root)) << "clients still read its files";
  memory_ = 10;
  const Reply after = ask();
  EXPECT_FALSE(after.from_cache);
  EXPECT_EQ(after.entries, before.entries);
  EXPECT_TRUE(first.expired()) << "its time is over";
  EXPECT_FALSE(fs::exists(root));
  EXPECT_EQ(counters_->renewed.value(), 1U);
}

TEST_F(CurrentHandlerTest, TheMirrorCounts) {
  start(milliseconds(0));
  std::string noise;
  for (int i = 0; i < 10'000; ++i) noise += "// " + std::to_string(i * 7919 % 10'007) + "\n";
  std::ofstream(base_ + "/project/a.h") << noise;
  EXPECT_EQ(ask().entries, 2U);
  EXPECT_GT(handlers_->mirror_bytes(), 1000U);
  const auto first = handlers_->get();
  EXPECT_EQ(counters_->renewed.value(), 1U);
}

TEST_F(CurrentHandlerTest, NeitherIsReplacedBeforeItsTime) {
  start(milliseconds(300));
  memory_ = 2000;
  const std::weak_ptr<RequestHandler> first = handlers_->get();
  EXPECT_EQ(handlers_->get(), first.lock());
  std::this_thread::sleep_for(milliseconds(350));
  const auto second = handlers_->get();
  EXPECT_NE(second, first.lock());
  EXPECT_EQ(handlers_->get(), second);
  EXPECT_FALSE(first.expired());
}

TEST_F(CurrentHandlerTest, StaysIfNoOtherCanBeMade) {
  start(milliseconds(0));
  const auto first = handlers_->get();
  fs::rename(base_, base_ + ".away");
  std::ofstream file(base_);
  memory_ = 2000;
  EXPECT_EQ(handlers_->get(), first);
  EXPECT_EQ(counters_->renewed.value(), 0U);
  fs::remove(base_);
  fs::rename(base_ + ".away", base_);
}

TEST_F(CurrentHandlerTest, LimitsComeFromTheOption) {
  options_.memory_mib = 3;
  EXPECT_EQ(CurrentHandler::limits_of(options_).most_bytes, 3U << 20U);
  EXPECT_GE(CurrentHandler::limits_of(Options{}).most_bytes, 1U << 30U);
}

}  // namespace
}  // namespace pump::include_server

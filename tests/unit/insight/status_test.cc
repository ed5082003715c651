#include "pump/insight/status.h"

#include <gmock/gmock.h>

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "pump/os/file_io.h"

namespace pump::insight {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

SessionStatus running() {
  SessionStatus status;
  status.session = {.directory = "/run/user/7/distcc-pump/0123",
                    .running = true,
                    .pid = 4711,
                    .clients = 3,
                    .pins = 1,
                    .served = 99,
                    .uptime_seconds = 3725.5,
                    .backend = "native"};
  status.server = R"({"requests":99,"mirror":"/dev/shm/x"})";
  return status;
}

TEST(Status, NoServer) {
  SessionStatus status;
  status.session.directory = "/tmp/somewhere";
  EXPECT_THAT(to_text(status), HasSubstr("No include server runs"));
  EXPECT_THAT(to_text(status), HasSubstr("/tmp/somewhere"));
  const json object = json::parse(to_json(status));
  EXPECT_EQ(object, (json{{"directory", "/tmp/somewhere"}, {"running", false}}));
}

TEST(Status, ForPeople) {
  const std::string text = to_text(running());
  EXPECT_THAT(text, HasSubstr("process 4711, for 1 h 2 min"));
  EXPECT_THAT(text, HasSubstr("Clients now:       3, and 1 `pump --startup`"));
  EXPECT_THAT(text, HasSubstr("Requests answered: 99"));
  EXPECT_THAT(text, HasSubstr("/dev/shm/x"));
  EXPECT_TRUE(text.ends_with("\n"));
}

TEST(Status, ForPrograms) {
  const json object = json::parse(to_json(running()));
  EXPECT_EQ(object.at("pid"), 4711);
  EXPECT_EQ(object.at("clients"), 3);
  EXPECT_EQ(object.at("pins"), 1);
  EXPECT_EQ(object.at("served"), 99);
  EXPECT_EQ(object.at("uptime_seconds"), 3725.5);
  EXPECT_EQ(object.at("server").at("requests"), 99);
}

constexpr const char* kScheduler = R"({"hosts":[
    {"host":"build1/4,cpp,lzo","state":"up","slots":4,"running":2,"taken":1,"speed":1.25,"units":17,"faults":0,"last_fault":""},
    {"host":"b2/2,cpp,lzo","state":"down","slots":2,"running":0,"taken":0,"speed":0,"units":0,"faults":1,"last_fault":"connection refused"}],
    "queued":5,"running":2})";

TEST(Status, HostsForPeople) {
  SessionStatus status = running();
  status.scheduler = kScheduler;
  const std::string text = to_text(status);
  EXPECT_THAT(text, HasSubstr("2 on hosts, 5 waiting for one\n"));
  EXPECT_THAT(text, HasSubstr("\n  build1/4,cpp,lzo  up, 3 of 4 slots in use (1 by other distcc processes), "
                              "speed 1.25, 17 units\n"));
  EXPECT_THAT(text, HasSubstr("\n  b2/2,cpp,lzo      down, 0 of 2 slots in use, 0 units, 1 faults, last: "
                              "connection refused\n"));
}

TEST(Status, HostsForPrograms) {
  SessionStatus status = running();
  status.scheduler = kScheduler;
  EXPECT_EQ(json::parse(to_json(status)).at("scheduler"), json::parse(kScheduler));
}

TEST(Status, ASchedulerWithoutAReplyIsNotShown) {
  SessionStatus status = running();
  for (const char* reply : {"", "not JSON", "[1"}) {
    status.scheduler = reply;
    EXPECT_FALSE(json::parse(to_json(status)).contains("scheduler")) << reply;
    EXPECT_THAT(to_text(status), Not(HasSubstr("waiting for one"))) << reply;
  }
}

TEST(Status, AServerWithoutAReplyIsShownWithoutCounters) {
  SessionStatus status = running();
  for (const char* reply : {"", "not JSON", "[1"}) {
    status.server = reply;
    EXPECT_FALSE(json::parse(to_json(status)).contains("server")) << reply;
    EXPECT_THAT(to_text(status), Not(HasSubstr("Counters of the include server"))) << reply;
  }
}

TEST(Status, RequestsOfThePythonServerAreNotCounted) {
  SessionStatus status = running();
  status.session.backend = "python";
  EXPECT_THAT(to_text(status), HasSubstr("Python"));
  EXPECT_THAT(to_text(status), HasSubstr("not counted"));
}

TEST(Status, APathThatIsNotUtf8GivesValidJson) {
  SessionStatus status = running();
  status.session.directory = "/tmp/\xff";
  EXPECT_TRUE(json::accept(to_json(status)));
}

TEST(Status, DoesNotStartAServer) {
  session::Settings settings;
  settings.runtime_directory = "/tmp/pump-insight-test." + std::to_string(::getpid());
  const auto found = session_status(settings);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_FALSE(found->session.running);
  EXPECT_EQ(found->session.clients, 0U);
  EXPECT_TRUE(os::remove_tree(settings.runtime_directory));
}

}  // namespace
}  // namespace pump::insight

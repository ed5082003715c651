#include "pump/include_server/server/status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace pump::include_server {
namespace {

nlohmann::ordered_json json_of(const ServerStatus& status) {
  const std::string text = to_json(status);
  EXPECT_EQ(text.find('\n'), text.size() - 1) << "one line";
  return nlohmann::ordered_json::parse(text);
}

TEST(Status, HasTheDocumentedMembers) {
  const auto json = json_of(ServerStatus(Counters()));
  std::vector<std::string> names;
  for (const auto& member : json.items()) names.push_back(member.key());
  EXPECT_THAT(names,
              testing::ElementsAre("pid", "jobs", "uptime_seconds", "requests", "cache_hits", "gave_up",
                                   "approximate", "entries", "steps", "malformed", "refused", "dropped",
                                   "renewed", "waiting", "mirror", "mirror_bytes", "rss_bytes"));
  EXPECT_EQ(json["pid"], ::getpid());
  EXPECT_GT(json["rss_bytes"], 0);
}

TEST(Status, HasTheNumbersOfTheCounters) {
  Counters counters;
  counters.requests.add();
  counters.entries.add(200);
  ServerStatus status(counters);
  counters.requests.add();
  status.uptime = std::chrono::milliseconds(1500);
  const auto json = json_of(status);
  EXPECT_EQ(json["requests"], 1) << "a copy is a snapshot";
  EXPECT_EQ(json["entries"], 200);
  EXPECT_EQ(json["uptime_seconds"], 1.5);
}

TEST(Status, AcceptsAnyPathOfTheMirror) {
  ServerStatus status{Counters()};
  status.mirror = "/tmp/\xc3\xa9 \"\\\n\xff";
  EXPECT_EQ(json_of(status)["mirror"], "/tmp/\xc3\xa9 \"\\\n\xef\xbf\xbd");
}

}  // namespace
}  // namespace pump::include_server

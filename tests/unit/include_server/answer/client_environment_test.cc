#include "pump/include_server/answer/client_environment.h"

#include <gtest/gtest.h>

#include "pump/include_server/support/protocol.h"

namespace pump::include_server {
namespace {

Request request_of(std::string cwd, std::vector<std::string> argv, std::string block) {
  Request request;
  request.cwd = std::move(cwd);
  request.argv = std::move(argv);
  request.environment_block = std::move(block);
  return request;
}

ContentHash request_key(const Request& request) {
  return request_key(encode_request(request.cwd, request.argv), *ClientEnvironments().get(request));
}

TEST(RequestKey, DependsOnDirectoryCommandAndPath) {
  using namespace std::string_literals;
  const ContentHash base = request_key(request_of("/w", {"g++", "-c", "x.cc"}, "PATH=/bin\0USER=me\0"s));
  EXPECT_EQ(base, request_key(request_of("/w", {"g++", "-c", "x.cc"}, "PATH=/bin\0USER=me\0"s)));
  EXPECT_EQ(base, request_key(request_of("/w", {"g++", "-c", "x.cc"}, "USER=you\0PATH=/bin\0"s)));
  EXPECT_EQ(base, request_key(request_of("/w", {"g++", "-c", "x.cc"}, "PATH=/bin"s)));
  EXPECT_NE(base, request_key(request_of("/v", {"g++", "-c", "x.cc"}, "PATH=/bin\0"s)));
  EXPECT_NE(base, request_key(request_of("/w", {"g++", "-c", "x.cc", ""}, "PATH=/bin\0"s)));
  EXPECT_NE(base, request_key(request_of("/w", {"g++", "-cx.cc"}, "PATH=/bin\0"s)));
  EXPECT_NE(base, request_key(request_of("/w", {"g++", "-c", "x.cc"}, "PATH=/usr/bin\0"s)));
  EXPECT_NE(base, request_key(request_of("/w", {"g++", "-c", "x.cc"}, "PATH=/bin\0COMPILER_PATH=/x\0"s)));
}

TEST(RequestKey, DependsOnEachVariableThatCompilersRead) {
  using namespace std::string_literals;
  const ContentHash base = request_key(request_of("/w", {"g++"}, "USER=me\0"s));
  for (const char* name :
       {"PATH", "GCC_EXEC_PREFIX", "COMPILER_PATH", "LIBRARY_PATH", "SDKROOT", "MACOSX_DEPLOYMENT_TARGET",
        "CCC_OVERRIDE_OPTIONS", "CLANG_CONFIG_FILE_SYSTEM_DIR", "CLANG_CONFIG_FILE_USER_DIR",
        "CLANG_NO_DEFAULT_CONFIG", "GCC_COMPARE_DEBUG", "LD_LIBRARY_PATH", "LD_PRELOAD", "HOME"}) {
    const ContentHash set = request_key(request_of("/w", {"g++"}, "USER=me\0"s + name + "=/x\0"s));
    const ContentHash empty = request_key(request_of("/w", {"g++"}, "USER=me\0"s + name + "=\0"s));
    EXPECT_NE(base, set) << name;
    EXPECT_NE(base, empty) << name;
    EXPECT_NE(set, empty) << name;
  }
}

TEST(RequestKey, DependsOnBoundariesBetweenStrings) {
  EXPECT_NE(request_key(request_of("/w", {"ab", "c"}, "A=1")),
            request_key(request_of("/w", {"a", "bc"}, "A=1")));
  EXPECT_NE(request_key(request_of("/wa", {"b"}, "A=1")), request_key(request_of("/w", {"ab"}, "A=1")));
}

TEST(RequestKey, IsEqualForParsedAndRawEnvironment) {
  Request parsed = request_of("/w", {"cc"}, "");
  parsed.environment.set("PATH", "/bin");
  parsed.environment.set("USER", "me");
  using namespace std::string_literals;
  EXPECT_EQ(request_key(parsed), request_key(request_of("/w", {"cc"}, "PATH=/bin\0USER=me\0"s)));
}

}  // namespace
}  // namespace pump::include_server

#include "pump/cli/python_backend/python_backend.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "pump/os/file_io.h"

namespace pump::cli {
namespace {

using testing::HasSubstr;

class PythonIncludeServer : public testing::Test {
 protected:
  PythonIncludeServer() {
    std::string name = "/tmp/pump-cli-test.XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  ~PythonIncludeServer() override { static_cast<void>(os::remove_tree(root_)); }
  [[nodiscard]] std::string make(const std::string& below) const {
    const std::string directory = root_ + "/prefix" + below + "/include_server";
    EXPECT_TRUE(std::filesystem::create_directories(directory));
    std::ofstream(directory + "/include_server.py") << "";
    return directory + "/include_server.py";
  }
  std::string root_;
};

TEST_F(PythonIncludeServer, IsFoundBelowTheParentOfDistcc) {
  const auto none = find_python_include_server(root_ + "/prefix/bin");
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr(root_ + "/prefix/lib"));
  EXPECT_THAT(none.error().message, HasSubstr("distcc-pump"));
  const std::string debian = make("/lib/python3/dist-packages");
  EXPECT_EQ(find_python_include_server(root_ + "/prefix/bin").value_or(""), debian);
}

TEST_F(PythonIncludeServer, IsFoundInAVersionsSitePackages) {
  const std::string path = make("/lib64/python3.11/site-packages");
  EXPECT_EQ(find_python_include_server(root_ + "/prefix/bin").value_or(""), path);
}

TEST_F(PythonIncludeServer, EnvironmentAddsThePackageAndOptimisation) {
  using os::Environment;
  const std::string program = "/p/lib/python3/dist-packages/include_server/include_server.py";
  const Environment plain = python_environment(Environment(), program);
  EXPECT_EQ(plain.get("PYTHONPATH"), "/p/lib/python3/dist-packages/include_server");
  EXPECT_EQ(plain.get("PYTHONOPTIMIZE"), "1");
  const Environment set =
      python_environment(Environment::from_strings({"PYTHONPATH=/mine", "PYTHONOPTIMIZE="}), program);
  EXPECT_EQ(set.get("PYTHONPATH"), "/p/lib/python3/dist-packages/include_server:/mine");
  EXPECT_EQ(set.get("PYTHONOPTIMIZE"), "") << "empty turns optimisation off";
}

TEST_F(PythonIncludeServer, CannotStartIfItIsNotInstalled) {
  PythonBackend backend({}, root_ + "/prefix/bin", root_);
  const Status started = backend.start(root_ + "/socket");
  ASSERT_FALSE(started);
  EXPECT_FALSE(backend.healthy());
  backend.stop();
}

}  // namespace
}  // namespace pump::cli

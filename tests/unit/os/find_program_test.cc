#include <sys/stat.h>

#include <filesystem>

#include "pump/os/process.h"
#include "tests/unit/os/scratch.h"

namespace pump::os {
namespace {

class FindProgram : public Scratch {
 protected:
  std::string add(const std::string& name, mode_t mode) {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    EXPECT_TRUE(write_file_atomically(path(name), "#!/bin/sh\n"));
    ::chmod(path(name).c_str(), mode);
    return path(name);
  }
};

TEST_F(FindProgram, TheFirstExecutableFileWins) {
  add("a/tool", 0600);  // not executable
  ASSERT_TRUE(std::filesystem::create_directories(path("b/tool")));
  const std::string right = add("c/tool", 0700);
  add("d/tool", 0700);
  const std::string search =
      path("missing") + ":" + path("a") + ":" + path("b") + ":" + path("c") + "/:" + path("d");
  EXPECT_EQ(find_program("tool", search), right);
  EXPECT_EQ(find_program("other", search), std::nullopt);
  EXPECT_EQ(find_program("", search), std::nullopt);
}

TEST_F(FindProgram, RelativeAndEmptyEntriesStartAtTheWorkingDirectory) {
  const std::string here = add("tool", 0700);
  const std::string below = add("bin/deep", 0700);
  EXPECT_EQ(find_program("tool", "/nonexistent:", directory_), here);
  EXPECT_EQ(find_program("tool", "", directory_), here);
  EXPECT_EQ(find_program("deep", "bin", directory_), below);
}

TEST_F(FindProgram, ANameWithASlashIsReturnedUnchecked) {
  EXPECT_EQ(find_program("./no/such", "/bin"), "./no/such");
}

}  // namespace
}  // namespace pump::os

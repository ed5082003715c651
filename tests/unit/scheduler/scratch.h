// A test with a directory of its own, below which DISTCC_DIR is.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <string>

#include "pump/distcc/hosts.h"
#include "pump/os/file_io.h"

namespace pump::scheduler {

class ScratchTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = "/tmp/pump-scheduler-test.XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    scratch_ = pattern;
    distcc_ = scratch_ + "/distcc";
    ASSERT_EQ(::mkdir(distcc_.c_str(), 0755), 0);
  }
  void TearDown() override { EXPECT_TRUE(os::remove_tree(scratch_)); }

  static bool exists(const std::string& path) {
    struct stat info {};
    return ::lstat(path.c_str(), &info) == 0;
  }
  static unsigned mode(const std::string& path) {
    struct stat info {};
    return ::lstat(path.c_str(), &info) == 0 ? info.st_mode & 0777U : 0;
  }
  /// A program that runs `line`, a line of sh.
  [[nodiscard]] std::string script(const std::string& name, const std::string& line) const {
    std::string path = scratch_ + "/" + name;
    EXPECT_TRUE(os::write_file_atomically(path, "#!/bin/sh\n" + line + "\n", 0755));
    return path;
  }

  std::string scratch_, distcc_;
};

inline distcc::Host host(const std::string& text) {
  const auto list = distcc::parse_hosts(text);
  return list ? list->hosts.at(0) : distcc::Host{};
}

}  // namespace pump::scheduler

// A temporary directory for one test case, with helpers that make files and programs in it.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "pump/os/file_io.h"

namespace pump::hosts {

class Scratch : public testing::Test {
 protected:
  Scratch() {
    std::string name = "hosts-test.XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    char* resolved = ::realpath(name.c_str(), nullptr);
    path_ = resolved;
    std::free(resolved);
  }
  ~Scratch() override { static_cast<void>(os::remove_tree(path_)); }

  [[nodiscard]] std::string path(const std::string& name) const { return path_ + "/" + name; }
  std::string directory(const std::string& name) const {
    EXPECT_EQ(::mkdir(path(name).c_str(), 0755), 0);
    return path(name);
  }
  std::string file(const std::string& name, const std::string& content, mode_t mode = 0644) const {
    std::ofstream(path(name)) << content;
    EXPECT_EQ(::chmod(path(name).c_str(), mode), 0);
    return path(name);
  }
  std::string program(const std::string& name, const std::string& body = "exit 0\n") const {
    return file(name, "#!/bin/sh\n" + body, 0755);
  }
  [[nodiscard]] std::string content(const std::string& name) const {
    return os::read_file(path(name)).value_or("(missing)");
  }

 private:
  std::string path_;
};

}  // namespace pump::hosts

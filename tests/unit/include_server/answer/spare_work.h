// A small project on real files, for what idle workers do before it is asked for.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "pump/include_server/answer/read_ahead.h"
#include "pump/include_server/file_tree/os_file_system.h"
#include "pump/include_server/lexer/interner.h"
#include "pump/include_server/lexer/scan_cache.h"
#include "pump/include_server/unit/unit_builder.h"
#include "pump/os/process.h"

namespace pump::include_server {

class SpareWorkTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!os::find_program("g++", std::getenv("PATH"))) GTEST_SKIP() << "g++ is not installed";
    cwd_ = std::filesystem::canonical(testing::TempDir()).string() + "/ahead." + std::to_string(::getpid());
    std::filesystem::create_directories(cwd_ + "/include");
    std::filesystem::create_directories(cwd_ + "/quoted");
    write("x.cc",
          "#include \"beside.h\"\n#include <found.h>\n"
          "#include \"quoted.h\"\n#include <quoted.h>\n#include NAME\n");
    write("beside.h", "#include <deep.h>\n");
    write("include/found.h", "#ifdef NEVER\n#include \"unused.h\"\n#endif\n");
    write("include/unused.h", "int unused;\n");
    write("include/deep.h", "#include \"missing.h\"\nint deep;\n");
    write("quoted/quoted.h", "int quoted;\n");
    argv_ = {"g++", "-iquote", "quoted", "-I", "include", "-c", cwd_ + "/x.cc", "-o", "x.o"};
  }
  void TearDown() override {
    if (!cwd_.empty()) std::filesystem::remove_all(cwd_);
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(cwd_ + "/" + name, std::ios::trunc) << text;
  }
  Unit unit() {
    UnitOrReason built =
        builder_.build(cwd_, argv_, os::Environment::current(), UnitBuilder::environment_key({}), 0, &told_);
    if (!built.unit) throw std::runtime_error(built.detail);
    return *std::move(built.unit);
  }
  const Entry& entry(const std::string& name) {
    Trace trace;
    return *tree_.walk(nullptr, cwd_ + "/" + name, trace);
  }
  bool was_read(const std::string& name) { return FileTree::was_read(entry(name)); }
  ClosureFile source() {
    ClosureFile file;
    file.entry = &entry("x.cc");
    file.hash = tree_.hash(*file.entry).value();
    file.spelled = spelling(intern(file.entry->path()));  // as in a closure
    file.absolute = true;
    return file;
  }
  std::shared_ptr<JobOrigin> origin() { return std::make_shared<JobOrigin>(ContentHash{1, 2}, cwd_, "x.cc"); }

  std::string cwd_;
  std::vector<std::string> argv_;
  struct : OsFileSystem {
    Expected<Content> read(const std::string& path) override {
      if (before_read) before_read(path);
      return OsFileSystem::read(path);
    }
    std::function<void(const std::string& path)> before_read;
  } file_system_;
  FileTree tree_{file_system_};
  SpareJobs jobs_;
  UnitBuilder builder_{tree_, &jobs_};
  ScanCache scans_;
  struct Told : WhileAsking {
    void early_unit(const EarlyUnit& unit) override { early = unit; }
    void default_directories(std::vector<Directory*> directories) override {
      EXPECT_NE(early.source, nullptr) << "told too early";
      defaults = std::move(directories);
    }
    EarlyUnit early;
    std::vector<Directory*> defaults;
  } told_;
};

}  // namespace pump::include_server

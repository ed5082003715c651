#include "launcher/decide/modules.h"

#include "tests/unit/launcher/fixture.h"

namespace pump::launcher {
namespace {

using Modules = Decisions;

TEST_F(Modules, GccMapThatNamesAModule) {
  files["m.modmap"] = "$root .\nfoo CMakeFiles/x.dir/foo.gcm\n";
  expect_local("g++ -std=c++20 -fmodules-ts -fmodule-mapper=m.modmap -c a.cc", LocalReason::Module);
  files["m.modmap"] = "foo foo.gcm\n";
  expect_local("g++ -fmodules-ts -fmodule-mapper==m.modmap -c a.cc", LocalReason::Module);
}

TEST_F(Modules, EmptyGccMapIsLeftOut) {
  for (const char* map : {"", "$root .\n", "\n  \n$root CMakeFiles/x.dir\r\n", "$root ."}) {
    files["m.modmap"] = map;
    expect_words("g++ -fmodules-ts -fmodule-mapper=m.modmap -c a.cc", "g++ -D__cpp_modules=201810L -c a.cc");
  }
}

TEST_F(Modules, TheFileOfAScanIsWrittenHere) {
  files["m.modmap"] = "";
  const std::string line = "g++ -fmodules-ts -fmodule-mapper=m.modmap -MD -fdeps-format=p1689r5 -c a.cc";
  expect_words(line,
               "g++ -D__cpp_modules=201810L -fdeps-format=p1689r5 -fdeps-file=/dev/null -c a.cc "
               "-MD -MF a.d -MT a.o");
  const auto scan_of = [this](const std::string& command) {
    return decide_line(command).scan.value_or(SideFile{});
  };
  EXPECT_EQ(scan_of(line).name, "a.ddi");
  // What gcc 14 writes.
  EXPECT_EQ(scan_of(line + " -o d.e/x.cc.obj").content,
            "{\n\"rules\": [\n{\n\"primary-output\": \"d.e/x.cc.o\",\n\"requires\": [\n]\n}\n],\n"
            "\"version\": 0,\n\"revision\": 0\n}\n");
  EXPECT_EQ(scan_of(line + " -o d.e/x.cc.obj").name, "d.e/x.cc.ddi");
  EXPECT_EQ(scan_of(line + " -o d.e/x").name, "d.e/x.ddi");
  EXPECT_FALSE(decide_line("g++ -MD -c a.cc").scan);
  expect_local(line + " -o a\"b.o", LocalReason::SideOutput);
  // An error of the compiler's.
  expect_local("g++ -fdeps-format=p1689r5 -c a.cc", LocalReason::DependencyFile);
}

TEST_F(Modules, DebugInformationRecordsTheOptionsOfAScan) {
  files["m.modmap"] = "";
  for (const char* scan : {"-fmodules-ts -fmodule-mapper=m.modmap", "-MD -fdeps-format=p1689r5"}) {
    const std::string line = std::string("g++ -c a.cc ") + scan;
    expect_remote(line);
    expect_local(line + " -g", LocalReason::ScannedDebug);
    expect_remote(line + " -g -gno-record-gcc-switches");
    expect_remote(line + " -g -g0");
  }
}

TEST_F(Modules, MapsThatCannotBeReadInAdvance) {
  for (const char* map : {"missing.modmap", "|program", "localhost:99", "<3>4", "m.modmap?x"})
    expect_local(std::string("g++ -fmodules-ts -fmodule-mapper=") + map + " -c a.cc", LocalReason::Module);
  expect_local("g++ -fmodules-ts -c a.cc", LocalReason::Module);
}

TEST_F(Modules, CMakeLineForGcc) {
  files["CMakeFiles/x.dir/a.cc.o.modmap"] = "$root .\n";
  expect_remote(
      "/usr/bin/g++ -std=gnu++20 -MD -MT CMakeFiles/x.dir/a.cc.o -MF CMakeFiles/x.dir/a.cc.o.d -fmodules-ts "
      "-fmodule-mapper=CMakeFiles/x.dir/a.cc.o.modmap -MD -fdeps-format=p1689r5 -x c++ -o "
      "CMakeFiles/x.dir/a.cc.o -c "
      "a.cc");
}

TEST_F(Modules, ClangMap) {
  files["m.modmap"] = "-fmodule-file=foo=CMakeFiles/x.dir/foo.pcm\n";
  expect_local("clang++ -std=c++20 @m.modmap -c a.cc", LocalReason::Module);
  files["m.modmap"] = "-x c++-module\n-fmodule-output=x.pcm\n";
  expect_local("clang++ -std=c++20 @m.modmap -c a.cc", LocalReason::NotDistributable);
  files["m.modmap"] = "-fmodule-output=x.pcm\n";
  expect_local("clang++ -std=c++20 @m.modmap -c a.cc", LocalReason::Module);
  files["m.modmap"] = "\n";
  expect_words("clang++ -std=c++20 @m.modmap -c a.cc", "clang++ -std=c++20 -c a.cc");
}

TEST_F(Modules, ModuleUnitsAndHeaderUnits) {
  files["m.cppm"] = "export module m;\n";
  expect_local("clang++ -std=c++20 -c m.cppm", LocalReason::NotDistributable);
  expect_local("g++ -fmodule-header -c a.cc", LocalReason::Module);
  expect_local("clang++ -fmodules -c a.cc", LocalReason::Module);
  expect_local("clang++ -fprebuilt-module-path=x -c a.cc", LocalReason::Module);
}

TEST_F(Modules, PrecompiledHeaderCreation) {
  files["x.h"] = "";
  expect_local("g++ -c x.h -o x.h.gch", LocalReason::PchCreation);
  expect_local("g++ -x c++-header -c x.h -o x.h.gch", LocalReason::PchCreation);
  expect_local("clang++ -x c++-header -Xclang -emit-pch -o x.pch -c a.cc", LocalReason::PchCreation);
}

TEST_F(Modules, PrecompiledHeaderUse) {
  files["pch.hxx.gch"] = "binary";
  expect_local("g++ -include pch.hxx -c a.cc", LocalReason::PchUse);
  files["pch.hxx"] = "#include <vector>\n";
  expect_local("g++ -include pch.hxx -c a.cc", LocalReason::PchUse);
  expect_remote("g++ -include elsewhere.h -c a.cc");
}

}  // namespace
}  // namespace pump::launcher

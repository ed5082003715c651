// Paths in the closure: spellings, links, traversed directories, special files.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "pump/include_server/preprocessor/preprocessor.h"
#include "tests/unit/include_server/preprocessor/preprocessor_project.h"

namespace pump::include_server {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

class Paths : public testing::Test {
 protected:
  const ClosureFile* file(const Closure& closure, const std::string& path) {
    const std::string wanted = project_.absolute(path);
    for (const ClosureFile& one : closure.files)
      if (one.entry->path() == wanted) return &one;
    return nullptr;
  }
  Names links(const Closure& closure) {
    Names names;
    for (const Entry* link : closure.links) names.insert(link->name);
    return names;
  }
  bool traversed(const Closure& closure, const std::string& path) {
    return std::any_of(closure.traversed.begin(), closure.traversed.end(), [&](const Directory* directory) {
      return directory->path() == project_.absolute(path);
    });
  }
  void expect_as_compiler() {
    const auto expected = project_.by_compiler();
    ASSERT_TRUE(expected) << project_.complaint;
    EXPECT_EQ(project_.entered(), *expected);
  }
  CompilerProject project_{"g++"};
};

TEST_F(Paths, SourceComesFirst) {
  project_.write("src/main.cc", "#include \"a.h\"\n");
  project_.write("src/a.h", "");
  project_.source = "src/main.cc";
  const Closure closure = project_.run();
  ASSERT_FALSE(closure.files.empty());
  EXPECT_EQ(closure.files.front().spelled, "src/main.cc");
  EXPECT_TRUE(closure.files.front().entered);
  ASSERT_NE(file(closure, "src/a.h"), nullptr);
  EXPECT_EQ(file(closure, "src/a.h")->spelled, "src/a.h");
  EXPECT_FALSE(file(closure, "src/a.h")->absolute);
}

TEST_F(Paths, EveryFileHasTheHashOfItsContent) {
  project_.write("main.cc", "#include \"a.h\"\n");
  project_.write("a.h", "int a;\n");
  const Closure closure = project_.run();
  for (const ClosureFile& one : closure.files) {
    const auto hash = project_.tree().hash(*one.entry);
    ASSERT_TRUE(hash);
    EXPECT_EQ(one.hash, *hash) << one.spelled;
  }
}

TEST_F(Paths, AbsoluteSearchDirectoryMakesAbsoluteSpellings) {
  project_.write("main.cc", "#include <a.h>\n");
  project_.write("inc/a.h", "#include \"b.h\"\n");
  project_.write("inc/b.h", "");
  project_.flags = {"-I@ROOT@/inc"};
  const Closure closure = project_.run();
  ASSERT_NE(file(closure, "inc/b.h"), nullptr);
  EXPECT_TRUE(file(closure, "inc/b.h")->absolute);
  EXPECT_EQ(file(closure, "inc/b.h")->spelled, project_.absolute("inc/b.h"));
  EXPECT_FALSE(file(closure, "inc/b.h")->mixed_spellings);
}

TEST_F(Paths, AnIncludeByAnAbsoluteNameNeedsNoLineIfTheCommandMapsIt) {
  project_.write("main.cc",
                 "#include \"" + project_.absolute("inc/a.h") + "\"\n#include \"inc/a.h\"\n#include <c.h>\n");
  project_.write("inc/a.h", "#include \"b.h\"\n");
  project_.write("inc/b.h", "");
  project_.write("sys/c.h", "#include \"d.h\"\n");
  project_.write("sys/d.h", "");
  project_.flags = {"-I@ROOT@/sys"};
  Closure closure = project_.run();
  EXPECT_TRUE(file(closure, "inc/a.h")->absolute);
  EXPECT_TRUE(file(closure, "inc/a.h")->mixed_spellings);
  project_.maps_names_over_cwd = true;
  // It is entered twice, and its two names stay different for gcc.
  EXPECT_EQ(project_.run().give_up, GiveUp::NotSendable);
  project_.write("inc/a.h", "#pragma once\n#include \"b.h\"\n");
  closure = project_.run();
  for (const char* name : {"inc/a.h", "inc/b.h"}) {
    EXPECT_FALSE(file(closure, name)->absolute) << name;
    EXPECT_FALSE(file(closure, name)->mixed_spellings) << name;
    EXPECT_EQ(file(closure, name)->spelled, project_.absolute(name));
  }
  for (const char* name : {"sys/c.h", "sys/d.h"}) EXPECT_TRUE(file(closure, name)->absolute) << name;
}

TEST_F(Paths, EmbeddedFilesAreMarked) {
  project_.write("main.cc",
                 "#define NAME \"b.bin\"\n#include \"a.h\"\n#embed \"a.bin\"\n#embed NAME\n"
                 "#if __has_include(\"c.bin\")\n#endif\n");
  for (const char* name : {"a.h", "a.bin", "b.bin", "c.bin"}) project_.write(name, "1\n");
  for (const std::uint64_t steps : {Budget{}.steps, std::uint64_t{1}}) {
    project_.budget.steps = steps;
    const Closure closure = project_.run();
    for (const char* name : {"a.bin", "b.bin"}) {
      ASSERT_NE(file(closure, name), nullptr) << name;
      EXPECT_TRUE(file(closure, name)->embedded) << name;
      EXPECT_FALSE(file(closure, name)->entered) << name;
    }
    for (const char* name : {"a.h", "c.bin"}) {
      ASSERT_NE(file(closure, name), nullptr) << name;
      EXPECT_FALSE(file(closure, name)->embedded) << name;
    }
  }
}

TEST_F(Paths, MixedSpellingsAreMarked) {
  project_.write("main.cc", "#include \"inc/a.h\"\n#include <a.h>\n");
  project_.write("inc/a.h", "");
  project_.flags = {"-I@ROOT@/inc"};
  EXPECT_TRUE(file(project_.run(), "inc/a.h")->mixed_spellings);
}

TEST_F(Paths, GuardedFilesAreNotEnteredTwice) {
  project_.write("main.cc", "#include \"inc/a.h\"\n#include <a.h>\n");
  project_.write("inc/a.h", "#ifndef A\n#define A\n#endif\n");
  project_.flags = {"-I@ROOT@/inc"};
  EXPECT_FALSE(file(project_.run(), "inc/a.h")->mixed_spellings);
}

TEST_F(Paths, LinkedFileAndDirectory) {
  project_.write("main.cc", "#include \"link/a.h\"\n#include \"alias.h\"\n");
  project_.write("real/a.h", "#include \"b.h\"\n");
  project_.write("real/b.h", "");
  project_.write("target.h", "");
  fs::create_directory_symlink("real", project_.absolute("link"));
  fs::create_symlink("chain.h", project_.absolute("alias.h"));
  fs::create_symlink("target.h", project_.absolute("chain.h"));
  const Closure closure = project_.run();
  EXPECT_EQ(links(closure), (Names{"link", "alias.h", "chain.h"}));
  EXPECT_NE(file(closure, "real/b.h"), nullptr);
  EXPECT_EQ(file(closure, "real/b.h")->spelled, "link/b.h");
  expect_as_compiler();
}

TEST_F(Paths, UnusedLinksAreNotListed) {
  project_.write("main.cc", "#include <a.h>\n");
  project_.write("one/b.h", "");
  project_.write("two/a.h", "");
  fs::create_directory_symlink("one", project_.absolute("link"));
  project_.flags = {"-Ilink", "-Itwo"};
  EXPECT_EQ(links(project_.run()), Names{});
}

TEST_F(Paths, ParentOfALinkedDirectory) {
  project_.write("main.cc", "#include \"link/../z.h\"\n");
  project_.write("deep/real/a.h", "");
  project_.write("deep/z.h", "");
  fs::create_directory_symlink("deep/real", project_.absolute("link"));
  const Closure closure = project_.run();
  EXPECT_EQ(links(closure), Names{"link"});
  EXPECT_TRUE(traversed(closure, "deep/real"));
  expect_as_compiler();
}

TEST_F(Paths, DirectoryBeforeDotDotIsTraversed) {
  project_.make_directory("empty");
  project_.write("main.cc", "#include \"empty/../x.h\"\n");
  project_.write("x.h", "");
  EXPECT_TRUE(traversed(project_.run(), "empty"));
  expect_as_compiler();
}

TEST_F(Paths, EqualPragmaOnceFilesWithEqualTimesAreTheSameFile) {
  project_.write("main.cc", "#include \"one/a.h\"\n#include \"two/a.h\"\n");
  for (const char* directory : {"one", "two"}) {
    project_.write(std::string(directory) + "/a.h", "#pragma once\n#include \"b.h\"\n");
    project_.write(std::string(directory) + "/b.h", "");
    const timespec times[2] = {{1'600'000'000, 0}, {1'600'000'000, 5}};
    ASSERT_EQ(::utimensat(AT_FDCWD, project_.absolute(std::string(directory) + "/a.h").c_str(), times, 0), 0);
  }
  expect_as_compiler();
  EXPECT_TRUE(file(project_.run(), "one/a.h")->pragma_once);
}

TEST_F(Paths, EqualPragmaOnceFilesWithDifferentTimesAreDifferentFiles) {
  project_.write("main.cc", "#include \"one/a.h\"\n#include \"two/a.h\"\n");
  std::int64_t seconds = 1'600'000'000;
  for (const char* directory : {"one", "two"}) {
    project_.write(std::string(directory) + "/a.h", "#pragma once\n#include \"b.h\"\n");
    project_.write(std::string(directory) + "/b.h", "");
    const timespec times[2] = {{seconds, 0}, {seconds, 0}};
    seconds += 10;
    ASSERT_EQ(::utimensat(AT_FDCWD, project_.absolute(std::string(directory) + "/a.h").c_str(), times, 0), 0);
  }
  expect_as_compiler();
}

TEST_F(Paths, AFifoIsNeverOpened) {
  project_.write("main.cc", "#include \"pipe.h\"\n#include \"a.h\"\n");
  project_.write("a.h", "");
  ASSERT_EQ(::mkfifo(project_.absolute("pipe.h").c_str(), 0600), 0);
  const Closure closure = project_.run();
  EXPECT_EQ(file(closure, "pipe.h"), nullptr);
  EXPECT_NE(file(closure, "a.h"), nullptr);
}

TEST_F(Paths, HeadersThatIncludeEachOther) {
  project_.write("main.cc", "#include \"d/a.h\"\n");
  project_.write("d/a.h", "#ifndef A\n#define A\n#include \"../e/b.h\"\n#endif\n");
  project_.write("e/b.h",
                 "#ifndef B\n#define B\n#include \"../d/a.h\"\n#include \"../d/../d/c.h\"\n#endif\n");
  project_.write("d/c.h", "");
  expect_as_compiler();
}

TEST_F(Paths, MissingSourceGivesUp) {
  EXPECT_EQ(project_.run().give_up, GiveUp::SourceMissing);
}

TEST_F(Paths, PreprocessedSourceHasNoIncludes) {
  project_.write("main.cc", "#include \"a.h\"\n");
  project_.write("a.h", "");
  const auto snapshot = project_.tree().begin();
  Unit unit = project_.unit();
  unit.preprocessed = true;
  Preprocessor preprocessor(project_.tree(), project_.scans(), nullptr);
  EXPECT_EQ(preprocessor.run(snapshot, unit).files.size(), 1U);
}

TEST_F(Paths, ModulesAreNotSendable) {
  for (const char* text : {"import <vector>;\n", "export module m;\n", "import m.part;\n",
                           "import \"a.h\";\n", "module;\n#include \"a.h\"\nexport module x;\n"}) {
    project_.write("main.cc", text);
    project_.write("a.h", "");
    EXPECT_EQ(project_.run().give_up, GiveUp::NotSendable) << text;
  }
  project_.write("main.cc", "#if 0\nimport <vector>;\n#endif\nimport(1);\nimportant x;\nmodule_t m;\n");
  EXPECT_EQ(project_.run().give_up, GiveUp::None);
}

TEST_F(Paths, FilesOfAssemblerStatements) {
  project_.write("main.cc",
                 "asm(\".inc"
                 "bin \\\"data.bin\\\"\\n\");\nasm(\"x:\\t.include \\\"inc.s\\\"\");\n#if 0\nasm(\".incbin "
                 "\\\"dead.bin\\\"\");\n#endif\nconst char* s = \".include\";\n");
  for (const char* name : {"data.bin", "inc.s", "dead.bin"}) project_.write(name, "");
  EXPECT_EQ(basenames(project_.needed()), (Names{"main.cc", "stdc-predef.h", "data.bin", "inc.s"}));
  project_.write("main.cc",
                 "asm(\".inc"
                 "bin \" NAME);\n");
  EXPECT_EQ(project_.run().give_up, GiveUp::AssemblerFile);
}

TEST_F(Paths, FilesOfAssemblerSources) {
  project_.source = "main.S";
  project_.language = "assembler-with-cpp";
  project_.write("main.S",
                 " .inc"
                 "bin \"data.bin\"\n .include \"inc.s\"\n#if 0\n .inc"
                 "bin \"dead.bin\"\n#endif\n");
  for (const char* name : {"data.bin", "inc.s", "dead.bin"}) project_.write(name, "");
  EXPECT_EQ(basenames(project_.needed()), (Names{"main.S", "stdc-predef.h", "data.bin", "inc.s"}));
}

// The pragma compares modification times. The server writes files in the order in which they arrive.
TEST_F(Paths, PragmaDependencyIsNotSendable) {
  project_.write("main.cc", "#pragma GCC dependency \"grammar.y\"\n");
  project_.write("grammar.y", "");
  EXPECT_EQ(project_.run().give_up, GiveUp::NotSendable);
  project_.write("main.cc", "#if 0\n#pragma GCC dependency \"grammar.y\"\n#endif\n");
  EXPECT_EQ(project_.run().give_up, GiveUp::None);
}

// The closure lists the absolute names in texts, found or not, and whether the copy of a text can be
// rewritten.
TEST_F(Paths, AbsoluteNames) {
  project_.write("main.cc",
                 "#include \"/no/such/one.h\"\n#define TWO \"/no/such/two.h\"\n#include TWO\n"
                 "#if __has_include(\"/no/such/three.h\") || __has_include(TWO)\n#endif\n"
                 "#if 0\n#include \"/no/such/dead.h\"\n#endif\n#include \"a.h\"\n");
  project_.write("a.h", "#import \"/no/such/four.h\"\n#embed \"/no/such/five.h\"\n");
  for (const std::uint64_t steps : {Budget{}.steps, std::uint64_t{1}}) {
    project_.budget.steps = steps;
    std::set<std::string> named;
    for (const AbsoluteName& one : project_.run().absolute_names)
      named.insert(std::string(one.name.substr(9)) + (one.in == nullptr ? "" : " in " + one.in->name));
    Names expected = {"one.h in main.cc", "two.h", "three.h", "four.h in a.h", "five.h"};
    if (steps == 1) expected.insert("dead.h in main.cc");
    EXPECT_EQ(named, expected);
  }
}

// Names that cannot be determined or rewritten: the assembler would open a file of the server.
TEST_F(Paths, AssemblerFilesThatGiveUp) {
  project_.write("plain.s", ".byte 1\n");
  project_.write("more.s", " .INCBIN \"plain.s\"\n");
  for (const char* text :
       {"asm(\".incbin \\\"/a/b\\\"\");", "asm(\".INCLUDE \\\"/a/b\\\"\");", "asm(R\"(.IncBin \"/a/b\")\");",
        "asm(\".inc\" \"bin \\\"x\\\"\");", "asm(\".\" \"incbin \\\"/x\\\"\");",
        "asm(\"\\x2eincbin \\\"/x\\\"\");", "asm(\".incbin \\\\file\");",
        "asm(\".incbin \\\"%c0\\\"\" : : \"i\"(1));", "A(.incbin \"/a/b\");", "#define A .incbin B",
        "#define A \".incbin \"", "asm(\".include\" NAME);", "asm(\".include \\\"more.s\\\"\");",
        "asm(\".incbin/**/\\\"x\\\"\");"}) {
    project_.write("main.cc", std::string(text) + "\n");
    EXPECT_EQ(project_.run().give_up, GiveUp::AssemblerFile) << text;
  }
  for (const char* text :
       {"asm(\".include \\\"plain.s\\\"\");", "const char* s = \"the .incbin directive\";",
        "f(\"x.in\", \"y.i\");", "const char* s[] = {\".include\", \".inc\"};", "int i = s.include;",
        "const char* s = \"#include \\\"x\\\"\";", "const char* v = A \".\" B;", "s.incbin = 1;",
        "f(\".included\", \"incbinary\");"}) {
    project_.write("main.cc", std::string(text) + "\n");
    EXPECT_EQ(project_.run().give_up, GiveUp::None) << text;
  }
  project_.source = "main.S";
  project_.language = "assembler-with-cpp";
  for (const char* text : {" .incbin FILE\n", " .INCBIN \"/a/b\"\n", "#define INC .include\n INC \"/a/b\"\n",
                           " .macro m f\n .incbin \"\\f\"\n .endm\n"}) {
    project_.write("main.S", text);
    EXPECT_EQ(project_.run().give_up, GiveUp::AssemblerFile) << text;
  }
}

// A header that is found only through the default directories of the compiler, by a link in them, is the
// server's own. So is a header beside it.
TEST_F(Paths, HeadersFoundByDefaultDirectoriesOnly) {
  project_.write("far/e.h", "#include \"beside.h\"\n");
  project_.write("far/beside.h", "#pragma once\n");
  project_.write("a.h", "");
  project_.make_directory("sys");
  fs::create_directory_symlink("../far", project_.absolute("sys/asm"));
  project_.flags = {"-isystem", "sys"};
  const auto run = [&](const std::string& text) {
    project_.write("main.cc", text);
    const FileTree::Snapshot snapshot = project_.tree().begin();
    Unit unit = project_.unit();
    auto search = std::make_shared<SearchPath>(*unit.search);
    for (SearchDirectory& one : search->directories) one.system = one.system || one.spelled == "sys";
    search->id += 1'000'000;
    unit.search = search;
    Preprocessor preprocessor(project_.tree(), project_.scans(), nullptr);
    const Closure closure = preprocessor.run(snapshot, unit);
    Names own;
    for (const ClosureFile& one : closure.files)
      if (one.servers_own && one.entry->name != "stdc-predef.h") own.insert(one.entry->name);
    return own;
  };
  const std::string plain = "#include <asm/e.h>\n#include \"a.h\"\n";
  EXPECT_EQ(run(plain), (Names{"e.h", "beside.h"}));
  EXPECT_EQ(run(plain + "#include \"far/beside.h\"\n"), (Names{"e.h"}));
  EXPECT_EQ(run(plain + "#include \"sys/asm/e.h\"\n"), Names{})
      << "the header beside it is also found by a path of the project";
  EXPECT_EQ(run("#include \"sys/asm/e.h\"\n" + plain), Names{});
}

// On the server, ".." in the root of the job leads out of it.
TEST_F(Paths, NamesThatGoUpBeyondTheRoot) {
  const auto climbs = [&] {
    const auto& traversed = project_.run().traversed;
    return std::any_of(traversed.begin(), traversed.end(),
                       [](const Directory* one) { return one->self() == nullptr; });
  };
  std::string up;
  for (int i = 0; i < 40; ++i) up += "../";
  project_.write("main.cc", "#if __has_include(\"" + up + "no/such.h\")\n#endif\n");
  EXPECT_TRUE(climbs());
  EXPECT_TRUE(climbs()) << "the second lookup";
  project_.write("main.cc", "#if __has_include(\"../no/such.h\")\n#endif\n");
  EXPECT_FALSE(climbs());
}

TEST_F(Paths, AHeaderThatExistsOnlyPrecompiledIsNotSendable) {
  project_.write("main.cc", "#include \"a.h\"\n");
  project_.write("a.h.gch", "gpch");
  EXPECT_EQ(project_.run().give_up, GiveUp::NotSendable);
}

TEST_F(Paths, ThePrecompiledFormOfTheFirstHeaderIsNoted) {
  project_.write("main.cc", "#define A\n#ifdef A\n#include \"a.h\"\n#endif\n#include \"b.h\"\n");
  for (const char* name : {"a.h", "b.h"}) project_.write(name, "#pragma once\n");
  Preprocessor preprocessor(project_.tree(), project_.scans(), nullptr);
  const auto noted = [&] { return project_.run(preprocessor).precompiled_header; };
  EXPECT_EQ(noted(), "");
  project_.write("b.h.gch", "gpch");
  EXPECT_EQ(noted(), "") << "of the second header";
  project_.write("a.h.gch", "gpch");
  EXPECT_EQ(noted(), "a.h.gch");
}

TEST_F(Paths, ThePrecompiledFormMayBeInAnEarlierDirectory) {
  project_.write("main.cc", "#include <a.h>\n");
  project_.write("2/a.h", "");
  project_.write("3/a.h.gch", "gpch");
  project_.make_directory("1");
  project_.flags = {"-I1", "-I2", "-I3"};
  EXPECT_EQ(project_.run().precompiled_header, "") << "in a later directory";
  project_.make_directory("1/a.h.gch");
  EXPECT_EQ(project_.run().precompiled_header, "1/a.h.gch");
}

TEST_F(Paths, ThePrecompiledFormOfAForcedFileIsNoted) {
  project_.write("main.cc", "#include \"a.h\"\n");
  for (const char* name : {"a.h", "inc/b.h", "a.h.gch"}) project_.write(name, "");
  project_.flags = {"-Iinc", "-include", "b.h"};
  EXPECT_EQ(project_.run().precompiled_header, "") << "a.h is the second";
  project_.write("inc/b.h.gch", "gpch");
  EXPECT_EQ(project_.run().precompiled_header, "inc/b.h.gch");
}

TEST_F(Paths, EachHeaderThatMayBeTheFirstCounts) {
  project_.write("main.cc", "#if UNKNOWN_TO_US(1)\n#include \"a.h\"\n#else\n#include \"b.h\"\n#endif\n");
  for (const char* name : {"a.h", "b.h", "b.h.gch"}) project_.write(name, "");
  project_.flags = {"-DUNKNOWN_TO_US=__has_builtin"};
  EXPECT_EQ(project_.run().precompiled_header, "b.h.gch");
}

TEST_F(Paths, LookupsFollowChanges) {
  Preprocessor preprocessor(project_.tree(), project_.scans(), nullptr);
  const auto names = [&] {
    Names found;
    for (const ClosureFile& one : project_.run(preprocessor).files) found.emplace(one.spelled);
    found.erase("/usr/include/stdc-predef.h");
    return found;
  };
  project_.write("main.cc", "#include <a.h>\n");
  project_.write("two/a.h", "");
  project_.make_directory("one");
  project_.flags = {"-Ione", "-Itwo"};
  EXPECT_EQ(names(), (Names{"main.cc", "two/a.h"}));
  project_.write("one/a.h", "#include <b.h>\n");
  project_.write("two/b.h", "");
  EXPECT_EQ(names(), (Names{"main.cc", "one/a.h", "two/b.h"}));
  project_.write("one/a.h", "");
  EXPECT_EQ(names(), (Names{"main.cc", "one/a.h"}));
  fs::remove(project_.absolute("one/a.h"));
  EXPECT_EQ(names(), (Names{"main.cc", "two/a.h"}));
}

}  // namespace
}  // namespace pump::include_server

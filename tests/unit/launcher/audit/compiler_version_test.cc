#include "launcher/audit/compiler_version.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "pump/os/file_io.h"
#include "tests/unit/os/scratch.h"

namespace pump::launcher {
namespace {

class CompilerVersion : public os::Scratch {
 protected:
  /// What `command`, in a scratch directory, makes of "int a;" in x.
  std::string made_by(const std::string& command) {
    const std::string in = "cd " + directory_ + " && echo 'int a;' >a.c && ";
    EXPECT_EQ(std::system((in + command).c_str()), 0) << command;
    return os::read_file(path("x"), 1U << 20U).value_or("");
  }
};

TEST_F(CompilerVersion, IsInObjectsAndInAssemblerText) {
  const std::string object = compiler_version(made_by("gcc -c a.c -o x"), "");
  EXPECT_TRUE(object.starts_with("GCC: (")) << object;
  EXPECT_EQ(compiler_version(made_by("gcc -S a.c -o x"), ""), object);
  EXPECT_EQ(compiler_version(made_by("gcc -g -m32 -c a.c -o x"), ""), object);
}

TEST_F(CompilerVersion, OfSeveralTheExpectedOneCounts) {
  const std::string two = made_by("printf '#ident \"one\"\\n' >>a.c && gcc -c a.c -o x");
  const std::string real = compiler_version(made_by("gcc -c a.c -o x"), "");
  EXPECT_EQ(compiler_version(two, "one"), "one");
  EXPECT_EQ(compiler_version(two, real), real);
  EXPECT_NE(compiler_version(two, "two"), "two");
}

TEST_F(CompilerVersion, MayBeMissing) {
  EXPECT_EQ(compiler_version(made_by("gcc -fno-ident -c a.c -o x"), "GCC"), "");
  EXPECT_EQ(compiler_version(made_by("gcc -fno-ident -S a.c -o x"), "GCC"), "");
  EXPECT_EQ(compiler_version("", "GCC"), "");
  EXPECT_EQ(compiler_version(std::string_view("\0nothing", 8), "GCC"), "");
}

}  // namespace
}  // namespace pump::launcher

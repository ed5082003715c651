#include "pump/distcc/distccd_rewriting.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pump/compilation/pass_through.h"

namespace pump::distcc {
namespace {

using compilation::Argument;
using compilation::CommandLine;
using testing::ElementsAre;
using testing::IsEmpty;
using Words = std::vector<std::string>;

CommandLine parsed(const Words& words) {
  return compilation::parse(words,
                            [](const std::string& path) -> std::optional<std::string> {
                              if (path == "flags") return "-I/from/file";
                              return std::nullopt;
                            })
      .value();
}

// The absolute values before which distccd puts its root.
Words rewritten(const Words& words) {
  const CommandLine command = parsed(words);
  const DistccdRewriting rewriting(command);
  Words result;
  for (const Argument& argument : compilation::preprocessor_arguments(command))
    if (rewriting.rewrites(argument)) result.push_back(argument.value);
  return result;
}

TEST(DistccdRewritingTest, KnownSpellingsAreRewritten) {
  EXPECT_THAT(rewritten({"gcc", "-I/a", "-I", "/b", "-isystem", "/c", "-isystem/d", "-iquote", "/e",
                         "-idirafter", "/f", "-include", "/g.h", "-imacros", "/h.h", "-iprefix", "/i"}),
              ElementsAre("/a", "/b", "/c", "/d", "/e", "/f", "/g.h", "/h.h", "/i"));
}

TEST(DistccdRewritingTest, OtherSpellingsAreNotRewritten) {
  EXPECT_THAT(rewritten({"gcc", "--include-directory=/a", "--include", "/b.h", "--sysroot=/c", "-isysroot",
                         "/d", "-iwithprefixbefore", "/e", "-iwithprefixbefore/f", "-include-pch", "/g",
                         "-I=/h", "-Irel", "-o", "/x.o", "-MF", "/x.d"}),
              IsEmpty());
}

TEST(DistccdRewritingTest, WordsAreRewrittenNotOptions) {
  EXPECT_THAT(rewritten({"clang", "-Xclang", "-I/a"}), ElementsAre("/a"));
  EXPECT_THAT(rewritten({"clang", "-Xclang", "-isystem", "-Xclang", "/a"}), IsEmpty());
  EXPECT_THAT(rewritten({"gcc", "-Wp,-I/a,-isystem,/b"}), ElementsAre("/a", "/b"));
  EXPECT_THAT(rewritten({"gcc", "@flags", "-I/a"}), ElementsAre("/a"));
}

TEST(DistccdRewritingTest, TheFirstAbsoluteSourceIsRewritten) {
  EXPECT_THAT(rewritten({"gcc", "-c", "/x/y.cc"}), ElementsAre("/x/y.cc"));
  EXPECT_THAT(rewritten({"gcc", "-c", "rel.cc"}), IsEmpty());
  EXPECT_THAT(rewritten({"gcc", "-c", "/x/y.txt"}), IsEmpty());
  EXPECT_THAT(rewritten({"gcc", "-c", "/x/y.CPP"}), IsEmpty());
  EXPECT_THAT(rewritten({"gcc", "-c", "/x.c/y"}), IsEmpty());
  // Put in front twice, the root makes a name of nothing; and the source is left alone.
  EXPECT_THAT(rewritten({"gcc", "-include", "/a.c", "-c", "/x/y.c"}), IsEmpty());
}

}  // namespace
}  // namespace pump::distcc

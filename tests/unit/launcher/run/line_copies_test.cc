#include "launcher/run/line_copies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pump::launcher {
namespace {

using ::testing::HasSubstr;

const std::vector<std::string> kSource{"/p/a.cc.lzo.abs", "/p/x.h.lzo"},
    kHeader{"/p/a.cc.lzo", "/p/x.h.lzo.abs"}, kNone{"/p/a.cc.lzo", "/p/x.h.lzo"};

Decision decided(CompilerKind compiler, DebugInformation debug, bool warns_of_indentation = false) {
  Decision decision;
  decision.compiler = compiler;
  decision.debug = debug;
  decision.messages.warns_of_indentation = warns_of_indentation;
  return decision;
}

TEST(LineCopies, TheFirstOneIsFound) {
  EXPECT_EQ(first_line_copy(kHeader), "/p/x.h");
  EXPECT_EQ(first_line_copy(kNone), std::nullopt);
}

TEST(LineCopies, GccWithoutWarningsOfIndentationIsEqual) {
  EXPECT_EQ(unlike_with_line_copies(decided(CompilerKind::Gcc, DebugInformation::None), kSource), "");
  EXPECT_EQ(unlike_with_line_copies(decided(CompilerKind::Gcc, DebugInformation::Usual), kHeader), "");
  for (const auto& files : {kSource, kHeader})
    EXPECT_THAT(unlike_with_line_copies(decided(CompilerKind::Gcc, DebugInformation::None, true), files),
                HasSubstr("-Wmisleading-indentation"));
  EXPECT_EQ(unlike_with_line_copies(decided(CompilerKind::Gcc, DebugInformation::WithMacros, true), kNone),
            "");
}

TEST(LineCopies, FilesInDebugInformationAreUnlike) {
  EXPECT_THAT(unlike_with_line_copies(decided(CompilerKind::Gcc, DebugInformation::Usual), kSource),
              HasSubstr("-g"));
  EXPECT_THAT(unlike_with_line_copies(decided(CompilerKind::Gcc, DebugInformation::WithMacros), kHeader),
              HasSubstr("-g"));
  EXPECT_THAT(unlike_with_line_copies(decided(CompilerKind::Clang, DebugInformation::Usual), kHeader),
              HasSubstr("-g"));
  EXPECT_EQ(unlike_with_line_copies(decided(CompilerKind::Clang, DebugInformation::None), kSource), "");
}

TEST(LineCopies, LinksToSystemHeadersAreUnlike) {
  Decision decision = decided(CompilerKind::Gcc, DebugInformation::None);
  decision.relative.emplace().system_directories = {"/p/sys"};
  std::vector<std::string> files = kHeader;
  EXPECT_EQ(unlike_with_line_copies(decision, files), "");
  files.emplace_back("/p/sys/x.h");
  EXPECT_THAT(unlike_with_line_copies(decision, files), HasSubstr("a link"));
}

}  // namespace
}  // namespace pump::launcher

#include "pump/include_server/lexer/assembler_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pump::include_server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> found(std::string_view text) {
  std::vector<std::string> all;
  for (const AssemblerName& one : find_assembler_files(text)) {
    switch (one.end) {
      case AssemblerName::End::Whole:
        all.push_back(one.name);
        break;
      case AssemblerName::End::Name:
        all.emplace_back("?");
        break;
      case AssemblerName::End::Word:
        all.emplace_back("...");
        break;
      case AssemblerName::End::PartOfWord:
        all.emplace_back("..");
        break;
    }
  }
  return all;
}

TEST(AssemblerText, FindsStatementsInAnyCaseOfLetters) {
  EXPECT_THAT(found(".data\n\t.incbin \"a\", 1, 2\n.INCLUDE\t\"b\"\n.IncBin\"c\""),
              ElementsAre("a", "b", "c"));
  EXPECT_THAT(found("incbin \"a\""), ElementsAre("a")) << "the point may be in the literal before";
  EXPECT_THAT(found("include \"a\" #include \"b\" xincbin \"c\" .included \"d\" .incbin_x \"e\""), IsEmpty());
}

TEST(AssemblerText, ReportsIncompleteStatements) {
  EXPECT_THAT(found(".incbin"), ElementsAre("..."));
  EXPECT_THAT(found(".include \t"), ElementsAre("..."));
  EXPECT_THAT(found(".INC"), ElementsAre(".."));
  EXPECT_THAT(found("nop\n.i"), ElementsAre(".."));
  EXPECT_THAT(found("The end."), IsEmpty());
  EXPECT_THAT(found(".incbin \"a"), ElementsAre("?"));
  EXPECT_THAT(found(".incbin \\f"), ElementsAre("?"));
  EXPECT_THAT(found(".incbin/**/\"a\""), ElementsAre("?"));
  EXPECT_THAT(found("the .incbin directive"), IsEmpty());
}

TEST(AssemblerText, RecognisesComputedNames) {
  for (const char* name : {"", "\\f", "a\\()b", "%0", "x%c1", "%[name]"})
    EXPECT_TRUE(is_computed(name)) << name;
  for (const char* name : {"a", "100%", "a%b", "%s"}) EXPECT_FALSE(is_computed(name)) << name;
}

TEST(AssemblerText, QuickCheckFindsAllCandidates) {
  for (const char* text : {"\".incbin\"", "\"x.INC\"", "\"a.in\"", "\"a.i\"", "b.incbin"})
    EXPECT_TRUE(may_name_assembler_file(text)) << text;
  for (const char* text : {"\"\"", "\"inside\"", "\"i\"", "i", "n", ""})
    EXPECT_FALSE(may_name_assembler_file(text)) << text;
}

TEST(AssemblerText, FindsStatementsOutsideLiterals) {
  EXPECT_TRUE(statement_outside_literals("A .incbin B", false));
  EXPECT_TRUE(statement_outside_literals("\"\\\"\" .INCBIN \"x\"", false));
  EXPECT_FALSE(statement_outside_literals("\".incbin x\"", false));
  EXPECT_FALSE(statement_outside_literals("a.include", false));
  EXPECT_TRUE(statement_outside_literals("A .include", true));
  EXPECT_FALSE(statement_outside_literals(".incbinary", true));
}

TEST(AssemblerText, ReplacesEscapes) {
  EXPECT_EQ(unescaped("\\x2eincbin\\t\\\"a\\\"\\n\\056\\\\f\\"), ".incbin\t\"a\"\n.\\f\\");
  EXPECT_EQ(unescaped("\\0"), std::string_view("\0", 1));
}

TEST(AssemblerText, FindsAnyFormInAssemblerText) {
  EXPECT_TRUE(opens_files(" .INCBIN x"));
  EXPECT_TRUE(opens_files("include"));
  EXPECT_FALSE(opens_files(" .byte 1\n inc %eax\n"));
}

}  // namespace
}  // namespace pump::include_server

#include "pump/compilation/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <ostream>

namespace pump::compilation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Words = std::vector<std::string>;

CommandLine parsed(const Words& words, const std::map<std::string, std::string>& files = {}) {
  const auto command = parse(words, [&](const std::string& path) -> std::optional<std::string> {
    const auto file = files.find(path);
    if (file == files.end()) return std::nullopt;
    return file->second;
  });
  EXPECT_TRUE(command.has_value()) << (command ? "" : command.error().message);
  return command ? *command : CommandLine{};
}

struct OneOption {
  Words words;
  Option option;
  std::string spelling;
  std::string value;
};
/// For the test's name.
void PrintTo(const OneOption& row, std::ostream* out) {
  *out << testing::PrintToString(row.words);
}

class OneOptionTest : public testing::TestWithParam<OneOption> {};

TEST_P(OneOptionTest, IsOneArgumentBeforeTheInput) {
  const OneOption& expected = GetParam();
  Words argv = {"g++"};
  argv.insert(argv.end(), expected.words.begin(), expected.words.end());
  argv.emplace_back("input.cc");
  const CommandLine command = parsed(argv);
  ASSERT_EQ(command.arguments.size(), 2U);
  const Argument& argument = command.arguments[0];
  EXPECT_EQ(argument.option, expected.option);
  EXPECT_EQ(argument.spelling, expected.spelling);
  EXPECT_EQ(argument.value, expected.value);
  EXPECT_EQ(argument.words, expected.words.size());
  EXPECT_EQ(argument.first, 1U);
  EXPECT_EQ(argument.separate, expected.words.size() > 1);
  EXPECT_EQ(command.arguments[1].option, Option::Input);
  EXPECT_EQ(command.arguments[1].value, "input.cc");
}

const OneOption kOptions[] = {
    {{"-c"}, Option::Compile, "-c", ""},
    {{"--compile"}, Option::Compile, "--compile", ""},
    {{"-S"}, Option::Assemble, "-S", ""},
    {{"-E"}, Option::PreprocessOnly, "-E", ""},
    {{"-M"}, Option::DependenciesOnly, "-M", ""},
    {{"-MM"}, Option::DependenciesOnly, "-MM", ""},
    {{"-MD"}, Option::DependencyFile, "-MD", ""},
    {{"-MMD"}, Option::DependencyFile, "-MMD", ""},
    {{"-MF", "x.d"}, Option::DependencyFileName, "-MF", "x.d"},
    {{"-MFx.d"}, Option::DependencyFileName, "-MF", "x.d"},
    {{"-MT", "x.o"}, Option::DependencyTarget, "-MT", "x.o"},
    {{"-MQ", "x.o"}, Option::DependencyTarget, "-MQ", "x.o"},
    {{"-o", "x.o"}, Option::Output, "-o", "x.o"},
    {{"-ox.o"}, Option::Output, "-o", "x.o"},
    {{"--output=x.o"}, Option::Output, "--output=", "x.o"},
    {{"--output", "x.o"}, Option::Output, "--output", "x.o"},
    {{"--version"}, Option::Version, "--version", ""},
    {{"-v"}, Option::Version, "-v", ""},
    {{"-###"}, Option::Version, "-###", ""},
    {{"-print-file-name=libc.a"}, Option::Version, "-print-", "file-name=libc.a"},
    {{"-dumpversion"}, Option::Version, "-dumpversion", ""},
    {{"--help=optimizers"}, Option::Version, "--help=", "optimizers"},
    {{"-fsyntax-only"}, Option::SyntaxOnly, "-fsyntax-only", ""},
    {{"-I", "dir"}, Option::IncludeDirectory, "-I", "dir"},
    {{"-Idir"}, Option::IncludeDirectory, "-I", "dir"},
    {{"-I=/i"}, Option::IncludeDirectory, "-I", "=/i"},
    {{"--include-directory=dir"}, Option::IncludeDirectory, "--include-directory=", "dir"},
    {{"--include-directory", "dir"}, Option::IncludeDirectory, "--include-directory", "dir"},
    {{"-I-"}, Option::SplitDirectories, "-I-", ""},
    {{"-iquote", "dir"}, Option::QuoteDirectory, "-iquote", "dir"},
    {{"-iquotedir"}, Option::QuoteDirectory, "-iquote", "dir"},
    {{"-isystem", "dir"}, Option::SystemDirectory, "-isystem", "dir"},
    {{"-isystemdir"}, Option::SystemDirectory, "-isystem", "dir"},
    {{"-idirafter", "dir"}, Option::AfterDirectory, "-idirafter", "dir"},
    {{"--include-directory-after=dir"}, Option::AfterDirectory, "--include-directory-after=", "dir"},
    {{"-iprefix", "p"}, Option::Prefix, "-iprefix", "p"},
    {{"-iwithprefix", "a"}, Option::WithPrefix, "-iwithprefix", "a"},
    {{"-iwithprefixbefore", "a"}, Option::WithPrefixBefore, "-iwithprefixbefore", "a"},
    {{"-iwithprefixbeforea"}, Option::WithPrefixBefore, "-iwithprefixbefore", "a"},
    {{"--include-with-prefix-after=a"}, Option::WithPrefix, "--include-with-prefix-after=", "a"},
    {{"-F", "dir"}, Option::FrameworkDirectory, "-F", "dir"},
    {{"-iframework", "dir"}, Option::FrameworkDirectory, "-iframework", "dir"},
    {{"--sysroot=/r"}, Option::Sysroot, "--sysroot=", "/r"},
    {{"--sysroot", "/r"}, Option::Sysroot, "--sysroot", "/r"},
    {{"-isysroot", "/r"}, Option::IncludeSysroot, "-isysroot", "/r"},
    {{"-nostdinc"}, Option::NoStandardIncludes, "-nostdinc", ""},
    {{"-nostdinc++"}, Option::NoStandardCxxIncludes, "-nostdinc++", ""},
    {{"-stdlib=libc++"}, Option::StandardLibrary, "-stdlib=", "libc++"},
    {{"-include", "x.h"}, Option::ForcedInclude, "-include", "x.h"},
    {{"-includex.h"}, Option::ForcedInclude, "-include", "x.h"},
    {{"--include=x.h"}, Option::ForcedInclude, "--include=", "x.h"},
    {{"--include", "x.h"}, Option::ForcedInclude, "--include", "x.h"},
    {{"-imacros", "x.h"}, Option::ForcedMacros, "-imacros", "x.h"},
    {{"--imacros=x.h"}, Option::ForcedMacros, "--imacros=", "x.h"},
    {{"-include-pch", "x.pch"}, Option::IncludePch, "-include-pch", "x.pch"},
    {{"-D", "A=1"}, Option::Define, "-D", "A=1"},
    {{"-DC=\"a=b.h\""}, Option::Define, "-D", "C=\"a=b.h\""},
    {{"--define-macro=A"}, Option::Define, "--define-macro=", "A"},
    {{"--define-macro", "A"}, Option::Define, "--define-macro", "A"},
    {{"-U", "A"}, Option::Undefine, "-U", "A"},
    {{"--undefine-macro=A"}, Option::Undefine, "--undefine-macro=", "A"},
    {{"-undef"}, Option::UndefineAll, "-undef", ""},
    {{"-x", "c"}, Option::Language, "-x", "c"},
    {{"-xc++"}, Option::Language, "-x", "c++"},
    {{"--language=c"}, Option::Language, "--language=", "c"},
    {{"-std=c++20"}, Option::Standard, "-std=", "c++20"},
    {{"--std=c++20"}, Option::Standard, "--std=", "c++20"},
    {{"-ansi"}, Option::Standard, "-ansi", ""},
    {{"--target=aarch64-linux-gnu"}, Option::Target, "--target=", "aarch64-linux-gnu"},
    {{"-target", "x86_64-pc-linux-gnu"}, Option::Target, "-target", "x86_64-pc-linux-gnu"},
    {{"-m32"}, Option::Target, "-m", "32"},
    {{"-arch", "arm64"}, Option::Target, "-arch", "arm64"},
    {{"-march=native"}, Option::NativeTuning, "-march=native", ""},
    {{"-mtune=native"}, Option::NativeTuning, "-mtune=native", ""},
    {{"-march=haswell"}, Option::Target, "-m", "arch=haswell"},
    {{"-Wp,-MD,x.d"}, Option::ToPreprocessor, "-Wp,", "-MD,x.d"},
    {{"-Xpreprocessor", "-DX"}, Option::ToPreprocessor, "-Xpreprocessor", "-DX"},
    {{"-Wa,--noexecstack"}, Option::ToAssembler, "-Wa,", "--noexecstack"},
    {{"-Xassembler", "-L"}, Option::ToAssembler, "-Xassembler", "-L"},
    {{"-Wl,-z,now"}, Option::ToLinker, "-Wl,", "-z,now"},
    {{"-Xlinker", "-z"}, Option::ToLinker, "-Xlinker", "-z"},
    {{"-Xclang", "-fno-pch-timestamp"}, Option::ToClangCc1, "-Xclang", "-fno-pch-timestamp"},
    {{"-gsplit-dwarf"}, Option::SplitDwarf, "-gsplit-dwarf", ""},
    {{"-save-temps=obj"}, Option::SaveTemps, "-save-temps=", "obj"},
    {{"--save-temps"}, Option::SaveTemps, "--save-temps", ""},
    {{"-fstack-usage"}, Option::StackUsage, "-fstack-usage", ""},
    {{"-ftime-trace"}, Option::TimeTrace, "-ftime-trace", ""},
    {{"-ftime-trace=x.json"}, Option::TimeTrace, "-ftime-trace=", "x.json"},
    {{"--coverage"}, Option::Coverage, "--coverage", ""},
    {{"-fprofile-arcs"}, Option::Coverage, "-fprofile-arcs", ""},
    {{"-fprofile-generate=dir"}, Option::Coverage, "-fprofile-generate=", "dir"},
    {{"-fprofile-use=x"}, Option::ProfileUse, "-fprofile-use=", "x"},
    {{"-fdump-tree-all"}, Option::Dump, "-fdump-", "tree-all"},
    {{"-aux-info", "x.X"}, Option::Dump, "-aux-info", "x.X"},
    {{"--serialize-diagnostics", "x.dia"}, Option::Dump, "--serialize-diagnostics", "x.dia"},
    {{"-MJ", "x.json"}, Option::Dump, "-MJ", "x.json"},
    {{"-fcallgraph-info=su"}, Option::CallGraphInfo, "-fcallgraph-info=", "su"},
    {{"-fplugin=./p.so"}, Option::Plugin, "-fplugin=", "./p.so"},
    {{"--plugin=./p.so"}, Option::Plugin, "--plugin=", "./p.so"},
    {{"-fmodule-mapper=x.modmap"}, Option::ModuleMapper, "-fmodule-mapper=", "x.modmap"},
    {{"-fmodules-ts"}, Option::Modules, "-fmodules-ts", ""},
    {{"-fmodule-file=a=b.pcm"}, Option::ModuleFile, "-fmodule-file=", "a=b.pcm"},
    {{"-fmodule-map-file=m"}, Option::ModuleFile, "-fmodule-map-file=", "m"},
    {{"-specs=x"}, Option::Specs, "-specs=", "x"},
    {{"-specs", "x"}, Option::Specs, "-specs", "x"},
    {{"-ivfsoverlay", "x.yaml"}, Option::VfsOverlay, "-ivfsoverlay", "x.yaml"},
    {{"--config", "x.cfg"}, Option::ConfigFile, "--config", "x.cfg"},
    {{"--config=x.cfg"}, Option::ConfigFile, "--config=", "x.cfg"},
    {{"-fsanitize-ignorelist=l"}, Option::SanitizerList, "-fsanitize-ignorelist=", "l"},
    {{"-fsanitize-blacklist=l"}, Option::SanitizerList, "-fsanitize-blacklist=", "l"},
    {{"-frandom-seed=1"}, Option::RandomSeed, "-frandom-seed", "=1"},
    {{"-g"}, Option::DebugInfo, "-g", ""},
    {{"-g0"}, Option::DebugInfo, "-g", "0"},
    {{"-gdwarf-4"}, Option::DebugInfo, "-g", "dwarf-4"},
    {{"-gz"}, Option::Other, "-gz", ""},
    {{"-ffile-prefix-map=a=b"}, Option::PrefixMap, "-ffile-prefix-map=", "a=b"},
    {{"-fdebug-compilation-dir", "."}, Option::PrefixMap, "-fdebug-compilation-dir", "."},
    {{"-traditional-cpp"}, Option::Traditional, "-traditional-cpp", ""},
    {{"-finput-charset=latin1"}, Option::InputCharset, "-finput-charset=", "latin1"},
    {{"-Wmissing-include-dirs"}, Option::MissingIncludeDirectories, "-Wmissing-include-dirs", ""},
    // two words, without a meaning for pump
    {{"-mllvm", "-inline-threshold=1"}, Option::Other, "-mllvm", "-inline-threshold=1"},
    {{"--param", "max-inline-insns-single=1"}, Option::Other, "--param", "max-inline-insns-single=1"},
    {{"-dumpbase", "x"}, Option::Other, "-dumpbase", "x"},
    {{"-dumpdir", "x/"}, Option::Other, "-dumpdir", "x/"},
    {{"-imultilib", "."}, Option::Other, "-imultilib", "."},
    {{"-z", "now"}, Option::Other, "-z", "now"},
    {{"-T", "x.ld"}, Option::Other, "-T", "x.ld"},
    {{"-u", "sym"}, Option::Other, "-u", "sym"},
    {{"-l", "m"}, Option::Other, "-l", "m"},
    {{"-L", "dir"}, Option::Other, "-L", "dir"},
    {{"-A", "q=a"}, Option::Other, "-A", "q=a"},
    {{"-h", "-MD"}, Option::Other, "-h", "-MD"},
    {{"-R", "dir"}, Option::Other, "-R", "dir"},
    {{"-Rpass=inline"}, Option::Other, "-R", "pass=inline"},
    {{"-J", "dir"}, Option::Other, "-J", "dir"},
    {{"-G", "8"}, Option::Other, "-G", "8"},
    {{"-e", "main"}, Option::Other, "-e", "main"},
    {{"-framework", "Cocoa"}, Option::Other, "-framework", "Cocoa"},
    {{"-Xarch_x86_64", "-DX"}, Option::Other, "-Xarch_x86_64", "-DX"},
    {{"-sectcreate", "a", "b", "c"}, Option::Other, "-sectcreate", "a"},
    // one word, known or not
    {{"-Wall"}, Option::Other, "-Wall", ""},
    {{"-O2"}, Option::Other, "-O2", ""},
    {{"-fno-exceptions"}, Option::Other, "-fno-exceptions", ""},
    {{"-iplugindir=x"}, Option::Other, "-iplugindir=x", ""},
    {{"--no-such-option"}, Option::Other, "--no-such-option", ""},
    {{"-pthread"}, Option::Other, "-pthread", ""},
    {{"-dynamic"}, Option::Other, "-dynamic", ""},
    {{"-objcmt-migrate-literals"}, Option::Dump, "-objcmt-", "migrate-literals"},
    {{"-object-file-name=x"}, Option::Dump, "-object-file-name=", "x"},
    {{"-oobject"}, Option::Output, "-o", "object"},
};
INSTANTIATE_TEST_SUITE_P(Table, OneOptionTest, testing::ValuesIn(kOptions));

TEST(ParseTest, InputsMayBeAnywhereAndADashIsAnInput) {
  const CommandLine command = parsed({"cc", "a.c", "-c", "-", "b.o"});
  ASSERT_EQ(command.arguments.size(), 4U);
  EXPECT_EQ(command.arguments[0].value, "a.c");
  EXPECT_EQ(command.arguments[2].option, Option::Input);
  EXPECT_EQ(command.arguments[2].value, "-");
  EXPECT_EQ(command.compiler, "cc");
}

TEST(ParseTest, WordsAfterTwoDashesAreInputs) {
  const CommandLine command = parsed({"clang", "-c", "--", "-I.c"});
  ASSERT_EQ(command.arguments.size(), 3U);
  EXPECT_EQ(command.arguments[1].option, Option::EndOfOptions);
  EXPECT_EQ(command.arguments[2].option, Option::Input);
  EXPECT_EQ(command.arguments[2].value, "-I.c");
}

TEST(ParseTest, AValueMayLookLikeAnOption) {
  const CommandLine command = parsed({"gcc", "-o", "-c", "-I", "-Ifoo", "x.c"});
  ASSERT_EQ(command.arguments.size(), 3U);
  EXPECT_EQ(command.arguments[0].value, "-c");
  EXPECT_EQ(command.arguments[1].value, "-Ifoo");
  EXPECT_FALSE(command.has(Option::Compile));
}

TEST(ParseTest, TheLastOccurrenceIsFound) {
  const CommandLine command = parsed({"gcc", "-o", "a", "-ob"});
  ASSERT_NE(command.last(Option::Output), nullptr);
  EXPECT_EQ(command.last(Option::Output)->value, "b");
  EXPECT_EQ(command.last(Option::Define), nullptr);
}

TEST(ParseTest, ErrorsNameTheOption) {
  const auto none = [](const std::string&) { return std::optional<std::string>{}; };
  for (const char* word : {"-I", "-o", "-x", "--param", "-Xclang", "-MF", "--include"}) {
    const auto command = parse({"gcc", "-c", "x.c", word}, none);
    ASSERT_FALSE(command.has_value()) << word;
    EXPECT_NE(command.error().message.find(word), std::string::npos);
  }
  EXPECT_FALSE(parse({}, none).has_value());
  EXPECT_FALSE(parse({""}, none).has_value());
}

TEST(ParseTest, ResponseFilesAreReplacedByTheirWords) {
  const CommandLine command = parsed({"gcc", "@flags", "-c", "x.c"},
                                     {{"flags", "-Ia '-DX=a b'\n@more -O2"}, {"more", "-isystem\tb"}});
  EXPECT_THAT(command.words, ElementsAre("gcc", "-Ia", "-DX=a b", "-isystem", "b", "-O2", "-c", "x.c"));
  EXPECT_THAT(command.response_files, ElementsAre("flags", "more"));
  const std::size_t none = compilation::kFromResponseFile;
  EXPECT_THAT(command.origins, ElementsAre(0U, none, none, none, none, none, 2U, 3U));
  EXPECT_EQ(command.arguments[2].option, Option::SystemDirectory);
  EXPECT_EQ(command.arguments[2].value, "b");
}

TEST(ParseTest, AResponseFileThatCannotBeReadStaysAWord) {
  const CommandLine command = parsed({"gcc", "@missing", "@"});
  EXPECT_THAT(command.words, ElementsAre("gcc", "@missing", "@"));
  EXPECT_THAT(command.response_files, IsEmpty());
  EXPECT_EQ(command.arguments[0].option, Option::Input);
}

TEST(ParseTest, AResponseFileMayContainAnOptionsValue) {
  const CommandLine command = parsed({"gcc", "-I", "@dir", "-c", "x.c"}, {{"dir", "include"}});
  EXPECT_EQ(command.arguments[0].value, "include");
}

TEST(ParseTest, AResponseFileThatIncludesItselfIsAnError) {
  const auto command =
      parse({"gcc", "@loop"}, [](const std::string&) { return std::optional<std::string>("@loop"); });
  ASSERT_FALSE(command.has_value());
  EXPECT_NE(command.error().message.find("@loop"), std::string::npos);
}

}  // namespace
}  // namespace pump::compilation

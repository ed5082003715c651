#include "launcher/decide/side_effects.h"

#include <ostream>

#include "tests/unit/launcher/fixture.h"

namespace pump::launcher {
namespace {

using SideEffects = Decisions;

struct Row {
  const char* flag;
  LocalReason reason;
};
/// For the test's name.
void PrintTo(const Row& row, std::ostream* out) {
  *out << row.flag;
}

class EveryFlag : public Decisions, public ::testing::WithParamInterface<Row> {};

TEST_P(EveryFlag, StaysHere) {
  expect_local(std::string("g++ -c a.cc -o a.o ") + GetParam().flag, GetParam().reason);
  expect_local(std::string("clang++ ") + GetParam().flag + " -o a.o -c a.cc", GetParam().reason);
}

using enum LocalReason;
INSTANTIATE_TEST_SUITE_P(
    Table, EveryFlag,
    ::testing::Values(
        Row{"-gsplit-dwarf", SplitDwarf}, Row{"-gsplit-dwarf=single", SplitDwarf},
        Row{"-save-temps", SaveTemps}, Row{"-save-temps=cwd", SaveTemps}, Row{"--save-temps", SaveTemps},
        Row{"-fstack-usage", StackUsage}, Row{"-ftime-trace", TimeTrace},
        Row{"-ftime-trace=x.json", TimeTrace}, Row{"--coverage", Coverage}, Row{"-coverage", Coverage},
        Row{"-fprofile-arcs", Coverage}, Row{"-ftest-coverage", Coverage},
        Row{"-fprofile-generate", Coverage}, Row{"-fprofile-generate=d", Coverage},
        Row{"-fprofile-instr-generate", Coverage}, Row{"-fprofile-use", ProfileUse},
        Row{"-fprofile-use=x.profdata", ProfileUse}, Row{"-fprofile-instr-use=x", ProfileUse},
        Row{"-fprofile-sample-use=x", ProfileUse}, Row{"-fauto-profile=x", ProfileUse},
        Row{"-fdump-tree-all", Dump}, Row{"-fdump-rtl-expand", Dump}, Row{"-fdump-ipa-cgraph", Dump},
        Row{"-fcallgraph-info", CallGraphInfo}, Row{"-fcallgraph-info=su", CallGraphInfo},
        Row{"--machine-arch=native", NativeTuning}, Row{"--machine=arch=native", NativeTuning},
        Row{"--machine arch=native", NativeTuning}, Row{"--machine-tune=native", NativeTuning},
        Row{"-mcpu=native+nofp", NativeTuning}, Row{"-Xclang -target-cpu -Xclang native", NativeTuning},
        Row{"-Wp,-O2,-march=native", NativeTuning}, Row{"-Xpreprocessor -march=native", NativeTuning},
        Row{"-Wa,-march=native", NativeTuning}, Row{"-mllvm -mcpu=native", NativeTuning},
        Row{"-Xarch_host -march=native", TargetOptions}, Row{"-Xarch_x86_64 -DX", TargetOptions},
        Row{"--debug=split-dwarf", SplitDwarf}, Row{"--stack-usage", StackUsage},
        Row{"--test-coverage", Coverage}, Row{"--profile-arcs", Coverage}, Row{"--dump-tree-all", Dump},
        Row{"--dump=a", Dump}, Row{"--dump a", Dump}, Row{"--callgraph-info", CallGraphInfo},
        Row{"--specs=x", LocalFile}, Row{"--specs x", LocalFile}, Row{"--repo", SideOutput},
        Row{"--profile-use", ProfileUse}, Row{"--rsp-quoting=windows", LocalFile},
        Row{"-march=native", NativeTuning}, Row{"-mtune=native", NativeTuning},
        Row{"-mcpu=native", NativeTuning}, Row{"-fplugin=x.so", Plugin}, Row{"-fplugin-arg-x-y=1", Plugin},
        Row{"-fpass-plugin=x.so", Plugin}, Row{"-Xclang -load -Xclang x.so", Plugin},
        Row{"-Xclang -add-plugin -Xclang x", Plugin}, Row{"-specs=x", LocalFile},
        Row{"-wrapper x", LocalFile}, Row{"-ivfsoverlay x", LocalFile}, Row{"--config x", LocalFile},
        Row{"-fsanitize-ignorelist=x", LocalFile}, Row{"-fsanitize-blacklist=x", LocalFile},
        Row{"-fxray-attr-list=x", LocalFile}, Row{"-B/opt/x", LocalFile}, Row{"-Wa,-ahls=x.lst", SideOutput},
        Row{"-Wa,-L,-a", SideOutput}, Row{"-Wa,--MD,x.d", SideOutput}, Row{"-Xassembler -a", SideOutput},
        Row{"-fdiagnostics-format=sarif-stderr", DebugNames}, Row{"-fdiagnostics-format=sarif", DebugNames},
        Row{"-Xclang -fdiagnostics-format -Xclang sarif", DebugNames},
        Row{"-emit-llvm", LinkTimeOptimisation}, Row{"-Xclang -internal-isystem -Xclang /x", FrontendOption},
        Row{"-fwpa", LinkTimeOptimisation}, Row{"-gstabs", DebugNames}, Row{"-gctf2", DebugNames},
        Row{"-gbtf", DebugNames}, Row{"-fdeps-target=x", Dump}, Row{"-foptimization-record-passes=x", Dump},
        Row{"-Wa,--version", SideOutput}, Row{"-Wa,-L,--statistics", SideOutput},
        Row{"-Xclang -dependency-file -Xclang d", Dump}, Row{"-Xclang -emit-pch", PchCreation},
        Row{"-include-pch x.pch", PchUse}, Row{"-Xclang -include-pch -Xclang x.pch", PchUse},
        Row{"-finput-charset=latin1", InputCharset}, Row{"-Wp,-finput-charset=latin1", InputCharset},
        Row{"-Xpreprocessor -finput-charset=latin1", InputCharset}, Row{"-MJ x.json", Dump}, Row{"-H", Dump},
        Row{"-fsave-optimization-record", Dump}, Row{"--serialize-diagnostics x", Dump}, Row{"-da", Dump},
        Row{"-gen-reproducer", Dump}, Row{"-Xclang -fcoverage-mapping", Coverage},
        Row{"-Xclang -fprofile-instrument=clang", Coverage}, Row{"-Xclang -opt-record-file -Xclang x", Dump},
        Row{"-Xclang -stack-usage-file -Xclang x", StackUsage}, Row{"-Xclang -ftime-trace", TimeTrace},
        Row{"-Xclang -split-dwarf-output -Xclang x", SplitDwarf}, Row{"-Xclang -S", FrontendOption},
        Row{"-Xclang -ast-dump", FrontendOption}, Row{"-Xclang -fixit", FrontendOption},
        Row{"-Xclang -o -Xclang x.o", FrontendOption}, Row{"-Xclang -emit-llvm", FrontendOption},
        Row{"-Xclang -mlink-bitcode-file -Xclang x.bc", LocalFile}, Row{"-Wp,-fdump-tree-all", Dump},
        Row{"-Wp,-v", FrontendOption}, Row{"-Xpreprocessor -H", FrontendOption},
        Row{"-Xclang -fembed-bitcode=all", RecordedCommand}, Row{"-fembed-bitcode", RecordedCommand},
        Row{"-fembed-bitcode=marker", RecordedCommand}, Row{"-fdiagnostics-absolute-paths", DebugNames},
        Row{"-Xclang -fdiagnostics-absolute-paths", DebugNames}, Row{"-gno-as-loc-support", DebugNames},
        Row{"-fdebug-prefix-map==/x", DebugNames}, Row{"-ffile-prefix-map==/x", DebugNames},
        Row{"-remap", LocalFile}, Row{"-Wp,-remap", FrontendOption}, Row{"-ftime-report", Measurement},
        Row{"-fmem-report", Measurement}, Row{"-Q", Measurement}, Row{"-time", Measurement},
        Row{"-mllvm -info-output-file=x", FrontendOption}, Row{"-mllvm -print-after-all", FrontendOption},
        Row{"-Xclang -mllvm -Xclang -rewrite-map-file=x", FrontendOption}, Row{"-fhelp", CompilerQuery},
        Row{"-fversion", CompilerQuery}));

TEST_F(SideEffects, SimilarButHarmlessOptionsAreDistributed) {
  for (const char* flag : {"-g",
                           "-g3",
                           "-gz",
                           "-gdwarf-5",
                           "-gdwarf-4 -g0",
                           "-gdwarf-4 -gdwarf-5",
                           "-fno-plt",
                           "-Wa,--noexecstack",
                           "-Wa,-mrelax-relocations=no",
                           "-Xclang -fcolor-diagnostics",
                           "-Xclang -debug-info-kind=constructor",
                           "-Xclang -target-feature -Xclang +sse4.2",
                           "-Xclang -disable-llvm-passes",
                           "-Xclang -no-opaque-pointers",
                           "-Xclang -DX=1",
                           "-Xclang -Wall",
                           "-Xclang -mllvm -Xclang -inline-threshold=5",
                           "-Wp,-D_FORTIFY_SOURCE=2",
                           "-Wp,-w,-Wall",
                           "-Xpreprocessor -include -Xpreprocessor x.h",
                           "-Qunused-arguments",
                           "-fdiagnostics-color=always",
                           "-Wno-coverage-mismatch",
                           "-fsanitize=address",
                           "-finput-charset=UTF-8",
                           "-frandom-seed=1",
                           "-march=haswell",
                           "--machine-arch=haswell",
                           "--machine arch=haswell",
                           "--debug=dwarf-5",
                           "--optimize=2",
                           "--warn-all",
                           "-DTUNE=native",
                           "-I/opt/x=native",
                           "-ffile-prefix-map=/a=/b",
                           "-mllvm -inline-threshold=5",
                           "--param max-inline-insns-auto=1",
                           "-Wp,-MD,x.d",
                           "-Wl,-z,now",
                           "-L/lib",
                           "-lm",
                           "-pipe"})
    expect_remote(std::string("g++ -c a.cc -o a.o ") + flag);
}

TEST_F(SideEffects, OldDwarfOfGccStaysHere) {
  for (const char* flag : {"-gdwarf-4", "-gdwarf-2 -g3", "--debug=dwarf-3", "-gdwarf-5 -gdwarf-4"})
    expect_local(std::string("gcc -c a.c ") + flag, LocalReason::DebugNames);
  expect_remote("clang -gdwarf-4 -c a.c");
}

TEST_F(SideEffects, SeveralDependencyTargets) {
  expect_remote("g++ -MD -MT a.o -MF a.d -c a.cc");
  expect_local("g++ -MD -MT a.o -MQ b.o -MF a.d -c a.cc", LocalReason::DependencyTargets);
}

TEST_F(SideEffects, LinkTimeOptimisationStaysHereInAnySpelling) {
  for (const char* flag : {"-flto=2", "--lto=2"})
    expect_local(std::string("gcc -c a.c ") + flag, LocalReason::LinkTimeOptimisation);
  for (const char* flags : {"-flto=2 -fno-lto", "-flto=2 --no-lto"})
    expect_remote(std::string("gcc -c a.c ") + flags);
}

TEST_F(SideEffects, OptionsInResponseFilesAreFound) {
  files["native.rsp"] = "--machine\narch=native";
  expect_local("g++ @native.rsp -c a.cc", LocalReason::NativeTuning);
  files["flags.rsp"] = "-O2 -gsplit-dwarf";
  expect_local("g++ @flags.rsp -c a.cc", LocalReason::SplitDwarf);
}

}  // namespace
}  // namespace pump::launcher

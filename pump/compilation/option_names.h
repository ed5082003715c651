// The table of all compiler options: this is the place to add one.
//
// A row has a meaning (option.h), the place of the value (Form), the program that reads the option (Reader),
// and names that share these three, separated by blanks. The order of the rows does not matter: of the names
// with which a word begins and whose form fits, the longest counts.
//
// Readers: Driver for an option of the command itself, Frontend for one that stands after -Xclang or
// -Xpreprocessor or in -Wp, (clang -cc1 and gcc's cc1 read these), Both if it means the same in both places.
//   - An option that takes one word and on which pump does not act needs no entry, unless it begins with a
//     name that takes a joined value: "-dynamic" would be "-d" with the value "ynamic".
//   - An option with an argument in a word of its own (`-flag VALUE`) needs a name here, or VALUE would count
//     as an input. If pump does not act on it, add the name to "options with arguments on which pump does not
//     act" below, to the row {Option::Other, Form::Separate} of its Reader.
//   - An option on which pump acts, with or without argument: add the name to the row of its meaning, form
//     and reader. A new meaning needs an enumerator in option.h, a decision in launcher/decide/ (can it be
//     compiled remotely?) and the steps in pump/include_server/unit/command_line.h (does it change the search
//     path, macros or inputs?).
//   - Add a case to tests/unit/compilation/command_test.cc. option_arity_test.cc compares the number of words
//     of the driver's options with the installed gcc and clang.
//
// Sources: `gcc --help=common,c,c++,driver,separate,joined` and gcc/doc/invoke.texi (9-14);
// clang/Driver/Options.td and `clang -cc1 --help` (11-19).
//
// Two kinds of long spellings are not in the table. option_parser.cc replaces kFamilies ("--machine-arch=x"
// is "-march=x") and reads an unknown "--x" as "-fx".
#pragma once

#include <string_view>

#include "pump/compilation/option_table.h"

namespace pump::compilation {

struct OptionGroup {
  Option option;
  Form form;
  Reader reader;
  std::string_view names;  ///< separated by single blanks
};

// clang-format off
inline constexpr OptionGroup kOptionGroups[] = {
  // what the command does
  {Option::Compile, Form::Flag, Reader::Driver, "-c --compile"},
  {Option::Assemble, Form::Flag, Reader::Driver, "-S --assemble"},
  {Option::PreprocessOnly, Form::Flag, Reader::Both, "-E --preprocess"},
  {Option::DependenciesOnly, Form::Flag, Reader::Both, "-M -MM --dependencies --user-dependencies"},
  {Option::DependencyFile, Form::Flag, Reader::Driver, "-MD -MMD --write-dependencies --write-user-dependencies"},
  {Option::DependencyFile, Form::Separate, Reader::Frontend, "-MD -MMD"},
  {Option::DependencyFile, Form::Flag, Reader::Both, "-MP -MG -MV --print-missing-file-dependencies"},
  {Option::DependencyFileName, Form::JoinedOrSeparate, Reader::Both, "-MF"},
  {Option::DependencyTarget, Form::JoinedOrSeparate, Reader::Both, "-MT -MQ"},
  {Option::SyntaxOnly, Form::Flag, Reader::Both,
   "-fsyntax-only --syntax-only --analyze -emit-ast -emit-pch -rewrite-objc -rewrite-legacy-objc -module-file-info "
   "-emit-interface-stubs -emit-merged-ifs -verify-pch -extract-api --migrate -fdriver-only -dump-parse-tree"},
  {Option::Output, Form::JoinedOrSeparate, Reader::Both, "-o"},
  {Option::Output, Form::Separate, Reader::Driver, "--output"},
  {Option::Output, Form::Joined, Reader::Driver, "--output="},
  {Option::Version, Form::Flag, Reader::Driver,
   "--version -version -v --verbose -### --help -help --help-hidden --target-help -dumpversion -dumpfullversion -dumpmachine "
   "-dumpspecs -cc1 -cc1as -cc1gen-reproducer -ccc-print-phases -ccc-print-bindings --supported-cpus -fself-test "
   "-fhelp -fno-help -ftarget-help -fno-target-help -fversion -fno-version"},
  {Option::Version, Form::Joined, Reader::Driver, "-print- --print- --help= -fhelp= -fno-help= -fversion= -fself-test= --completion= --autocomplete="},

  // search path; -objc-isystem and -objcxx-isystem are Option::Other, which the include server passes to the
  // compiler when it asks for the default directories
  {Option::IncludeDirectory, Form::JoinedOrSeparate, Reader::Both, "-I"},
  {Option::IncludeDirectory, Form::Separate, Reader::Driver, "--include-directory"},
  {Option::IncludeDirectory, Form::Joined, Reader::Driver, "--include-directory="},
  {Option::SplitDirectories, Form::Flag, Reader::Both, "-I- --include-barrier"},
  {Option::QuoteDirectory, Form::JoinedOrSeparate, Reader::Both, "-iquote"},
  {Option::SystemDirectory, Form::JoinedOrSeparate, Reader::Both, "-isystem -cxx-isystem"},
  {Option::SystemDirectory, Form::Separate, Reader::Frontend, "-internal-isystem -internal-externc-isystem -c-isystem"},
  {Option::AfterDirectory, Form::JoinedOrSeparate, Reader::Both, "-idirafter"},
  {Option::AfterDirectory, Form::Separate, Reader::Driver, "--include-directory-after"},
  {Option::AfterDirectory, Form::Joined, Reader::Driver, "--include-directory-after="},
  {Option::Prefix, Form::JoinedOrSeparate, Reader::Both, "-iprefix"},
  {Option::Prefix, Form::Separate, Reader::Driver, "--include-prefix"},
  {Option::Prefix, Form::Joined, Reader::Driver, "--include-prefix="},
  {Option::WithPrefix, Form::JoinedOrSeparate, Reader::Both, "-iwithprefix"},
  {Option::WithPrefix, Form::Separate, Reader::Driver, "--include-with-prefix --include-with-prefix-after"},
  {Option::WithPrefix, Form::Joined, Reader::Driver, "--include-with-prefix= --include-with-prefix-after="},
  {Option::WithPrefixBefore, Form::JoinedOrSeparate, Reader::Both, "-iwithprefixbefore"},
  {Option::WithPrefixBefore, Form::Separate, Reader::Driver, "--include-with-prefix-before"},
  {Option::WithPrefixBefore, Form::Joined, Reader::Driver, "--include-with-prefix-before="},
  {Option::FrameworkDirectory, Form::JoinedOrSeparate, Reader::Both, "-F -iframework"},
  {Option::SysrootDirectory, Form::JoinedOrSeparate, Reader::Both,
   "-iwithsysroot -iframeworkwithsysroot -isystem-after -stdlib++-isystem"},
  {Option::Sysroot, Form::Separate, Reader::Driver, "--sysroot"},
  {Option::Sysroot, Form::Joined, Reader::Driver, "--sysroot="},
  {Option::IncludeSysroot, Form::JoinedOrSeparate, Reader::Both, "-isysroot"},
  {Option::NoStandardIncludes, Form::Flag, Reader::Both, "-nostdinc --no-standard-includes"},
  {Option::NoStandardCxxIncludes, Form::Flag, Reader::Both, "-nostdinc++"},
  {Option::StandardLibrary, Form::Joined, Reader::Both, "-stdlib= --stdlib="},
  {Option::StandardLibrary, Form::Separate, Reader::Driver, "--stdlib"},
  {Option::ToolDirectory, Form::JoinedOrSeparate, Reader::Driver, "-B"},
  {Option::ToolDirectory, Form::Separate, Reader::Both,
   "--prefix -gcc-toolchain -resource-dir --resource -ccc-install-dir"},
  {Option::ToolDirectory, Form::Joined, Reader::Driver,
   "--prefix= --gcc-toolchain= --gcc-install-dir= --gcc-triple= -resource-dir= --resource="},
  {Option::WorkingDirectory, Form::Separate, Reader::Both, "-working-directory"},
  {Option::WorkingDirectory, Form::Joined, Reader::Both, "-working-directory="},
  {Option::EmbedDirectory, Form::Joined, Reader::Both, "--embed-dir="},
  {Option::Other, Form::JoinedOrSeparate, Reader::Both, "-imultilib -imultiarch"},

  // forced inputs and macros
  {Option::ForcedInclude, Form::JoinedOrSeparate, Reader::Both, "-include"},
  {Option::ForcedInclude, Form::JoinedOrSeparate, Reader::Driver, "--include"},
  {Option::ForcedInclude, Form::Joined, Reader::Driver, "--include="},
  {Option::ForcedMacros, Form::JoinedOrSeparate, Reader::Both, "-imacros"},
  {Option::ForcedMacros, Form::JoinedOrSeparate, Reader::Driver, "--imacros"},
  {Option::ForcedMacros, Form::Joined, Reader::Driver, "--imacros="},
  {Option::IncludePch, Form::Separate, Reader::Both, "-include-pch"},
  {Option::Define, Form::JoinedOrSeparate, Reader::Both, "-D"},
  {Option::Define, Form::Separate, Reader::Driver, "--define-macro"},
  {Option::Define, Form::Joined, Reader::Driver, "--define-macro="},
  {Option::Undefine, Form::JoinedOrSeparate, Reader::Both, "-U"},
  {Option::Undefine, Form::Separate, Reader::Driver, "--undefine-macro"},
  {Option::Undefine, Form::Joined, Reader::Driver, "--undefine-macro="},
  {Option::UndefineAll, Form::Flag, Reader::Both, "-undef"},

  // language and target
  {Option::Language, Form::JoinedOrSeparate, Reader::Both, "-x"},
  {Option::Language, Form::Separate, Reader::Driver, "--language"},
  {Option::Language, Form::Joined, Reader::Driver, "--language="},
  {Option::Language, Form::Flag, Reader::Driver, "-ObjC -ObjC++"},
  {Option::DriverMode, Form::Joined, Reader::Driver, "--driver-mode="},
  {Option::Standard, Form::Joined, Reader::Both, "-std= --std="},
  {Option::Standard, Form::Separate, Reader::Driver, "--std"},
  {Option::Standard, Form::Flag, Reader::Both, "-ansi --ansi"},
  {Option::Target, Form::Joined, Reader::Both, "-m --target="},
  {Option::Target, Form::Separate, Reader::Both, "-target -arch -triple -darwin-target-variant"},
  {Option::NativeTuning, Form::Joined, Reader::Driver, "-march=native -mtune=native -mcpu=native"},
  {Option::Other, Form::Separate, Reader::Both, "-mllvm -mmlir -meabi -mthread-model"},
  {Option::Other, Form::Separate, Reader::Frontend,
   "-mrelocation-model -mregparm -mlimit-float-precision -mfpmath -mfloat-abi -mtp -mdebug-pass -mlink-bitcode-file "
   "-mlink-builtin-bitcode -msmall-data-limit -mt-migrate-directory"},
  {Option::InputCharset, Form::Joined, Reader::Both, "-finput-charset="},
  {Option::Traditional, Form::Flag, Reader::Both, "-traditional -traditional-cpp --traditional --traditional-cpp"},

  // arguments for other tools
  {Option::ToPreprocessor, Form::Joined, Reader::Driver, "-Wp,"},
  {Option::ToPreprocessor, Form::Separate, Reader::Driver, "-Xpreprocessor"},
  {Option::ToAssembler, Form::Joined, Reader::Driver, "-Wa, --for-assembler="},
  {Option::ToAssembler, Form::Separate, Reader::Driver, "-Xassembler --for-assembler"},
  {Option::ToLinker, Form::Joined, Reader::Driver, "-Wl, --for-linker="},
  {Option::ToLinker, Form::Separate, Reader::Driver, "-Xlinker --for-linker"},
  {Option::ToClangCc1, Form::Separate, Reader::Driver, "-Xclang"},
  {Option::ToClangCc1, Form::Joined, Reader::Driver, "-Xclang="},
  {Option::Wrapper, Form::Separate, Reader::Driver, "-wrapper"},
  {Option::Wrapper, Form::Flag, Reader::Driver, "-no-integrated-cpp -fno-integrated-cpp"},

  // other outputs
  {Option::SplitDwarf, Form::Flag, Reader::Driver, "-gsplit-dwarf -fsplit-dwarf"},
  {Option::SplitDwarf, Form::Joined, Reader::Driver, "-gsplit-dwarf="},
  {Option::SplitDwarf, Form::Separate, Reader::Frontend, "-split-dwarf-file -split-dwarf-output"},
  {Option::SaveTemps, Form::Flag, Reader::Driver, "-save-temps --save-temps"},
  {Option::SaveTemps, Form::Joined, Reader::Driver, "-save-temps= --save-temps="},
  {Option::StackUsage, Form::Flag, Reader::Both, "-fstack-usage --stack-usage"},
  {Option::StackUsage, Form::Separate, Reader::Frontend, "-stack-usage-file"},
  {Option::TimeTrace, Form::Flag, Reader::Both, "-ftime-trace"},
  {Option::TimeTrace, Form::Joined, Reader::Both, "-ftime-trace="},
  {Option::Coverage, Form::Flag, Reader::Both,
   "--coverage -coverage -fprofile-arcs -ftest-coverage -fprofile-generate -fprofile-instr-generate "
   "-fcs-profile-generate -fcoverage-mapping -fcondition-coverage -fpath-coverage -fcreate-profile "
   "-ftemporal-profile -fmemory-profile"},
  {Option::Coverage, Form::Joined, Reader::Both,
   "-fprofile-generate= -fprofile-instr-generate= -fcs-profile-generate= -fprofile-note= -fprofile-dir= "
   "-fmemory-profile="},
  {Option::ProfileUse, Form::Flag, Reader::Both,
   "-fprofile-use -fauto-profile -fprofile-instr-use -fbranch-probabilities -fprofile-sample-use"},
  {Option::ProfileUse, Form::Joined, Reader::Both,
   "-fprofile-use= -fauto-profile= -fprofile-instr-use= -fprofile-sample-use= -fmemory-profile-use= "
   "-fprofile-remapping-file= -fprofile-instrument-use-path= -fauto-profile-accurate -fauto-profile-file="},
  {Option::Dump, Form::Joined, Reader::Driver, "-d"},
  {Option::Dump, Form::Flag, Reader::Frontend, "-dM -dD -dN -dI -dU"},
  {Option::Dump, Form::Joined, Reader::Both,
   "-fdump- -fopt-info --dump= -fsave-optimization-record -foptimization-record-file= -foptimization-record-passes= -fdeps-file= "
   "-fdiagnostics-add-output= -fdiagnostics-set-output= -fcompare-debug -aux-info= -fproc-stat-report= "
   "-fmodule-output-json= -fsarif- -save-stats= --save-stats= -stats-file= -gen-reproducer= "
   "-objcmt- -object-file-name="},
  {Option::Dump, Form::Flag, Reader::Driver,
   "-save-stats --save-stats -fdiagnostics-format=sarif-file -fdiagnostics-format=json-file -H --trace-includes "
   "-gen-reproducer"},
  {Option::Dump, Form::Separate, Reader::Both,
   "-aux-info --dump --serialize-diagnostics -serialize-diagnostics -serialize-diagnostic-file -dependency-file "
   "-dependency-dot -module-dependency-dir -gen-cdb-fragment-path -index-store-path "
   "-header-include-file -arcmt-migrate-report-output -ccc-arcmt-migrate -ccc-objcmt-migrate"},
  {Option::Dump, Form::Separate, Reader::Frontend, "-opt-record-file -diagnostic-log-file"},
  {Option::Dump, Form::JoinedOrSeparate, Reader::Driver, "-MJ"},
  {Option::CallGraphInfo, Form::Flag, Reader::Both, "-fcallgraph-info"},
  {Option::CallGraphInfo, Form::Joined, Reader::Both, "-fcallgraph-info="},
  {Option::Plugin, Form::Joined, Reader::Both, "-fplugin= -fplugin-arg- -fpass-plugin= --plugin="},
  {Option::Plugin, Form::Separate, Reader::Frontend, "-load -plugin -add-plugin"},
  {Option::Plugin, Form::JoinedAndSeparate, Reader::Frontend, "-plugin-arg-"},

  // modules and further inputs
  {Option::ModuleMapper, Form::Joined, Reader::Both, "-fmodule-mapper="},
  {Option::Modules, Form::Flag, Reader::Both,
   "-fmodules-ts -fmodules -fcxx-modules -fmodule-header -fmodule-only -fmodule-output --precompile "
   "-fimplicit-module-maps -fmodules-reduced-bmi -fexperimental-modules-reduced-bmi"},
  {Option::Modules, Form::Joined, Reader::Both, "-fmodule-header= -fmodule-output= -fmodule-name= -fmodules-cache-path="},
  {Option::ModuleFile, Form::Joined, Reader::Both,
   "-fmodule-file= -fprebuilt-module-path= -fmodule-map-file= -fmodules-embed-file="},
  {Option::ModuleFile, Form::Flag, Reader::Both, "-fprebuilt-implicit-modules"},
  {Option::ModuleFile, Form::Separate, Reader::Both, "-fmodules-user-build-path"},
  {Option::Specs, Form::Joined, Reader::Driver, "-specs= --specs="},
  {Option::Specs, Form::Separate, Reader::Driver, "-specs --specs"},
  {Option::VfsOverlay, Form::JoinedOrSeparate, Reader::Both, "-ivfsoverlay -vfsoverlay"},
  {Option::VfsOverlay, Form::Separate, Reader::Driver, "--vfsoverlay"},
  {Option::ConfigFile, Form::Separate, Reader::Driver, "--config"},
  {Option::ConfigFile, Form::Joined, Reader::Driver, "--config= --config-system-dir= --config-user-dir="},
  {Option::SanitizerList, Form::Joined, Reader::Both,
   "-fsanitize-blacklist= -fsanitize-ignorelist= -fsanitize-system-blacklist= -fsanitize-system-ignorelist= "
   "-fsanitize-coverage-allowlist= -fsanitize-coverage-ignorelist= -fsanitize-coverage-whitelist= "
   "-fsanitize-coverage-blacklist= -fexperimental-sanitize-metadata-ignorelist="},
  {Option::AuxiliaryInput, Form::Joined, Reader::Both,
   "-fxray-always-instrument= -fxray-never-instrument= -fxray-attr-list= -fprofile-list= -fthinlto-index= "
   "-frandomize-layout-seed-file= -fbasic-block-sections=list= -fembed-offload-object= -fopenmp-host-ir-file-path= "
   "-fdebug-pass-file= -ftarget-config= --rocm-path= --cuda-path= --ptxas-path= --rsp-quoting= -fms-secure-hotpatch-functions-file="},
  {Option::AuxiliaryInput, Form::Separate, Reader::Frontend,
   "-fopenmp-host-ir-file-path -fcuda-include-gpubinary -chain-include -ast-merge -remap-file -code-completion-at"},
  {Option::RandomSeed, Form::Joined, Reader::Both, "-frandom-seed"},
  {Option::PrefixMap, Form::Joined, Reader::Both,
   "-ffile-prefix-map= -fdebug-prefix-map= -fmacro-prefix-map= -fprofile-prefix-map= -fcoverage-prefix-map= "
   "-fdebug-compilation-dir= -ffile-compilation-dir= -fcoverage-compilation-dir= -fprofile-prefix-path="},
  {Option::PrefixMap, Form::Separate, Reader::Both, "-fdebug-compilation-dir"},
  {Option::DebugInfo, Form::Joined, Reader::Driver, "-g"},
  {Option::DebugInfo, Form::Flag, Reader::Driver, "--debug"},
  {Option::Other, Form::Joined, Reader::Driver, "-gz -gno-"},
  {Option::MissingIncludeDirectories, Form::Flag, Reader::Driver,
   "-Wmissing-include-dirs -Wno-missing-include-dirs -Werror=missing-include-dirs --warn-missing-include-dirs --warn-no-missing-include-dirs "
   "-Weverything -Wno-everything --warn-everything --warn-no-everything"},

  // options with arguments on which pump does not act
  {Option::Other, Form::Separate, Reader::Both,
   "--param --assert -dumpbase --dumpbase -dumpbase-ext --dumpbase-ext -dumpdir --dumpdir -dsym-dir -ccc-gcc-name "
   "-Xanalyzer -Xopenmp-target -Xcuda-fatbinary -Xcuda-ptxas -Xarch_host -Xarch_device "
   "--analyzer-output --offload-arch --library-directory --force-link --entry "
   "-ftrapv-handler -fxray-instruction-threshold -Xoffload-linker "
   "-fintrinsic-modules-path -fno-intrinsic-modules-path --bootclasspath --classpath --CLASSPATH --encoding --extdirs "
   "--output-class-directory -target-feature -framework -weak_framework -install_name -rpath -bundle_loader "
   "-client_name -compatibility_version -current_version -dylib_file -exported_symbols_list "
   "-unexported_symbols_list -filelist -force_load -image_base -init -multiply_defined -multiply_defined_unused "
   "-multi_module_unused -pagezero_size -read_only_relocs -seg1addr -seg_addr_table -seg_addr_table_filename "
   "-segs_read_only_addr -segs_read_write_addr -sectobjectsymbols -sub_library -sub_umbrella -umbrella -undefined "
   "-weak_library -weak_reference_mismatches -allowable_client -lazy_framework -lazy_library -b -e"},
  {Option::Other, Form::Separate, Reader::Frontend,
   "-ftabstop -fconstant-string-class -fbracket-depth -fconstexpr-backtrace-limit -fconstexpr-depth -fconstexpr-steps "
   "-ferror-limit -fmacro-backtrace-limit -fmessage-length -foperator-arrow-depth -fspell-checking-limit "
   "-ftemplate-backtrace-limit -ftemplate-depth -fdiagnostics-format -fdiagnostics-show-category -fmodule-feature "
   "-ftype-visibility -fvisibility"},
  {Option::Other, Form::Separate, Reader::Frontend,
   "-target-cpu -target-abi -tune-cpu -target-linker-version -main-file-name -dwarf-debug-flags -pic-level "
   "-stack-protector -stack-protector-buffer-size -exception-model -default-function-attr -record-command-line "
   "-error-on-deserialized-decl -ast-dump-filter -analyzer-checker -analyzer-config -analyzer-output "
   "-analyzer-config-compatibility-mode -analyzer-dump-egraph -analyzer-inline-max-stack-depth "
   "-analyzer-inlining-mode -analyzer-purge -analyzer-store -analyzer-max-loop -aux-target-feature "
   "-as-secure-log-file -source-date-epoch -hlsl-entry -iapinotes-modules "
   "-fexperimental-openacc-macro-override -fcaret-diagnostics-max-lines "
   "-analyzer-constraints -analyzer-disable-checker -analyze-function -coverage-data-file -coverage-notes-file "
   "-objc-isystem -objcxx-isystem -aux-triple -aux-target-cpu -function-alignment -mrecip"},
  {Option::Other, Form::JoinedOrSeparate, Reader::Driver, "-A -L -T -l -u -z -h -R -J -Hd -Hf -Tbss -Tdata -Ttext -G -Xf"},
  {Option::Other, Form::Joined, Reader::Driver, "-dumpbase= --param= --assert="},
  {Option::Other, Form::JoinedAndSeparate, Reader::Driver, "-Xarch_ -Xopenmp-target= -Xoffload-linker"},
  {Option::Other, Form::TwoValues, Reader::Driver, "-segaddr"},
  {Option::Other, Form::ThreeValues, Reader::Driver, "-sectcreate -sectorder -sectalign -segprot -segcreate"},
  // options that other code finds by Argument::spelling
  {Option::Other, Form::Flag, Reader::Driver,
   "-flto -fno-lto -frepo -fprofile-correction -funique-internal-linkage-names -fno-unique-internal-linkage-names "
   "-fpseudo-probe-for-profiling -fno-pseudo-probe-for-profiling -fno-profile-generate -fno-coverage-mapping "
   "-fembed-bitcode"},
  {Option::Other, Form::Joined, Reader::Driver,
   "-flto= -fcrash-diagnostics-dir= -time= -fembed-bitcode= -fsanitize= -fno-sanitize="},
  {Option::Other, Form::Flag, Reader::Both,
   "-fcanonical-system-headers -fno-canonical-system-headers -fpreprocessed -fno-preprocessed -fdirectives-only "
   "-fno-directives-only -fms-compatibility -fno-ms-compatibility"},
  // options that begin like one with a joined value ("-d", "-o", "-l") but are others
  {Option::Other, Form::Flag, Reader::Driver,
   "-dynamic -dynamiclib -dead_strip -object -trigraphs --trigraphs -lto-emit-asm"},
};
// clang-format on

}  // namespace pump::compilation

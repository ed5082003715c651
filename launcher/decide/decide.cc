#include "launcher/decide/decide.h"

#include <algorithm>
#include <array>

#include "launcher/decide/compiler_name.h"
#include "launcher/decide/debug_directory.h"
#include "launcher/decide/macro_search.h"
#include "launcher/decide/modules.h"
#include "launcher/decide/relative_names.h"
#include "launcher/decide/remote_words.h"
#include "launcher/decide/search_variables.h"
#include "launcher/decide/side_effects.h"
#include "pump/compilation/command.h"
#include "pump/compilation/language.h"
#include "pump/distcc/distcc_arguments.h"
#include "pump/os/file_io.h"
#include "pump/os/format.h"

namespace pump::launcher {
namespace {

using compilation::Argument;
using compilation::CommandLine;
using compilation::Option;
using compilation::Source;

/// Variables that change what the compiler does or writes, and that reach neither distccd nor its compiler.
constexpr std::array<std::string_view, 14> kCompilerVariables{"DEPENDENCIES_OUTPUT",
                                                              "SUNPRO_DEPENDENCIES",
                                                              "COMPILER_PATH",
                                                              "GCC_EXEC_PREFIX",
                                                              "GCC_COMPARE_DEBUG",
                                                              "CCC_OVERRIDE_OPTIONS",
                                                              "CCC_ADD_ARGS",
                                                              "CC_PRINT_HEADERS",
                                                              "CC_PRINT_INTERNAL_STAT",
                                                              "CC_PRINT_OPTIONS",
                                                              "CC_PRINT_PROC_STAT",
                                                              "CC_LOG_DIAGNOSTICS",
                                                              "FORCE_CLANG_DIAGNOSTICS_CRASH",
                                                              "RC_DEBUG_OPTIONS"};

Fault fault_of(const CommandLine& command, Option option, LocalReason reason) {
  const Argument* argument = command.last(option);
  return {reason, argument != nullptr ? command.words[argument->first] : std::string()};
}

/// Why the command is not a compilation: it queries the compiler, preprocesses only, …, or links.
std::optional<Fault> find_other_action(const CommandLine& command) {
  constexpr std::array<std::pair<Option, LocalReason>, 4> kActions{{
      {Option::Version, LocalReason::CompilerQuery},
      {Option::PreprocessOnly, LocalReason::PreprocessOnly},
      {Option::DependenciesOnly, LocalReason::DependenciesOnly},
      {Option::SyntaxOnly, LocalReason::SyntaxOnly},
  }};
  for (const auto& [option, reason] : kActions)
    if (command.has(option)) return fault_of(command, option, reason);
  if (!command.has(Option::Compile) && !command.has(Option::Assemble)) return Fault{LocalReason::Linking, {}};
  return {};
}

/// True for the directories of CMake's try_compile, of Meson's and of SCons's checks, and for files in them.
bool is_probe_path(std::string_view path) {
  for (const std::string_view marker : {"CMakeFiles/CMakeScratch/", "CMakeFiles/CMakeTmp/",
                                        "CMakeFiles/_CMakeLTOTest-", "meson-private/", ".sconf_temp/"}) {
    const std::size_t at = path.find(marker);
    if (at != std::string_view::npos && (at == 0 || path[at - 1] == '/')) return true;
  }
  return false;
}

/// True for a check that Meson makes outside the build directory: "/tmp/tmpXXXX/testfile.cpp" to output.obj beside it.
bool is_meson_check(std::string_view source, std::string_view output) {
  return os::basename(source).starts_with("testfile.") && os::basename(output) == "output.obj";
}

std::optional<Fault> check_configure_probe(const CommandLine& command, const std::vector<Source>& inputs,
                                           const std::string& cwd) {
  const Argument* output = command.last(Option::Output);
  if (is_probe_path(cwd + "/")) return Fault{LocalReason::ConfigureProbe, cwd};
  if (output != nullptr && is_probe_path(output->value))
    return Fault{LocalReason::ConfigureProbe, output->value};
  for (const Source& input : inputs) {
    const std::string& source = input.argument->value;
    if (distcc::is_autoconf_check(source) || (output != nullptr && is_meson_check(source, output->value)))
      return Fault{LocalReason::ConfigureProbe, source};
  }
  return {};
}

/// The object's file: -o, otherwise the source's name with .o (or .s) in the working directory.
std::string output_of(const CommandLine& command, const std::string& source) {
  if (const Argument* output = command.last(Option::Output)) return output->value;
  const std::string_view base = os::basename(source);
  return std::string(base.substr(0, base.rfind('.'))) + (command.has(Option::Assemble) ? ".s" : ".o");
}

std::optional<Fault> check_output(const CommandLine& command) {
  const Argument* output = command.last(Option::Output);
  if (output == nullptr) return {};
  if (output->value == "-") return Fault{LocalReason::StandardOutput, "-o -"};
  // Some people build below /dev/shm, which is a usual file system.
  const bool device = output->value.starts_with("/dev/") && !output->value.starts_with("/dev/shm/");
  if (device) return Fault{LocalReason::DeviceOutput, output->value};
  return {};
}

std::optional<Fault> check_inputs(const std::vector<Source>& inputs) {
  for (const Source& input : inputs)
    if (input.argument->value == "-") return Fault{LocalReason::StandardInput, "-"};
  if (inputs.empty()) return Fault{LocalReason::NoSource, {}};
  if (inputs.size() > 1) return Fault{LocalReason::SeveralSources, inputs[1].argument->value};
  const std::string& language = inputs.front().language;
  const std::string& file = inputs.front().argument->value;
  // distcc logs one name per line, and would lose this one.
  if (file.find('\n') != std::string::npos) return Fault{LocalReason::NotDistributable, file};
  if (language.ends_with("-header")) return Fault{LocalReason::PchCreation, file};
  if (language.ends_with("cpp-output") || distcc::is_preprocessed_source(file))
    return Fault{LocalReason::Preprocessed, file};
  const bool is_sent =
      language == "c" || language == "c++" || language == "objective-c" || language == "objective-c++";
  if (!is_sent || !distcc::is_source(file)) return Fault{LocalReason::NotDistributable, file};
  return {};
}

std::optional<Fault> check_environment(const os::Environment& environment) {
  for (const std::string_view variable : kCompilerVariables)
    if (environment.has(variable)) return Fault{LocalReason::EnvironmentVariable, std::string(variable)};
  return {};
}

/// Macros whose values depend on the file's times or on this environment. Only the source is searched: the
/// include server reads the headers, and does not answer if it finds them there.
std::optional<Fault> check_time_macros(const std::string& source, const CommandContext& context) {
  const auto text = context.read(source);
  if (!text) return Fault{LocalReason::SourceUnreadable, source};
  if (const auto line = find_macro_use(*text, "__TIMESTAMP__"))
    return Fault{LocalReason::Timestamp, os::format("{}:{}", source, *line)};
  if (!context.environment.has("SOURCE_DATE_EPOCH")) return {};
  for (const char* macro : {"__DATE__", "__TIME__"})
    if (const auto line = find_macro_use(*text, macro))
      return Fault{LocalReason::BuildDate, os::format("{} in {}:{}", macro, source, *line)};
  return {};
}

/// Outputs that are not plain files: the compiler writes into them, and the launcher would replace them.
std::optional<Fault> check_output_places(const std::string& output,
                                         const std::optional<DependencyFile>& dependencies,
                                         const CommandContext& context) {
  if (context.output_place(output) == OutputPlace::Other) return Fault{LocalReason::OutputPlace, output};
  if (!dependencies) return {};
  if (context.output_place(dependencies->name) == OutputPlace::Other)
    return Fault{LocalReason::OutputPlace, dependencies->name};
  return {};
}

/// True for gcc's options for DWARF 2 to 4. There, .debug_str holds the directory's name, and gcc writes it in the order of
/// a hash table, which object/repair.h cannot restore.
bool asks_for_old_dwarf(const CommandLine& command) {
  bool old = false;
  for (const Argument& argument : command.arguments) {
    constexpr std::string_view kVersion = "-gdwarf-";
    const std::string word = compilation::as_word(argument);
    if (argument.option == Option::DebugInfo && word.size() == kVersion.size() + 1 &&
        word.starts_with(kVersion))
      old = word.back() < '5';
  }
  return old && wants_debug_information(command);
}

/// Options that make clang record the whole command line in the object. gcc's options of these names record
/// only what is the same on all machines.
std::optional<Fault> check_recorded_command(const CommandLine& command, const CommandContext& context) {
  std::string recording, embedding;
  for (const Argument& argument : command.arguments) {
    const std::string& word = command.words[argument.first];
    if (word.ends_with("record-command-line") || word.ends_with("record-gcc-switches"))
      recording = word.starts_with("-fno-") || word.starts_with("-gno-") ? std::string() : word;
    if (word.starts_with("-fembed-bitcode") && word != "-fembed-bitcode=off") embedding = word;
    // object/repair.h cannot replace the server's directory in these formats.
    for (const char* format :
         {"-gstabs", "-gno-stabs", "-gctf", "-gbtf"})  // gcc reads -gno-stabs+ as -gstabs+
      if (word.starts_with(format)) return Fault{LocalReason::DebugNames, word};
  }
  if (!embedding.empty()) return Fault{LocalReason::RecordedCommand, embedding};
  if (wants_debug_information(command) && !is_clang(command.compiler, context)) {
    const std::string directory = logical_directory(context.cwd, context.environment);
    // The assembler records it without the slash.
    if (directory.size() > 1 && directory.ends_with('/'))
      return Fault{LocalReason::DebugNames, "PWD=" + directory};
    if (std::string map = map_of_mapped(command, directory); !map.empty())
      return Fault{LocalReason::DebugNames, std::move(map)};
  }
  if (recording.empty() || !is_clang(command.compiler, context)) return {};
  return Fault{LocalReason::RecordedCommand, recording};
}

bool is_switched_off(const os::Environment& environment) {
  return environment.get_or("PUMP_LAUNCH", "") == "off";
}

/// The first fault of the command as the user wrote it. decide() continues with the checks that need the
/// compiler's name, the dependency file or the words for distcc.
std::optional<Fault> find_fault(const CommandLine& command, const std::vector<Source>& inputs,
                                const CommandContext& context) {
  if (auto fault = find_other_action(command)) return fault;
  if (auto fault = check_configure_probe(command, inputs, context.cwd)) return fault;
  auto fault_of_files = check_inputs(inputs);
  if (!fault_of_files) fault_of_files = check_output(command);
  // After the commands that are no compilations: those are neither recorded nor do they take a local slot.
  if (is_switched_off(context.environment) && (!fault_of_files || is_compilation(fault_of_files->reason)))
    return Fault{LocalReason::SwitchedOff, "PUMP_LAUNCH=off"};
  if (fault_of_files) return fault_of_files;
  if (auto fault = find_side_effect(command)) return fault;
  if (auto fault = check_recorded_command(command, context)) return fault;
  if (auto fault = check_environment(context.environment)) return fault;
  if (auto fault = find_module(command, context)) return fault;
  if (auto fault = find_precompiled_header(command, context)) return fault;
  return check_time_macros(inputs.front().argument->value, context);
}

/// True if distccd is to be told for which target a clang compiles, in case that its machine is of another kind.
bool names_target(std::string_view compiler, const std::vector<std::string>& words) {
  const bool by_name = compiler == "clang" || compiler == "clang++" || compiler.starts_with("clang-") ||
                       compiler.starts_with("clang++-");
  return by_name && *kTargetTriplet != '\0' &&
         std::find(words.begin(), words.end(), "-target") == words.end();
}

/// Decision::words.
std::vector<std::string> words_for_distcc(const CommandLine& command, const std::string& language,
                                          const Decision& decision, const CommandContext& context) {
  std::vector<std::string> words = remote_words(command, decision.dependencies);
  for (std::string& flag : search_flags(context.environment, language)) words.push_back(std::move(flag));
  for (std::string& word : compilation_directory_words(command, decision.client.logical))
    words.push_back(std::move(word));
  return words;
}

CompilerKind kind_of(const std::string& compiler, const CommandContext& context) {
  if (is_clang(compiler, context)) return CompilerKind::Clang;
  const std::string_view base = os::basename(compiler);
  for (const std::string_view name : {"gcc", "g++"})
    if (base.find(name) != std::string_view::npos) return CompilerKind::Gcc;
  return CompilerKind::Other;
}

DebugInformation debug_information(const CommandLine& command) {
  if (!wants_debug_information(command)) return DebugInformation::None;
  const bool macros =
      std::any_of(command.arguments.begin(), command.arguments.end(), [](const auto& argument) {
        const std::string word = compilation::as_word(argument);
        return argument.option == Option::DebugInfo && word.ends_with('3') && !word.starts_with("-gdwarf");
      });
  return macros ? DebugInformation::WithMacros : DebugInformation::Usual;
}

/// Sets what the command is with relative names in place of absolute ones: Decision::relative and absolute_because.
void set_names(const CommandContext& context, Decision& decision) {
  if (decision.compiler == CompilerKind::Other) {
    decision.absolute_because = decision.words.front();
    return;
  }
  const NamingRules rules{context.cwd, decision.compiler == CompilerKind::Clang, context.real_path};
  // In the words that are sent, variables and options for the preprocessor are options of the command.
  const auto sent = compilation::parse(decision.words, context.read);
  if (!sent) {
    decision.absolute_because = sent.error().message;
    return;
  }
  if (!has_absolute_names(*sent, rules)) return;
  decision.absolute_because = obstacle_to_relative_names(*sent, rules);
  if (decision.absolute_because.empty()) decision.use_relative(with_relative_names(*sent, rules));
}

object::ClientDirectory client_directory(const CommandLine& command, const std::string& source,
                                         const CommandContext& context) {
  object::ClientDirectory client;
  client.physical = context.cwd;
  client.logical = logical_directory(context.cwd, context.environment);
  if (source.starts_with('/')) client.source = source;
  client.prefix_maps = debug_prefix_maps(command);
  return client;
}

Decision local_decision(Fault fault, std::string source = {}, std::string output = {}) {
  Decision decision;
  decision.local = fault.reason;
  decision.detail = std::move(fault.detail);
  decision.source = std::move(source);
  decision.output = std::move(output);
  return decision;
}

}  // namespace

void Decision::use_relative(RelativeCommand command) {
  relative = std::move(command);
  client.names_relatively = [names = relative->names](std::string_view bytes) {
    return names.appear_in(bytes);
  };
}

Decision decide(const std::vector<std::string>& argv, const CommandContext& context) {
  if (context.environment.has("_DISTCC_SAFEGUARD"))
    return local_decision({LocalReason::InsideDistcc, "_DISTCC_SAFEGUARD"});
  auto command = compilation::parse(argv, context.read);
  if (!command) return local_decision({LocalReason::NotUnderstood, command.error().message});
  const std::vector<Source> inputs = compilation::inputs(*command);
  Decision decision;
  decision.source = inputs.empty() ? std::string() : inputs.front().argument->value;
  decision.output = output_of(*command, decision.source);
  const auto local = [&decision](Fault fault) {
    return local_decision(std::move(fault), decision.source, decision.output);
  };
  if (auto fault = find_fault(*command, inputs, context)) return local(*std::move(fault));

  const auto compiler = name_for_distccd(command->compiler, context);
  if (!compiler) return local({LocalReason::OtherCompiler, command->compiler});
  command->compiler = *compiler;
  DependencyRequest dependencies = dependency_request(*command, inputs.front(), decision.output);
  if (dependencies.fault) return local(*std::move(dependencies.fault));
  if (auto fault = check_output_places(decision.output, dependencies.file, context))
    return local(*std::move(fault));
  decision.dependencies = std::move(dependencies.file);
  if (auto fault = find_scan_fault(*command, decision.dependencies.has_value()))
    return local(*std::move(fault));
  decision.scan = scan_file(*command, decision.output);
  if (decision.scan && decision.scan->name.empty())
    return local({LocalReason::SideOutput, "-fdeps-format= with -o " + decision.output});

  if (const auto reason = find_unrepairable_output(*command)) return local({*reason, {}});
  if (asks_for_old_dwarf(*command) && !is_clang(command->compiler, context))
    return local({LocalReason::DebugNames, "-gdwarf-4, or an earlier version"});
  decision.client = client_directory(*command, decision.source, context);
  const std::string& language = inputs.front().language;
  decision.words = words_for_distcc(*command, language, decision, context);
  if (auto word = distcc::refused_word(decision.words)) return local({LocalReason::DistccRefuses, *word});

  decision.program = os::basename(argv.front());
  decision.compiler = kind_of(command->compiler, context);
  decision.debug = debug_information(*command);
  decision.messages = message_options(*command, decision.compiler == CompilerKind::Clang);
  decision.compiler_there = spelling_for_distccd(command->compiler, context);
  if (names_target(decision.compiler_there, decision.words))
    decision.words_there = {"-target", kTargetTriplet};
  set_names(context, decision);
  // With clang, a #line would take the MD5 sums out of DWARF 5, and leave the host's name in the data of a sanitizer.
  const bool names_matter = decision.debug != DebugInformation::None ||
                            std::string_view(decision.absolute_because).starts_with("-fsanitize");
  if (decision.compiler == CompilerKind::Clang && names_matter && !decision.absolute_because.empty())
    return local({LocalReason::DebugNames, decision.absolute_because});
  return decision;
}

}  // namespace pump::launcher

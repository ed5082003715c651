#include "tests/fuzz/options/commands.h"

#include <algorithm>
#include <array>

#include "tests/fuzz/differential_random.h"

namespace pump::fuzz::options {
namespace {

std::string with_project(std::string word, const std::string& project) {
  const std::string_view mark = kProject;
  for (std::size_t at = 0; (at = word.find(mark, at)) != std::string::npos; at += project.size())
    word.replace(at, mark.size(), project);
  return word;
}

std::string quoted(std::string word) {
  const bool plain = !word.empty() && word.find_first_of(" \"'$()<>;&|\\*?#`") == std::string::npos;
  word = with_project(std::move(word), "$P");
  return plain ? word : "'" + word + "'";
}

enum class Language { C, Cxx, ObjectiveC, ObjectiveCxx, Assembler };

Language language_of(const Compiler& compiler, Random& random) {
  const std::size_t at = random.below(100);
  if (at < 46) return Language::C;
  if (at < 92 || (compiler.family == Family::Gcc && at < 98)) return Language::Cxx;  // no gobjc here
  if (at < 95) return Language::ObjectiveC;
  return at < 98 ? Language::ObjectiveCxx : Language::Assembler;
}

std::string source_of(Language language) {
  switch (language) {
    case Language::C:
      return "src/a.c";
    case Language::Cxx:
      return "src/a.cc";
    case Language::ObjectiveC:
      return "src/a.m";
    case Language::ObjectiveCxx:
      return "src/a.mm";
    case Language::Assembler:
      return "src/a.S";
  }
  return {};
}

/// How a command names a file of the project.
std::string spelled(const std::string& name, bool absolute, Random& random) {
  if (absolute) return std::string(kProject) + "/" + name;
  return random.chance(15) ? "./" + name : name;
}

using Words = std::vector<std::string>;

const Words& pick(const std::vector<Words>& from, Random& random) {
  return random.pick(from);
}

}  // namespace

std::vector<std::string> Command::argv(const std::string& project) const {
  std::vector<std::string> words{compiler};
  for (const Group& group : groups)
    for (const std::string& word : group.words) words.push_back(with_project(word, project));
  return words;
}

std::string Command::text() const {
  std::string text = compiler;
  for (const Group& group : groups)
    for (const std::string& word : group.words) text += " " + quoted(word);
  return text;
}

std::string Command::options_text() const {
  std::string text;
  for (const Group& group : groups) {
    if (group.needed) continue;
    for (const std::string& word : group.words) text += (text.empty() ? "" : " ") + quoted(word);
  }
  return text;
}

Command baseline(const Compiler& compiler, bool cxx) {
  Command command;
  command.compiler = cxx ? compiler.cxx : compiler.c;
  command.groups = {{{"-Iinc", "-isystem", "sys"}, true},
                    {{"-O2", "-Wall", "-g"}, true},
                    {{"-MD", "-MF", "out/a.d"}, true},
                    {{"-c", cxx ? "src/a.cc" : "src/a.c", "-o", "out/a.o"}, true}};
  return command;
}

Command with_options(const Compiler& compiler, const std::vector<Choice>& choices, std::uint64_t seed,
                     Names names) {
  Random random(seed);
  const Language language = language_of(compiler, random);
  const bool absolute = names.absolute && (!names.relative || random.chance(50));
  Command command;
  const bool cxx = language == Language::Cxx || language == Language::ObjectiveCxx;
  command.compiler = cxx ? compiler.cxx : compiler.c;
  const std::string inc = spelled("inc", absolute && random.chance(70), random);
  command.groups.push_back({{"-I" + inc}, true});
  command.groups.push_back({{"-isystem", spelled("sys", absolute && random.chance(50), random)}, true});

  static const std::vector<Words> optimize{{}, {}, {"-O0"}, {"-O1"}, {"-O2"}, {"-O2"}, {"-O3"}, {"-Os"}};
  static const std::vector<Words> debug{{}, {}, {}, {"-g"}, {"-g"}, {"-g3"}, {"-ggdb"}, {"-g1"}};
  static const std::vector<Words> warn{{}, {}, {"-Wall"}, {"-Wall", "-Wextra"}, {"-w"}};
  static const std::vector<Words> depend{{},
                                         {},
                                         {"-MD"},
                                         {"-MMD"},
                                         {"-MD", "-MF", "out/x.d"},
                                         {"-MMD", "-MP", "-MF", "out/x.d"},
                                         {"-MD", "-MT", "t", "-MF", "x.d"},
                                         {"-Wp,-MD,out/x.d"}};
  std::vector<Words> options;
  for (const auto* from : {&optimize, &debug, &warn, &depend}) options.push_back(pick(*from, random));
  // At a random place, so that either may win.
  for (const Choice& choice : choices)
    options.insert(options.begin() + static_cast<std::ptrdiff_t>(random.below(options.size() + 1)),
                   choice.words);
  for (Words& words : options)
    if (!words.empty()) command.groups.push_back({std::move(words), false});

  static const std::vector<Words> output{{"-o", "out/a.o"}, {"-o", "out/a.o"}, {"-o", "out/a.o"}, {},
                                         {"-o", "a.o"},     {"-oout/a.o"}};
  Words place = pick(output, random);
  if (absolute && !place.empty() && random.chance(60)) place = {"-o", "@PROJECT@/out/a.o"};
  Words compile{random.chance(92) ? "-c" : "-S", spelled(source_of(language), absolute, random)};
  if (!place.empty()) command.groups.push_back({std::move(place), false});
  command.groups.insert(
      command.groups.begin() + static_cast<std::ptrdiff_t>(random.below(command.groups.size() + 1)),
      {std::move(compile), true});
  return command;
}

std::vector<Choice> random_choices(const std::vector<Choice>& list, std::uint64_t seed, std::uint64_t number,
                                   std::size_t count) {
  constexpr std::array kKinds{Kind::Code,  Kind::Code,      Kind::Machine,  Kind::Warning,
                              Kind::Debug, Kind::Parameter, Kind::Frontend, Kind::Other};
  Random random(seed * 0x100000001b3U + number);
  std::vector<Choice> chosen;
  while (chosen.size() < count) {
    const Kind kind = kKinds[random.below(kKinds.size())];
    // The list has options of each kind but parameters of clang.
    for (int attempt = 0; attempt < 200; ++attempt) {
      const Choice& choice = random.pick(list);
      if (choice.kind != kind) continue;
      chosen.push_back(choice);
      break;
    }
  }
  return chosen;
}

}  // namespace pump::fuzz::options

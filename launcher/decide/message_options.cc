#include "launcher/decide/message_options.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace pump::launcher {
namespace {

struct ColourWord {
  std::string_view word;
  Colours colours;
};
constexpr std::array<ColourWord, 8> kColourWords{{{"-fdiagnostics-color", Colours::Always},
                                                  {"-fdiagnostics-color=always", Colours::Always},
                                                  {"-fdiagnostics-color=never", Colours::Never},
                                                  {"-fdiagnostics-color=auto", Colours::Auto},
                                                  {"-fno-diagnostics-color", Colours::Never},
                                                  {"-fdiagnostics-plain-output", Colours::Never},
                                                  {"-fcolor-diagnostics", Colours::Always},
                                                  {"-fno-color-diagnostics", Colours::Never}}};

/// Whether gcc warns of misleading indentation. The option itself counts more than its group, wherever they stand.
class MisleadingIndentation {
 public:
  void read(std::string_view word) {
    if (word == "-Wall" || word == "-Wno-all") by_group_ = word == "-Wall";
    if (word == "-Wmisleading-indentation" || word == "-Werror=misleading-indentation") by_itself_ = true;
    if (word == "-Wno-misleading-indentation") by_itself_ = false;
    silent_ = silent_ || word == "-w";
  }
  [[nodiscard]] bool warns() const { return !silent_ && by_itself_.value_or(by_group_); }

 private:
  std::optional<bool> by_itself_;
  bool by_group_ = false, silent_ = false;
};

/// True if messages in this layout have lines broken by the length of names, or hold more names than can be replaced, or
/// quotation marks that nothing distinguishes from others.
bool is_obstacle(std::string_view word, bool clang) {
  constexpr std::array<std::string_view, 3> kPrefixes{
      "-fdiagnostics-format=json", "-fdiagnostics-format=sarif", "-fdiagnostics-text-art-charset="};
  if (word.starts_with("-fmessage-length=")) return word != "-fmessage-length=0";
  if (clang && word == "-fdiagnostics-absolute-paths") return true;
  // Diagrams that depend on the locale; links.
  if (!clang && (word == "-fanalyzer" || word == "-fdiagnostics-urls=always")) return true;
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [word](std::string_view prefix) { return word.starts_with(prefix); });
}

}  // namespace

MessageOptions message_options(const compilation::CommandLine& command, bool clang) {
  MessageOptions options;
  MisleadingIndentation indentation;
  for (const compilation::Argument& argument : command.arguments) {
    const std::string_view word = command.words[argument.first];
    const auto colour = std::find_if(kColourWords.begin(), kColourWords.end(),
                                     [word](const ColourWord& one) { return one.word == word; });
    if (colour != kColourWords.end()) options.colours = colour->colours;
    if (word == "-fdiagnostics-urls=never" || word == "-fdiagnostics-plain-output") options.urls = false;
    if (word == "-fdiagnostics-urls=auto") options.urls = true;
    if (word == "-fdiagnostics-show-caret" || word == "-fcaret-diagnostics") options.quotes_lines = true;
    if (word == "-fno-diagnostics-show-caret" || word == "-fno-caret-diagnostics" ||
        word == "-fdiagnostics-plain-output")
      options.quotes_lines = false;
    if (word == "-frecord-gcc-switches") options.records_words = true;
    if (word == "-fno-record-gcc-switches") options.records_words = false;
    indentation.read(word);
    if (word == "-Wall" || word.starts_with("-Wunused") || word.starts_with("-Werror=unused"))
      options.warns_of_unused = !clang;
    if (options.obstacle.empty() && is_obstacle(word, clang)) options.obstacle = word;
  }
  options.warns_of_indentation = !clang && indentation.warns();
  return options;
}

}  // namespace pump::launcher

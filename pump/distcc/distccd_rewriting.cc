#include "pump/distcc/distccd_rewriting.h"

#include <array>
#include <string_view>

#include "pump/distcc/distcc_arguments.h"
#include "pump/os/text.h"

namespace pump::distcc {
namespace {

using compilation::CommandLine;

constexpr std::array<std::string_view, 9> kRewritten = {
    "-I",           "-include",           "-imacros", "-idirafter", "-iprefix",
    "-iwithprefix", "-iwithprefixbefore", "-isystem", "-iquote"};

// A word that distccd sees. The client replaces -Wp,a,b by a and b, and does not expand @files.
struct SentWord {
  std::string_view text;
  std::size_t word;  ///< index in CommandLine::words
  bool rewritten = false;
};

std::vector<SentWord> sent_words(const CommandLine& command) {
  std::vector<SentWord> sent;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    if (command.origins[i] == compilation::kFromResponseFile) continue;
    std::string_view text = command.words[i];
    if (!text.starts_with("-Wp,")) {
      sent.push_back({text, i});
      continue;
    }
    for (const std::string_view word : os::split(text.substr(4), ',')) sent.push_back({word, i});
  }
  return sent;
}

void rewrite_include_options(std::vector<SentWord>& sent) {
  for (std::size_t i = 0; i < sent.size(); ++i) {
    for (const std::string_view option : kRewritten) {
      if (!sent[i].text.starts_with(option)) continue;
      std::string_view value = sent[i].text.substr(option.size());
      if (value.empty()) {
        if (++i == sent.size()) return;
        value = sent[i].text;
      }
      if (value.starts_with('/')) sent[i].rewritten = true;
      break;
    }
  }
}

}  // namespace

DistccdRewriting::DistccdRewriting(const CommandLine& command) : rewritten_(command.words.size(), false) {
  std::vector<SentWord> sent = sent_words(command);
  rewrite_include_options(sent);
  // distccd rewrites the first word that looks like an absolute source, which may be another word than the
  // source.
  for (SentWord& word : sent) {
    if (!is_source(word.text)) continue;
    const bool absolute = word.text.starts_with('/') || (word.rewritten && !word.text.starts_with('-'));
    if (!absolute) continue;
    // A word that is rewritten twice names nothing.
    word.rewritten = !word.rewritten;
    break;
  }
  for (const SentWord& word : sent)
    if (word.rewritten) rewritten_[word.word] = true;
}

bool DistccdRewriting::rewrites(const compilation::Argument& argument) const {
  return argument.value_word < rewritten_.size() && rewritten_[argument.value_word];
}

}  // namespace pump::distcc

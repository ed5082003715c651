#include "pump/distcc/distcc_arguments.h"

#include <algorithm>
#include <array>

#include "pump/os/file_io.h"

namespace pump::distcc {
namespace {

constexpr std::array<std::string_view, 8> kPlain{"c", "cc", "cpp", "cxx", "cp", "c++", "C", "m"};
constexpr std::array<std::string_view, 2> kObjectiveCxx{"mm", "M"};
constexpr std::array<std::string_view, 4> kPreprocessed{"i", "ii", "mi", "mii"};

/// The part after the last dot of the last component.
std::string_view suffix_of(std::string_view file) {
  const std::size_t dot = file.rfind('.');
  if (dot == std::string_view::npos || file.find('/', dot) != std::string_view::npos) return {};
  return file.substr(dot + 1);
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// True for an option that keeps distcc from sending a command, even if another machine could compile it.
bool refuses_option(std::string_view word) {
  if (word == "-flto" || word == "-frepo" || word == "-fprofile-correction") return true;
  for (const std::string_view prefix :
       {"-specs=", "-fprofile-generate", "-fprofile-use", "-fauto-profile", "-dr"})
    if (word.starts_with(prefix)) return true;
  return word.starts_with("-Wa,") &&
         (word.find(",-a") != std::string_view::npos || word.find("--MD") != std::string_view::npos);
}

bool accepts_language(std::string_view language) {
  return language.starts_with("c") || language.starts_with("objective-c") || language.starts_with("go");
}

}  // namespace

bool is_preprocessed_source(std::string_view file) {
  return contains(kPreprocessed, suffix_of(file));
}

bool is_source(std::string_view file) {
  const std::string_view suffix = suffix_of(file);
  return contains(kPlain, suffix) || contains(kObjectiveCxx, suffix) || contains(kPreprocessed, suffix);
}

bool is_autoconf_check(std::string_view file) {
  const std::string_view base = os::basename(file);
  return base.starts_with("conftest.") || base.starts_with("tmp.conftest.");
}

std::optional<std::string> refused_word(const std::vector<std::string>& words) {
  int sources = 0;
  int outputs = 0;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "-MD" || word == "-MMD" || word == "-MG" || word == "-MP") continue;
    if (word == "-MF" || word == "-MT" || word == "-MQ") {
      ++i;
    } else if (word.starts_with("-MF") || word.starts_with("-MT") || word.starts_with("-MQ")) {
      continue;
    } else if (word.starts_with("-M") || refuses_option(word)) {
      return word;
    } else if (word.starts_with("-x")) {
      if (i + 1 < words.size() && !accepts_language(words[i + 1])) return word;
    } else if (word.starts_with("-o")) {
      if (word.size() == 2) ++i;
      if (++outputs > 1) return word;
    } else if (!word.starts_with("-")) {
      if (is_source(word) && ++sources > 1) return word;
      if (suffix_of(word) == "o" && ++outputs > 1) return word;
    }
  }
  return {};
}

}  // namespace pump::distcc

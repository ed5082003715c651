// A CommandContext with files, programs and variables that exist only in the test.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "launcher/decide/decide.h"

namespace pump::launcher {

/// "g++ -c a.cc" as words; no quoting.
inline std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

/// Identity of a program on a machine whose cc and c++ are gcc and g++.
inline std::string usual_program(const std::string& path) {
  std::string name = path.substr(path.rfind('/') + 1);
  for (const char* triplet : {"x86_64-linux-gnu-g", "aarch64-linux-gnu-g"})
    if (name.starts_with(triplet)) name.erase(0, std::string(triplet).size() - 1);
  return name == "cc" ? "gcc" : name == "c++" ? "g++" : name;
}

class Decisions : public ::testing::Test {
 protected:
  std::map<std::string, std::string> files{
      {"a.cc", "int a;\n"}, {"a.c", "int a;\n"}, {"dir/a.cc", "int a;\n"}};
  /// Executable files by path. Equal values are the same file. Values that begin with "#!" are scripts;
  /// others are the base name after links are followed.
  std::map<std::string, std::string> programs;
  /// Programs that are not in `programs` exist in every directory.
  bool every_program_exists = true;
  std::map<std::string, OutputPlace> places;  ///< New for all others
  std::map<std::string, std::string> links;   ///< paths that lead over a link, and their real paths
  std::vector<std::string> variables;
  std::string cwd = "/home/user/build";

  [[nodiscard]] CommandContext here() const {
    return {.cwd = cwd,
            .environment = os::Environment::from_strings(variables),
            .read = [this](const std::string& path) -> std::optional<std::string> {
              const auto found = files.find(path);
              if (found == files.end()) return {};
              return found->second;
            },
            .exists = [this](const std::string& path) { return files.count(path) != 0; },
            .identity = [this](const std::string& path) -> std::string {
              const auto found = programs.find(path);
              if (found != programs.end()) return found->second;
              return every_program_exists ? usual_program(path) : std::string();
            },
            .binary = [this](const std::string& path) -> std::string {
              const auto found = programs.find(path);
              if (found == programs.end()) return path;
              return found->second.starts_with("#!") ? std::string() : found->second;
            },
            .output_place =
                [this](const std::string& path) {
                  const auto found = places.find(path);
                  return found == places.end() ? OutputPlace::New : found->second;
                },
            .real_path = [this](const std::string& path) -> std::string {
              const auto found = links.find(path);
              return found == links.end() ? path : found->second;
            }};
  }
  [[nodiscard]] Decision decide_line(const std::string& line) const { return decide(words_of(line), here()); }

  void expect_remote(const std::string& line) const {
    const Decision decision = decide_line(line);
    EXPECT_TRUE(decision.distribute()) << line << ": " << name(decision.local.value_or(LocalReason::NoHosts))
                                       << " (" << decision.detail << ")";
  }
  void expect_local(const std::string& line, LocalReason reason) const {
    const Decision decision = decide_line(line);
    ASSERT_TRUE(decision.local) << line << ": expected " << name(reason);
    EXPECT_EQ(name(*decision.local), name(reason)) << line << " (" << decision.detail << ")";
  }
  void expect_words(const std::string& line, const std::string& sent) const {
    const Decision decision = decide_line(line);
    ASSERT_TRUE(decision.distribute())
        << line << ": " << name(*decision.local) << " (" << decision.detail << ")";
    EXPECT_EQ(decision.words, words_of(sent)) << line;
  }
};

}  // namespace pump::launcher

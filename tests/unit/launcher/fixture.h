// A command line with files and variables that exist only in the test.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "launcher/decide.h"

namespace pump::launcher {

/// "g++ -c a.cc" as words; no quoting.
inline std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

class Decisions : public ::testing::Test {
 protected:
  std::map<std::string, std::string> files{
      {"a.cc", "int a;\n"}, {"a.c", "int a;\n"}, {"dir/a.cc", "int a;\n"}};
  std::map<std::string, std::string> programs;  ///< executable files by path; equal values are one file
  std::vector<std::string> variables;
  std::string cwd = "/home/user/build";

  [[nodiscard]] Surroundings here() const {
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
              return found == programs.end() ? std::string() : found->second;
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
  void expect_words(const std::string& line, const std::string& travelling) const {
    const Decision decision = decide_line(line);
    ASSERT_TRUE(decision.distribute())
        << line << ": " << name(*decision.local) << " (" << decision.detail << ")";
    EXPECT_EQ(decision.words, words_of(travelling)) << line;
  }
};

}  // namespace pump::launcher

#include "launcher/run/remote_outputs.h"

#include <gtest/gtest.h>

namespace pump::launcher {
namespace {

std::string localized(const std::string& messages, const std::string& there, const std::string& here) {
  Decision decision;
  decision.compiler_there = there;
  decision.compiler_here = here;
  return local_messages(messages, decision);
}

TEST(LocalMessages, TheDriverHasTheNameOfTheUsersCommand) {
  const std::string there = "x86_64-linux-gnu-gcc";
  EXPECT_EQ(localized(there + ": warning: a\n" + there + ": warning: b\n", there, "cc"),
            "cc: warning: a\ncc: warning: b\n");
  EXPECT_EQ(localized("a.c:1: x\n" + there + ": no newline", there, "gcc"), "a.c:1: x\ngcc: no newline");
  EXPECT_EQ(localized("\033[01m\033[K" + there + ":\033[m\033[K \033[01;35mwarning", there, "gcc"),
            "\033[01m\033[Kgcc:\033[m\033[K \033[01;35mwarning");
  EXPECT_EQ(localized("", there, "gcc"), "");
}

TEST(LocalMessages, OtherTextStays) {
  const std::string there = "g++-12";
  for (const std::string text : {"  g++-12: quoted\n", "a.cc:1:1: error: g++-12: x\n", "xg++-12: y\n",
                                 "g++-12 z\n", "\n\n", "\033[", "\033[01mtext g++-12: \n"})
    EXPECT_EQ(localized(text, there, "g++"), text);
}

}  // namespace
}  // namespace pump::launcher

#include "launcher/remote/failure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>

namespace pump::launcher {
namespace {

using scheduler::Outcome;
using testing::HasSubstr;

constexpr int kExit1 = 1 << 8;

void expect(Outcome outcome, int status, const std::string& messages, const std::string& detail) {
  const Failure judged = judge_reply(status, messages);
  EXPECT_EQ(scheduler::Outcome(judged.outcome), outcome) << messages;
  EXPECT_THAT(judged.detail, HasSubstr(detail)) << messages;
  EXPECT_FALSE(judged.here);
}

TEST(JudgeReply, AScriptThatDoesNotFindTheCompilerIsNoFaultOfTheUnit) {
  const Failure failure = judge_reply(127 << 8, "/usr/local/bin/g++: 2: exec: /usr/bin/g++-11: not found\n");
  EXPECT_EQ(failure.outcome, scheduler::Outcome::CompilerRefused);
  EXPECT_EQ(failure.detail, "/usr/local/bin/g++: 2: exec: /usr/bin/g++-11: not found");
}

TEST(JudgeReply, SuccessAndCompileErrors) {
  expect(Outcome::Ok, 0, "a.cc:1:5: warning: No space left on device\n", "");
  expect(Outcome::CompileError, kExit1,
         "a.cc: In function ‘int f()’:\na.cc:1:5: error: ‘x’ was not declared\n", "a.cc: In function");
}

TEST(JudgeReply, AFullDisk) {
  for (const char* line :
       {"a.cc:9:1: fatal error: error writing to /tmp/ccx.s: No space left on device",
        "{standard input}: Fatal error: can't write 64 bytes to section .text of a.o: 'No space left "
        "on device'",
        "Cannot create temporary file in /tmp/: No space left on device",
        "clang: error: unable to make temporary file: No space left on device",
        "distccd[12] (dcc_x) ERROR: failed to open /tmp/x: No space left on device"})
    expect(Outcome::NoSpace, kExit1, std::string("a.cc:1:2: warning: x\n") + line + "\n", "o space left");
}

TEST(JudgeReply, AFailureWithoutAnyMessageIsTakenForAFullDisk) {
  expect(Outcome::NoSpace, kExit1, "", "without a message");
}

TEST(JudgeReply, ShortMemory) {
  for (const char* line :
       {"g++: fatal error: Killed signal terminated program cc1plus",
        "g++: internal compiler error: Killed (program cc1plus)",
        "cc1plus: out of memory allocating 65536 bytes after a total of 1000 bytes",
        "virtual memory exhausted: Cannot allocate memory", "LLVM ERROR: out of memory",
        "clang-14: error: unable to execute command: Killed",
        "\033[01m\033[Kg++:\033[m\033[K \033[01;31m\033[Kfatal error: \033[m\033[KKilled signal "
        "terminated program cc1plus"})
    expect(Outcome::NoMemory, kExit1, std::string(line) + "\ncompilation terminated.\n", "");
  expect(Outcome::NoMemory, SIGKILL, "", "signal 9");
}

TEST(JudgeReply, CompilersThatCrash) {
  for (const char* line :
       {"a.cc:5:1: internal compiler error: Segmentation fault",
        "a.cc:5:1: internal compiler error: in f, at x.c:1",
        "g++: fatal error: Segmentation fault signal terminated program cc1plus",
        "clang: error: clang frontend command failed due to signal (use -v to see invocation)",
        "clang: error: unable to execute command: Segmentation fault"})
    expect(Outcome::CompilerCrashed, kExit1, std::string(line) + "\n", line);
  expect(Outcome::CompilerCrashed, SIGSEGV, "", "signal 11");
  expect(Outcome::CompilerCrashed, SIGABRT | 0x80, "g++: terminate called\n",
         "signal 6: g++: terminate called");
}

TEST(JudgeReply, AServerThatIsBeingStopped) {
  expect(Outcome::Reset, SIGTERM, "", "signal 15");
  expect(Outcome::Reset, kExit1, "g++: fatal error: Terminated signal terminated program cc1plus\n",
         "Terminated");
}

TEST(JudgeReply, AMissingCompiler) {
  expect(Outcome::CompilerRefused, 110 << 8,
         "distccd[7] (dcc_execvp) ERROR: failed to exec g++-99: No such file or directory\n",
         "distccd failed with code 110: failed to exec g++-99");
  expect(Outcome::CompilerRefused, kExit1,
         "g++: fatal error: cannot execute ‘cc1plus’: execvp: No such file or directory\n", "cc1plus");
  expect(Outcome::CompilerRefused, kExit1,
         "g++: error trying to exec 'cc1plus': execvp: No such file or directory\n", "cc1plus");
}

TEST(JudgeReply, DistccdsOwnFailures) {
  expect(Outcome::NoMemory, 105 << 8, "", "105");
  expect(Outcome::NoSpace, 107 << 8, "", "107");
  expect(Outcome::Stalled, 118 << 8, "", "118");
  expect(Outcome::Reset, 100 << 8, "", "100");
  expect(Outcome::CompileError, 255 << 8, "clang: note: diagnostic msg: a reproducer\n", "reproducer");
  expect(Outcome::NoSpace, 100 << 8, "distccd[1] (f) ERROR: No space left on device\n", "No space");
}

TEST(JudgeReply, WordsOfTheSourceAreNoFaultOfTheHost) {
  for (const char* text :
       {"a.cc:1:2: error: #error No space left on device\n    1 | #error No space left on device\n",
        "a.cc:1:15: error: static assertion failed: internal compiler error\n",
        "a.cc:1: error: out of memory\n", "{standard input}:3: Error: out of memory\n",
        "a.cc:1:1: note: '#pragma message: Killed signal terminated program'\n\tout of memory\n"})
    expect(Outcome::CompileError, kExit1, text, "");
}

TEST(JudgeReply, DetailsAreOneShortLineOfText) {
  const Failure judged =
      judge_reply(kExit1, "a\001\tb" + std::string(1, '\0') + std::string(10'000, 'x') + "\nsecond");
  EXPECT_EQ(judged.detail.substr(0, 7), "a  b xx");
  EXPECT_LT(judged.detail.size(), 1000U);
}

TEST(OutcomeOfErrno, TellsAMachineThatRefusesFromOneThatIsNotThere) {
  EXPECT_EQ(outcome_of_errno(ECONNREFUSED), Outcome::Refused);
  EXPECT_EQ(outcome_of_errno(EHOSTUNREACH), Outcome::Unreachable);
  EXPECT_EQ(outcome_of_errno(ETIMEDOUT), Outcome::Unreachable);
  EXPECT_EQ(outcome_of_errno(ECONNRESET), Outcome::Reset);
  EXPECT_EQ(outcome_of_errno(EPIPE), Outcome::Reset);
}

}  // namespace
}  // namespace pump::launcher

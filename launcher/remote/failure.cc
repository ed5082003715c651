#include "launcher/remote/failure.h"

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>

#include "pump/os/format.h"
#include "pump/os/text.h"

namespace pump::launcher {
namespace {

using scheduler::Outcome;

// distccd's own exit codes, which it sends in place of the compiler's (distcc 3.4, src/exitcode.h). Compilers have
// smaller ones, or larger ones: clang ends with 255 if it was asked for a reproducer.
constexpr int kFirstOfDistccd = 100, kLastOfDistccd = 119;
constexpr int kCompilerCrashed = 104;
constexpr int kOutOfMemory = 105;
constexpr int kIoError = 107;
constexpr int kCompilerMissing = 110;
constexpr int kTimeout = 118;

struct Sign {
  std::string_view text;
  Outcome outcome;
};

/// In the order in which they count: the assembler's full disk makes gcc's pipe break, too.
constexpr std::array kSigns{
    Sign{"No space left on device", Outcome::NoSpace},
    Sign{"Disk quota exceeded", Outcome::NoSpace},
    Sign{"annot create temporary file", Outcome::NoSpace},
    Sign{"Killed signal terminated program", Outcome::NoMemory},
    Sign{"internal compiler error: Killed", Outcome::NoMemory},  // gcc before 9
    Sign{"unable to execute command: Killed", Outcome::NoMemory},
    Sign{"out of memory", Outcome::NoMemory},
    Sign{"virtual memory exhausted", Outcome::NoMemory},
    Sign{"annot allocate memory", Outcome::NoMemory},
    Sign{"std::bad_alloc", Outcome::NoMemory},
    Sign{"Terminated signal terminated program", Outcome::Reset},  // the server is being stopped
    Sign{"Interrupt signal terminated program", Outcome::Reset},
    Sign{"Hangup signal terminated program", Outcome::Reset},
    Sign{"signal terminated program", Outcome::CompilerCrashed},
    Sign{"internal compiler error", Outcome::CompilerCrashed},
    Sign{"unable to execute command: ", Outcome::CompilerCrashed},
    Sign{"frontend command failed", Outcome::CompilerCrashed},
    Sign{"PLEASE submit a bug report", Outcome::CompilerCrashed},
    Sign{"error trying to exec", Outcome::CompilerRefused},  // cc1plus or as is missing
    Sign{"cannot execute", Outcome::CompilerRefused},
    Sign{"failed to exec", Outcome::CompilerRefused},
};

/// True for ":12: " as in "a.cc:12:3: error: …".
bool has_line_number(std::string_view line) {
  for (std::size_t at = 0; (at = line.find(':', at)) != std::string_view::npos;) {
    const std::size_t end = line.find_first_not_of("0123456789", ++at);
    if (end != at && end != std::string_view::npos && line.substr(end).starts_with(": ")) return true;
  }
  return false;
}

/// True for lines with the user's words: quotations, which begin with a blank, and diagnostics about a line of the
/// source. Of those, only fatal errors may come from the machine.
bool quotes_source(std::string_view line) {
  if (line.empty() || line.front() == ' ' || line.front() == '\t') return true;
  return has_line_number(line) && line.find(": fatal error: ") == std::string_view::npos &&
         line.find(": internal compiler error: ") == std::string_view::npos;
}

/// A line for a person and a record: without "distccd[PID] (function) ERROR: ", of bounded length, of one line.
std::string words_of(std::string_view line) {
  constexpr std::size_t kLongest = 400;
  if (line.starts_with("distccd[")) {
    const std::size_t start = line.find(": ");
    if (start != std::string_view::npos) line.remove_prefix(start + 2);
  }
  std::string words(line.substr(0, kLongest));
  for (char& c : words)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  return words;
}

/// The text without escape sequences, with which compilers colour it (-fdiagnostics-color).
std::string without_colours(std::string_view text) {
  std::string plain;
  while (true) {
    const std::size_t escape = text.find("\033[");
    plain += text.substr(0, escape);
    if (escape == std::string_view::npos) return plain;
    const std::size_t end = text.find_first_not_of("0123456789;", escape + 2);
    if (end == std::string_view::npos) return plain;
    text.remove_prefix(end + 1);  // with the letter that ends the sequence
  }
}

std::optional<Failure> find_sign(std::string_view messages) {
  std::optional<Failure> found;
  std::size_t rank = kSigns.size();
  os::for_each_line(messages, [&](std::string_view line) {
    if (quotes_source(line)) return;
    for (std::size_t i = 0; i < rank; ++i) {
      if (line.find(kSigns[i].text) == std::string_view::npos) continue;
      found = Failure{kSigns[i].outcome, words_of(line)};
      rank = i;
    }
  });
  return found;
}

std::string first_line(std::string_view messages) {
  std::string first;
  os::for_each_line(messages, [&](std::string_view line) {
    if (first.empty()) first = words_of(line);
  });
  return first;
}

Outcome outcome_of_signal(int signal) {
  switch (signal) {
    case SIGKILL:  // by the kernel, when memory is short
      return Outcome::NoMemory;
    case SIGTERM:  // the server is being stopped
    case SIGINT:
    case SIGHUP:
      return Outcome::Reset;
    default:
      return Outcome::CompilerCrashed;
  }
}

Outcome outcome_of_distccd(int code) {
  switch (code) {
    case kCompilerMissing:
      return Outcome::CompilerRefused;
    case kOutOfMemory:
      return Outcome::NoMemory;
    case kCompilerCrashed:
      return Outcome::CompilerCrashed;
    case kTimeout:  // distccd --job-lifetime
      return Outcome::Stalled;
    case kIoError:  // it cannot open the compiler's output files
      return Outcome::NoSpace;
    default:
      return Outcome::Reset;
  }
}

std::string with_words(std::string text, std::string_view messages) {
  if (const std::string words = first_line(messages); !words.empty()) (text += ": ") += words;
  return text;
}

}  // namespace

Outcome outcome_of_errno(int code) {
  switch (code) {
    case ECONNREFUSED:
      return Outcome::Refused;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
      return Outcome::Reset;
    default:  // no route, no answer to keepalive probes, a firewall
      return Outcome::Unreachable;
  }
}

Failure judge_reply(int wait_status, std::string_view coloured) {
  if (wait_status == 0) return {Outcome::Ok, ""};
  const std::string messages = without_colours(coloured);
  if (WIFSIGNALED(wait_status)) {
    const int signal = WTERMSIG(wait_status);
    return {outcome_of_signal(signal),
            with_words(os::format("the compiler was ended by signal {}", signal), messages)};
  }
  const int code = WEXITSTATUS(wait_status);
  std::optional<Failure> sign = find_sign(messages);
  if (code >= kFirstOfDistccd && code <= kLastOfDistccd) {
    const Outcome outcome = outcome_of_distccd(code);
    if (sign && outcome == Outcome::Reset) return *sign;
    return {outcome, with_words(os::format("distccd failed with code {}", code), messages)};
  }
  // A script in place of the compiler, whose shell did not find the real one. Compilers do not use this code.
  constexpr int kNotFoundByShell = 127;
  if (code == kNotFoundByShell) return {Outcome::CompilerRefused, first_line(messages)};
  if (sign) return *sign;
  // The messages pass through a file on the server. A compiler that fails says why.
  if (first_line(messages).empty())
    return {Outcome::NoSpace,
            os::format("the compiler failed ({}) without a message, as on a full disk", code)};
  return {Outcome::CompileError, first_line(messages)};
}

}  // namespace pump::launcher

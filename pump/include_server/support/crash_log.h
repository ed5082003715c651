// Records crashes, so that the next server refuses the input that crashed this one instead of crashing again.
//
// A thread marks the input that it works on (InputMark). The signal handler (SIGSEGV, SIGBUS, SIGFPE, SIGILL,
// SIGABRT) appends one line to a file, then restores the previous action, and the signal takes effect. The
// handler uses only async-signal-safe calls and static memory. It runs on an alternate stack (SignalStack),
// so a stack overflow is recorded, too.
//
// An input is refused as long as the server is the same program; another build may not crash any more.
// Rejected: to end the refusal when a source changes. The crash would come back with every edit of a header,
// and cost all other clients their answers each time. A refusal costs one unit its answer, and is logged.
//
// One line:  SIGNAL at ADDRESS pc OFFSET input HASH command TEXT
// OFFSET is relative to the executable, as addr2line expects it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pump/include_server/support/content_hash.h"
#include "pump/include_server/support/options.h"

namespace pump::include_server {

/// The crash file: next to the log or, without one, next to the socket: "<log or socket>.crashed".
std::string crash_file_of(const Options& options);
/// Installs the handlers, which write to `file`. Process-wide; the last call counts. Any thread, one at a
/// time.
void install_crash_log(const std::string& file);
/// Removes the handlers.
void remove_crash_log();

/// Combines a request's hash with the identity of this program (size and time of the executable).
ContentHash crash_key(const ContentHash& request);
/// True if the content has a line about `input`, a crash_key().
bool crashed_before(std::string_view crash_file_content, const ContentHash& input);
/// The last 256 KiB of a crash file; empty if it does not exist, or is not a regular file.
std::string read_crash_file(const std::string& file);

/// Marks what the calling thread works on, from construction to destruction. `input`: a crash_key(). Marks
/// may be nested: when an inner one ends, the outer one is in force again.
class InputMark {
 public:
  InputMark(const ContentHash& input, std::string_view cwd, const std::string* argv,
            std::size_t argc) noexcept;
  ~InputMark();
  InputMark(const InputMark&) = delete;
  InputMark& operator=(const InputMark&) = delete;

 private:
  std::string outer_;  ///< the text of the outer mark; usually empty
};

/// Gives the calling thread an alternate signal stack of 64 KiB, from construction to destruction.
class SignalStack {
 public:
  SignalStack();
  ~SignalStack();
  SignalStack(const SignalStack&) = delete;
  SignalStack& operator=(const SignalStack&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// 32 hexadecimal digits.
std::array<char, 32> hash_text(const ContentHash& hash);

}  // namespace pump::include_server

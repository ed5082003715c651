// What is left of a crash: where it was and on which input, so that the next server refuses that input
// instead of crashing again.
//
// A thread marks the input it works on; the signal handler (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) appends
// one line to a file and lets the signal take its course. The handler uses only async-signal-safe calls and
// memory set aside beforehand; it runs on an alternate stack, so that a stack overflow is reported, too.
//
// The refusal lasts as long as this very program does: another build may not crash any more. It does not end
// with an edit of the sources, which would bring the crash back with every edit of a header and cost all other
// clients their answers each time; here it costs one unit its preprocessing, and the log says so.
//
// One line:  SIGNAL at ADDRESS pc OFFSET input HASH command TEXT   (OFFSET: into the executable, for
// addr2line)
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pump/include_server/support/content_hash.h"
#include "pump/include_server/support/options.h"

namespace pump::include_server {

/// Beside the log, or else beside the socket: "<log or socket>.crashed".
std::string crash_file_of(const Options& options);
/// Installs the handlers; `file` is where they write. Process-wide; the last call wins.
void install_crash_log(const std::string& file);
/// Takes the handlers off again.
void remove_crash_log();

/// Stands for a request and the program (size and time of the executable) that it may crash.
ContentHash crash_key(const ContentHash& request);
/// True where `file` holds a line about `input`. Reads the last 256 KiB of it.
bool crashed_before(std::string_view crash_file_content, const ContentHash& input);
/// The content of a crash file, or nothing where there is none.
std::string read_crash_file(const std::string& file);

/// "Now this thread works on this input": from construction to destruction. Inside another one's life (a thread that
/// waits does somebody else's spare job) the other one counts again afterwards.
class InputMark {
 public:
  InputMark(const ContentHash& input, std::string_view cwd, const std::string* argv,
            std::size_t argc) noexcept;
  ~InputMark();
  InputMark(const InputMark&) = delete;
  InputMark& operator=(const InputMark&) = delete;

 private:
  std::string outer_;  ///< the text that was in force before; usually none
};

/// An alternate signal stack for the calling thread, from construction to destruction.
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

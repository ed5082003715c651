#include "pump/include_server/support/crash_log.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "pump/os/file_io.h"

extern "C" const char
    __executable_start;  // defined by the linker: the address at which the executable is loaded

namespace pump::include_server {
namespace {

constexpr std::array kSignals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t kSummary = 1024;
constexpr std::size_t kReadBack = 256U << 10U;
constexpr std::size_t kStackSize = 64U << 10U;

char crash_file[4096];
struct sigaction previous_actions[kSignals.size()];
bool installed = false;

/// The mark, formatted in advance for the handler.
struct CurrentInput {
  char text[kSummary];
  std::size_t size;
};
thread_local CurrentInput current_input{};

/// Appends to a fixed buffer, dropping what does not fit. Usable in a signal handler.
class Line {
 public:
  void add(std::string_view text) {
    const std::size_t take = std::min(text.size(), sizeof(buffer_) - size_);
    std::memcpy(buffer_ + size_, text.data(), take);
    size_ += take;
  }
  void add_hex(std::uintptr_t value) {
    char digits[2 * sizeof value];
    std::size_t at = sizeof digits;
    do {
      digits[--at] = "0123456789abcdef"[value & 0xFU];
      value >>= 4U;
    } while (value != 0);
    add("0x");
    add({digits + at, sizeof digits - at});
  }
  [[nodiscard]] std::string_view text() const { return {buffer_, size_}; }

 private:
  char buffer_[kSummary + 256];
  std::size_t size_ = 0;
};

const char* signal_name(int number) {
  switch (number) {
    case SIGSEGV:
      return "SIGSEGV";
    case SIGBUS:
      return "SIGBUS";
    case SIGFPE:
      return "SIGFPE";
    case SIGILL:
      return "SIGILL";
    default:
      return "SIGABRT";
  }
}

std::uintptr_t program_counter(const void* context) {
#if defined(__x86_64__)
  return static_cast<std::uintptr_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
  return static_cast<std::uintptr_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.pc);
#else
  static_cast<void>(context);
  return 0;
#endif
}

void on_crash(int number, siginfo_t* info, void* context) {
  const int saved = errno;
  Line line;
  line.add(signal_name(number));
  line.add(" at ");
  line.add_hex(reinterpret_cast<std::uintptr_t>(info->si_addr));
  line.add(" pc ");
  line.add_hex(program_counter(context) - reinterpret_cast<std::uintptr_t>(&__executable_start));
  line.add({current_input.text, current_input.size});
  line.add("\n");
  const int fd = ::open(crash_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd >= 0) {
    static_cast<void>(!::write(fd, line.text().data(), line.text().size()));
    ::close(fd);
  }
  static_cast<void>(!::write(STDERR_FILENO, line.text().data(), line.text().size()));

  // Restores the previous action. A fault happens again on return; a signal that was sent must be sent again.
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    if (kSignals[i] == number) ::sigaction(number, &previous_actions[i], nullptr);
  }
  if (info->si_code <= 0 || number == SIGABRT) ::raise(number);
  errno = saved;
}

void append(CurrentInput& input, std::string_view text) {
  const std::size_t take = std::min(text.size(), kSummary - input.size);
  std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(take), input.text + input.size,
                 [](char c) { return c == '\n' || c == '\0' ? ' ' : c; });
  input.size += take;
}

}  // namespace

std::array<char, 32> hash_text(const ContentHash& hash) {
  std::array<char, 32> text{};
  for (std::size_t i = 0; i < 16; ++i) {
    text[i] = "0123456789abcdef"[(hash.high >> (60 - 4 * i)) & 0xFU];
    text[16 + i] = "0123456789abcdef"[(hash.low >> (60 - 4 * i)) & 0xFU];
  }
  return text;
}

std::string crash_file_of(const Options& options) {
  return (options.log_file.empty() ? options.port : options.log_file) + ".crashed";
}

void install_crash_log(const std::string& file) {
  remove_crash_log();
  if (file.size() >= sizeof crash_file) return;
  std::memcpy(crash_file, file.c_str(), file.size() + 1);
  struct sigaction action {};
  action.sa_sigaction = on_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &action, &previous_actions[i]);
  installed = true;
}

void remove_crash_log() {
  if (!installed) return;
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &previous_actions[i], nullptr);
  installed = false;
}

std::string read_crash_file(const std::string& file) {
  return os::read_tail(file, kReadBack);
}

ContentHash crash_key(const ContentHash& request) {
  static const ContentHash program = [] {
    struct stat status {};
    if (::stat("/proc/self/exe", &status) != 0) return ContentHash{};
    return ContentHash{static_cast<std::uint64_t>(status.st_mtim.tv_sec) * 1'000'000'000 +
                           static_cast<std::uint64_t>(status.st_mtim.tv_nsec),
                       static_cast<std::uint64_t>(status.st_size)};
  }();
  return {request.low ^ program.low, request.high ^ program.high};
}

bool crashed_before(std::string_view crash_file_content, const ContentHash& input) {
  const auto text = hash_text(input);
  return crash_file_content.find(std::string_view(text.data(), text.size())) != std::string_view::npos;
}

InputMark::InputMark(const ContentHash& input, std::string_view cwd, const std::string* argv,
                     std::size_t argc) noexcept {
  CurrentInput& mark = current_input;
  if (mark.size != 0) {
    try {
      outer_.assign(mark.text, mark.size);
    } catch (const std::bad_alloc&) {  // then the outer input cannot be restored, and a crash names none
      outer_.clear();
    }
  }
  mark.size = 0;
  const auto text = hash_text(input);
  append(mark, " input ");
  append(mark, {text.data(), text.size()});
  append(mark, " command cd ");
  append(mark, cwd);
  append(mark, " &&");
  for (std::size_t i = 0; i < argc && mark.size < kSummary; ++i) {
    append(mark, " ");
    append(mark, argv[i]);
  }
}

InputMark::~InputMark() {
  current_input.size = 0;
  append(current_input, outer_);
}

struct SignalStack::Impl {
  void* memory = MAP_FAILED;
  stack_t before{};
};

SignalStack::SignalStack() : impl_(std::make_unique<Impl>()) {
  impl_->memory = ::mmap(nullptr, kStackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (impl_->memory == MAP_FAILED) return;
  stack_t stack{};
  stack.ss_sp = impl_->memory;
  stack.ss_size = kStackSize;
  ::sigaltstack(&stack, &impl_->before);
}

SignalStack::~SignalStack() {
  if (impl_->memory == MAP_FAILED) return;
  if (impl_->before.ss_sp == nullptr) impl_->before.ss_flags = SS_DISABLE;
  ::sigaltstack(&impl_->before, nullptr);
  ::munmap(impl_->memory, kStackSize);
}

}  // namespace pump::include_server

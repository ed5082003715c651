// The launcher's own way into the program, ahead of the C library's.
//
// The launcher starts once per translation unit, and glibc's start asks the processor for its caches and
// features: some forty CPUID instructions, to choose among its string functions. On hardware that is nothing.
// In a virtual machine each one leaves the guest, and together they are a quarter of a millisecond or more:
// more than all that the launcher does itself. So the program's entry is here. Called as pump-launch, it does
// what glibc's start does, but for the processor: the string functions are then those that every x86-64 has.
// Called by any other name, it goes on to glibc's start.
//
// That needs glibc's inner names and the order of its csu/libc-start.c, so it is for the one version it was
// written for, static, on x86-64; PumpLauncherStart.cmake looks. Everywhere else early_launcher.cc alone
// makes the start short. Rejected: a replacement of __libc_start_main for the whole program (the include
// server wants the fast string functions); a launcher of its own without a C library (a second program, and a
// second reading of command lines).
//
// Until relocate() has run, none of the C library's string functions may be called: not even one that the
// compiler thinks of, so this file is compiled without such thoughts (PumpLauncherStart.cmake).
#include <elf.h>
#include <link.h>
#include <unistd.h>

#include <cstdint>

namespace {

/// glibc's own default: a copy of this size bypasses the caches. Left at 0 it would send small copies that
/// way, too.
constexpr long kNonTemporalThreshold = 0xc0000;

using Initializer = void (*)(int, char**, char**);
using Resolver = ElfW(Addr) (*)();

}  // namespace

extern "C" {
extern char** __environ;
extern void* __libc_stack_end;
extern const unsigned char* _dl_random;
extern long __x86_shared_non_temporal_threshold;
extern const ElfW(Rela) __rela_iplt_start[];
extern const ElfW(Rela) __rela_iplt_end[];
extern Initializer __init_array_start[];
extern Initializer __init_array_end[];
void _dl_aux_init(ElfW(auxv_t) * values);
void __libc_setup_tls();
void __libc_early_init(bool initial);
void __libc_init_first(int argc, char** argv, char** environment);
void _init();

/// True where the arguments are a launcher's, and neither the environment nor the kernel asks for more care.
bool pump_starts_quickly(char** stack);
[[noreturn]] void pump_start_quickly(char** stack);
}

namespace {

bool is_launcher(const char* name) {
  const char* base = name;
  for (; *name != '\0'; ++name)
    if (*name == '/') base = name + 1;
  const char* wanted = "pump-launch";
  while (*wanted != '\0' && *base == *wanted) ++base, ++wanted;
  return *base == *wanted;
}

bool begins_with(const char* text, const char* prefix) {
  while (*prefix != '\0' && *text == *prefix) ++text, ++prefix;
  return *prefix == '\0';
}

/// What glibc's start reads to tune itself.
bool is_tunable(const char* variable) {
  return begins_with(variable, "GLIBC_TUNABLES=") || begins_with(variable, "MALLOC_");
}

/// What the kernel puts on the stack: argc, argv, a null pointer, the environment, a null pointer, the
/// auxiliary vector.
struct Start {
  explicit Start(char** stack)
      : argc(static_cast<int>(reinterpret_cast<std::intptr_t>(*stack))), argv(stack + 1) {
    environment = argv + argc + 1;
    char** end = environment;
    while (*end != nullptr) ++end;
    values = reinterpret_cast<ElfW(auxv_t)*>(end + 1);
  }
  int argc;
  char** argv;
  char** environment;
  ElfW(auxv_t) * values;
};

/// Indirect functions: with nothing known of the processor, each resolver names the plainest.
void relocate() {
  for (const ElfW(Rela)* entry = __rela_iplt_start; entry < __rela_iplt_end; ++entry) {
    const auto resolve = reinterpret_cast<Resolver>(entry->r_addend);  // NOLINT(performance-no-int-to-ptr)
    *reinterpret_cast<ElfW(Addr)*>(entry->r_offset) = resolve();       // NOLINT(performance-no-int-to-ptr)
  }
}

/// The canary and the key of mangled pointers, at their places in the thread's block.
void set_guards() {
  const auto* random = reinterpret_cast<const std::uint64_t*>(_dl_random);
  const std::uint64_t canary = random[0] & ~std::uint64_t{0xff};
  __asm__ volatile("mov %0, %%fs:0x28" : : "r"(canary));
  __asm__ volatile("mov %0, %%fs:0x30" : : "r"(random[1]));
}

}  // namespace

bool pump_starts_quickly(char** stack) {
  const Start start(stack);
  if (start.argc < 1 || !is_launcher(start.argv[0])) return false;
  for (char** variable = start.environment; *variable != nullptr; ++variable)
    if (is_tunable(*variable)) return false;
  for (const ElfW(auxv_t)* value = start.values; value->a_type != AT_NULL; ++value)
    if (value->a_type == AT_SECURE && value->a_un.a_val != 0) return false;
  return true;
}

void pump_start_quickly(char** stack) {
  const Start start(stack);
  __environ = start.environment;
  __libc_stack_end = stack;
  _dl_aux_init(start.values);
  __x86_shared_non_temporal_threshold = kNonTemporalThreshold;
  relocate();
  __libc_setup_tls();
  set_guards();
  __libc_early_init(true);
  __libc_init_first(start.argc, start.argv, start.environment);
  _init();
  // early_launcher.cc's is among the first of these, and does not come back.
  for (Initializer* next = __init_array_start; next < __init_array_end; ++next)
    (*next)(start.argc, start.argv, start.environment);
  ::_exit(127);
}

// rdx is the function that glibc's start would register to run at exit: kept for it, and 0 in a static
// program.
__asm__(
    ".globl pump_start\n"
    ".type pump_start, @function\n"
    "pump_start:\n"
    "  xor %ebp, %ebp\n"
    "  mov %rsp, %rbx\n"
    "  mov %rdx, %r12\n"
    "  mov %rsp, %rdi\n"
    "  and $-16, %rsp\n"
    "  call pump_starts_quickly\n"
    "  mov %rbx, %rdi\n"
    "  test %al, %al\n"
    "  jnz pump_start_quickly_aligned\n"
    "  mov %rbx, %rsp\n"
    "  mov %r12, %rdx\n"
    "  jmp _start\n"
    "pump_start_quickly_aligned:\n"
    "  call pump_start_quickly\n"
    "  hlt\n"
    ".size pump_start, . - pump_start\n");

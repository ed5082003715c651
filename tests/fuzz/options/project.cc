#include "tests/fuzz/options/project.h"

#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "pump/os/file_io.h"
#include "pump/os/process.h"

namespace pump::fuzz::options {
namespace {

namespace fs = std::filesystem;

struct File {
  const char* name;
  const char* content;
};

// What options change: code of many kinds, names of files in the object, messages with source lines, notes in
// headers, macros, files that are named on the command line. Small, because each is compiled thousands of
// times.
constexpr File kFiles[] = {
    {"src/a.c", R"(#include <assert.h>
#include <stddef.h>
#include <s.h>
#include "a.h"
#include "b.h"

static int unused_helper(int x) { return x * 3; }
int tentative;
extern int printf(const char*, ...);
_Thread_local int per_thread = 4;
struct packed { char c; int i : 5; long l; double d; };
enum color { Red, Green, Blue };

static double sum(const double* v, int n) {
  double s = 0;
  for (int i = 0; i < n; i++) s += v[i] * FACTOR;
  return s;
}
int shown(enum color c, unsigned u, int i, const char* text) {
  int unused;
  char buffer[64];
  struct packed p = {0};
  if (i < u)
    tentative++;
    per_thread++;
  switch (c) {
    case Red: p.i = 3;
    case Green: p.l = u / (unsigned)(i | 1); break;
  }
  for (int k = 0; k < i; k++) buffer[k & 63] = text[k] + "\xC3\xA9"[k & 1];
  printf("%s %d in %s, %s:%d\n", buffer, p.l, __func__, __FILE__, __LINE__);
  return buffer[0] + (int)sum(&p.d, 1) + mapped(i) << 1;
}
void checked(int* p) {
  assert(p != NULL && "caf\303\251");
  assert(from_header(*p));
  if (__builtin_expect(*p == 7, 0)) __builtin_trap();
  *p = __builtin_popcount((unsigned)*p) + (*p << 33);
}
int recursive(int n) { return n < 2 ? n : recursive(n - 1) + recursive(n - 2); }
)"},
    {"src/a.cc", R"(#include <assert.h>
#include <initializer_list>
#include <new>
#include <typeinfo>
#include <s.h>
#include "a.h"
#include "b.h"

extern "C" int printf(const char*, ...);
namespace {
struct Hidden { int value; ~Hidden() { printf("%d\n", value); } };
int unused_function(int x) { return x; }
}
struct Base {
  virtual int run(int) = 0;
  void other();
  int first, second;
};
struct Derived : Base {
  Derived(int a) : member(a) { second = a; }
  int run(int x) { return x + member; }
  int member;
  static inline thread_local int count = 2;
};
template <typename T> T twice(T value) { return value + value; }
template <typename T> struct Box { T held; const char* name() const { return __PRETTY_FUNCTION__; } };
static Hidden global{5};
Derived derived(3);

int loop(std::initializer_list<int> list, unsigned limit) {
  int total = 0, unused;
  for (int value : list)
    if (value < limit)
      total += twice(value);
      total -= 1;
  auto lambda = [&](int x) { return x * total + mapped(x); };
  return lambda(3) << FACTOR;
}
int throwing(Base* base, int n) {
  try {
    if (n > 3) throw n;
    int* p = new int[n];
    assert(p && base);
    printf("%s %s %d %s\n", typeid(*base).name(), Box<long>{1}.name(), 5L, __FILE__);
    return dynamic_cast<Derived*>(base)->run(*p);
  } catch (int caught) {
    return from_header(caught);
  }
}
int switching(int x) {
  switch (x) {
    case 1: x++;
    case 2: return x;
  }
}
)"},
    {"src/a.m", R"(#include "a.h"
#include "b.h"
extern int printf(const char*, ...);
__attribute__((objc_root_class)) @interface Thing { int field; }
- (int)work:(int)x;
@end
@implementation Thing
- (int)work:(int)x { int unused; printf("%s %ld\n", __FILE__, x); return field + mapped(x); }
@end
)"},
    {"src/a.mm", R"(#include "a.h"
#include "b.h"
extern "C" int printf(const char*, ...);
template <typename T> T twice(T x) { return x + x; }
__attribute__((objc_root_class)) @interface Thing { int field; }
- (int)work:(int)x;
@end
@implementation Thing
- (int)work:(int)x { int unused; printf("%s %ld\n", __FILE__, twice(x)); return field; }
@end
)"},
    {"src/a.S", "#include \"b.h\"\n.text\n.globl start\nstart:\n nop\n .long FACTOR\n"},
    {"inc/a.h", R"(#ifndef A_H
#define A_H
#include "mapped.h"
#ifdef __OPTIMIZE__
#include "optimized.h"
#endif
#ifdef FROM_COMMAND
#include "fromcommand.h"
#endif
static int never_used(void) { return 1; }
static inline int from_header(int x) {
  int unused_in_header;
  return x > 2 && sizeof(__FILE__) > 3;
}
#endif
)"},
    {"inc/b.h", "#pragma once\n#ifndef FACTOR\n#define FACTOR 3\n#endif\n"},
    {"inc/mapped.h", "static inline int mapped(int x) { return x + 1; }\n"},
    {"inc/other.h", "static inline int mapped(int x) { return x + 2000; }\n"},
    // gcc -remap
    {"inc/header.gcc", "mapped.h other.h\n"},
    {"inc/optimized.h", "static const char* const optimized = \"optimized, \" __FILE__;\n"},
    {"inc/fromcommand.h", "#warning from the command line\n"},
    {"inc/force.h", "#define FORCED 1\n#define FROM_COMMAND 1\n"},
    {"sys/s.h", "static int in_system_header(int x) { int unused_there; return x < 2u; }\n"},
    {"list.txt", "fun:shown\nsrc:*other*\nshown\n"},
    {"specs.txt", "*cc1_options:\n+ -fno-builtin\n\n"},
    {"args.txt", "-DFACTOR=5 -O1\n"},
    {"vfs.yaml", "{\"version\": 0, \"roots\": []}\n"},
};

long long written_at(const struct stat& info) {
  return static_cast<long long>(info.st_mtim.tv_sec) * 1000000000 + info.st_mtim.tv_nsec;
}

constexpr std::chrono::seconds kPatience(30);

/// A clang that ends early leaves "a-1f2e3d4c.o.tmp" beside the object a.o.
std::string without_random_part(const std::string& name) {
  constexpr std::string_view kEnd = ".tmp";
  constexpr std::size_t kDigits = 8;
  const std::size_t dash = name.rfind('-');
  if (!name.ends_with(kEnd) || dash == std::string::npos || name.size() - dash <= kDigits) return name;
  const std::string_view digits = std::string_view(name).substr(dash + 1, kDigits);
  if (digits.find_first_not_of("0123456789abcdef") != std::string_view::npos) return name;
  return name.substr(0, dash + 1) + name.substr(dash + 1 + kDigits);
}

}  // namespace

Project::Project(std::string directory) : directory_(std::move(directory)), tmp_(directory_ + ".tmp") {
  fs::create_directories(tmp_);
  // For outputs.
  fs::create_directories(directory_ + "/out");
  for (const File& file : kFiles) write(file.name, file.content);
}

void Project::write(const std::string& name, const std::string& content) {
  const std::string path = directory_ + "/" + name;
  fs::create_directories(os::dirname(path));
  if (const auto written = os::write_file_atomically(path, content, 0644); !written)
    throw std::runtime_error(written.error().message);
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) throw std::runtime_error("cannot stat " + path);
  originals_[name] = {content, written_at(info)};
}

Effects Project::run(const std::vector<std::string>& argv,
                     const std::vector<std::pair<std::string, std::string>>& more) {
  os::SpawnOptions options;
  const auto program = os::find_program(argv.front(), std::getenv("PATH"));
  if (!program) throw std::runtime_error("no " + argv.front());
  options.program = *program;
  options.argv = argv;
  options.directory = directory_;
  options.environment = os::Environment::current();
  options.environment->set("LC_ALL", "C");
  options.environment->set("TMPDIR", tmp_);
  options.environment->set("PWD", directory_);
  for (const auto& [name, value] : more) options.environment->set(name, value);
  const auto ran = os::run(options, kPatience);
  Effects effects;
  if (ran) {
    effects.status = ran->status.shell_code();
    effects.output = ran->out;
    effects.messages = ran->err;
  } else if (ran.error().code == ETIMEDOUT) {
    effects.status = Effects::kEndless;
  } else {
    throw std::runtime_error(ran.error().message);
  }
  collect(effects);
  return effects;
}

void Project::collect(Effects& effects) {
  std::map<std::string, const Original*> missing;
  for (const auto& [name, original] : originals_) missing[name] = &original;
  std::vector<std::string> strange;
  for (auto entry = fs::recursive_directory_iterator(directory_); entry != fs::recursive_directory_iterator();
       ++entry) {
    const std::string path = entry->path().string();
    const std::string name = path.substr(directory_.size() + 1);
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) continue;
    const auto original = originals_.find(name);
    if (S_ISDIR(info.st_mode)) {
      const auto first = originals_.lower_bound(name + "/");
      const bool is_parent = first != originals_.end() && first->first.starts_with(name + "/");
      if (name != "out" && !is_parent) {
        effects.files[name + "/"] = {info.st_mode, ""};
        strange.push_back(path);
      }
      continue;
    }
    if (original != originals_.end() && written_at(info) == original->second.written) {
      missing.erase(name);
      continue;
    }
    const auto content = S_ISREG(info.st_mode) ? os::read_file(path) : Expected<std::string>("");
    effects.files[without_random_part(name)] = {info.st_mode, content ? *content : "unreadable"};
    if (original == originals_.end()) strange.push_back(path);
  }
  for (const std::string& path : strange) fs::remove_all(path);
  for (const auto& [name, original] : missing) {
    if (effects.files.count(name) == 0) effects.files[name] = {0, "removed"};
    const std::string content = original->content;
    write(name, content);
  }
  for (const auto& entry : fs::directory_iterator(tmp_)) {
    ++effects.left_in_tmp;
    fs::remove_all(entry.path());
  }
}

}  // namespace pump::fuzz::options

// Changes a file and sends a request at once: the reply must reflect the change.
//   freshness --socket SOCKET --scratch DIRECTORY [--rounds N] [--only KIND] [--load] [--flood N] [--behind DIRECTORY]
// There is one project per kind of change (freshness_kinds.h). Each round makes the change, sends a request
// without a pause, and compares the reply with the compiler's -M: it names exactly those files, and each
// mirror file has the content of its source.
//   --load     meanwhile, one thread repeats the same request, and another edits and requests in another project
//   --flood N  before each change, causes N events in a watched directory: more than the kernel's queue holds
//   --behind D makes the changes in D, of which the scratch directory is a view (a FUSE mount)
// Every other round adds a -D to the command, so that the cached reply of the other command applies
// (variant_replies.h). Prints one line per kind. Exits with 1 if a reply was stale.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>

#include "pump/os/file_io.h"
#include "pump/os/unique_fd.h"
#include "tests/oracle/freshness_kinds.h"
#include "tests/oracle/reply_check.h"
#include "tests/tools/compile_commands.h"
#include "tests/tools/wire_client.h"

namespace {

namespace fs = std::filesystem;
using pump::oracle::ChangeKind;
using pump::oracle::include;
using pump::oracle::overwrite;
using pump::tools::CompileCommand;

std::string ask(const std::string& socket, const CompileCommand& command) {
  return pump::tools::exchange(socket, pump::tools::encode_request(command.directory, command.argv));
}

/// Sends requests in the background for its lifetime. Their replies must be well-formed; nothing else is
/// checked.
class Load {
 public:
  Load(std::string socket, const CompileCommand& command, const fs::path& elsewhere) {
    threads_.emplace_back([this, socket, command] {
      while (!stop_) (void)pump::tools::decode_reply(ask(socket, command));
    });
    threads_.emplace_back([this, socket, elsewhere] {
      const CompileCommand other{elsewhere.string(), "main.cc", {"g++", "-c", "main.cc"}};
      for (unsigned round = 0; !stop_; ++round) {
        overwrite(elsewhere / "main.cc", "// " + std::to_string(round) + "\n" + include("y.h"));
        overwrite(elsewhere / "y.h", "");
        (void)pump::tools::decode_reply(ask(socket, other));
      }
    });
  }
  ~Load() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

 private:
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

/// True if the kernel dropped events that this watcher should have had.
bool overflowed(int inotify) {
  alignas(inotify_event) std::array<char, 65536> buffer{};
  for (ssize_t got = 0; (got = ::read(inotify, buffer.data(), buffer.size())) > 0;) {
    for (ssize_t at = 0; at < got;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      if ((event->mask & IN_Q_OVERFLOW) != 0) return true;
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
  }
  return false;
}

/// Touches two files in turn, so that the kernel cannot merge the events. A second watcher, which is not read
/// meanwhile, proves that the queue overflows.
void flood(const fs::path& directory, unsigned events) {
  const pump::os::UniqueFd watcher(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (::inotify_add_watch(watcher.get(), directory.c_str(), IN_ATTRIB) < 0)
    throw std::runtime_error("inotify");
  std::array<pump::os::UniqueFd, 2> files;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string name = (directory / ("flood" + std::to_string(i))).string();
    files.at(i) = pump::os::UniqueFd(::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  }
  for (unsigned i = 0; i < events; ++i)
    if (::futimens(files.at(i % 2).get(), nullptr) != 0) throw std::runtime_error("cannot touch a file");
  if (!overflowed(watcher.get())) throw std::runtime_error("the flood does not fill the kernel's queue");
}

/// The first defect of the reply, or an empty string. std::nullopt if the unit does not compile now: then any
/// well-formed reply is right.
std::optional<std::string> check(const std::string& socket, const CompileCommand& command) {
  const auto reply = pump::tools::decode_reply(ask(socket, command));
  std::set<std::string> needed, sent;
  try {
    for (const std::string& name : pump::tools::dependencies_of(command)) {
      const std::string real = fs::canonical(fs::path(command.directory) / name).string();
      if (real.starts_with(command.directory + "/")) needed.insert(real);
    }
    // The compiler on the server reads response files, too.
    for (const std::string& word : command.argv)
      if (word.starts_with('@')) needed.insert(command.directory + "/" + word.substr(1));
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
  if (reply.empty()) return "n = 0";
  for (const std::string& path : reply) {
    const std::string name = pump::tools::original_name(path);
    if (fs::is_symlink(fs::symlink_status(path)) || name.ends_with("/forcing_technique_271828")) continue;
    sent.insert(name);
    const auto source = pump::os::read_file(name);
    if (!source) return name + " was sent and does not exist";
    if (pump::oracle::decompress(path) != *source) return "stale mirror file of " + name;
  }
  for (const std::string& name : needed)
    if (!sent.contains(name)) return "missing " + name;
  for (const std::string& name : sent)
    if (!needed.contains(name)) return "needless " + name;
  return std::string();
}

struct Settings {
  std::string socket, only;
  fs::path scratch, behind;
  unsigned rounds = 100, flood = 0;
  bool load = false;
};

std::size_t run(const ChangeKind& kind, const Settings& settings, const std::string& name) {
  const fs::path root = settings.behind / name;  // changed here, requested in settings.scratch
  overwrite(root / "main.cc", include("x.h"));
  overwrite(root / "b/x.h", include("p1.h"));
  overwrite(root / "b/p1.h", "");
  overwrite(root / "b/p2.h", "");
  fs::create_directories(root / "a");
  kind.prepare(root);
  CompileCommand command{(settings.scratch / name).string(), "main.cc", {"g++", "-c", "main.cc"}};
  command.argv.insert(command.argv.end(), kind.options.begin(), kind.options.end());
  std::size_t stale = 0, unchecked = 0;
  if (const auto defect = check(settings.socket, command); defect != "") {
    ++stale;
    fmt::print("FAILED {}: before the first change: {}\n", kind.name, defect.value_or("it does not compile"));
  }
  std::unique_ptr<Load> load;
  if (settings.load)
    load = std::make_unique<Load>(settings.socket, command, settings.scratch / (name + ".load"));
  for (unsigned round = 0; round < settings.rounds; ++round) {
    if (settings.flood != 0) flood(root / "a", settings.flood);
    CompileCommand asked = command;
    if (round % 2 != 0) asked.argv.push_back(fmt::format("-DFRESHNESS_ROUND={}", round));
    kind.change(root, round);
    const auto defect = check(settings.socket, asked);
    if (!defect) ++unchecked;
    if (defect && !defect->empty() && stale++ < 3)
      fmt::print("FAILED {}: round {}: {}\n", kind.name, round, *defect);
  }
  // Only a file without permissions makes the compilation fail: in every other round, and not for root.
  if (unchecked > (kind.name == "chmod" ? (settings.rounds + 1) / 2 : 0)) {
    ++stale;
    fmt::print("FAILED {}: {} rounds did not compile\n", kind.name, unchecked);
  }
  fmt::print("{}: {} rounds, {} stale\n", kind.name, settings.rounds, stale);
  std::fflush(stdout);
  return stale;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Changes files between requests and checks that every reply is fresh");
  Settings settings;
  std::string scratch, behind;
  app.add_option("--socket", settings.socket)->required();
  app.add_option("--scratch", scratch)->required();
  app.add_option("--behind", behind);
  app.add_option("--rounds", settings.rounds);
  app.add_option("--flood", settings.flood);
  app.add_option("--only", settings.only);
  app.add_flag("--load", settings.load);
  CLI11_PARSE(app, argc, argv);
  try {
    settings.scratch = fs::canonical(scratch);
    settings.behind = behind.empty() ? settings.scratch : fs::canonical(behind);
    std::size_t stale = 0, number = 0;
    for (const ChangeKind& kind : pump::oracle::change_kinds())
      if (kind.name.find(settings.only) != std::string::npos)
        stale += run(kind, settings, std::to_string(number++));
    return stale == 0 && number > 0 ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "freshness: {}\n", error.what());
    return 2;
  }
}

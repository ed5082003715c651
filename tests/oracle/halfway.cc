// A header that is rewritten all the time while requests run: what is sent is one of the versions that were written, whole,
// and an answer goes with the version it sends.
//   halfway --socket SOCKET --scratch DIRECTORY [--requests N]
// Per way of writing one project: a version is a number, repeated over some 200 KB, and an include of p1.h or p2.h by turns.
// "Preprocess locally" is a right answer too, but not the only one. Exit 1 where a mirror file matches no version.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <set>
#include <stdexcept>
#include <thread>

#include "pump/os/file_io.h"
#include "pump/os/unique_fd.h"
#include "tests/oracle/reply_check.h"
#include "tests/tools/include_client.h"

namespace {

namespace fs = std::filesystem;
constexpr unsigned kLines = 20'000;

/// Every line holds the number, so that a mixture shows itself; all versions are equally long.
std::string version(unsigned number) {
  std::string text = fmt::format("#include \"p{}.h\"\n", 1 + number % 2);
  for (unsigned i = 0; i < kLines; ++i) text += fmt::format("//{:08d}\n", number);
  return text;
}

bool is_a_version(const std::string& text) {
  const std::size_t first = text.find("//");
  if (first == std::string::npos || text.size() < first + 10) return false;
  return text == version(static_cast<unsigned>(std::stoul(text.substr(first + 2, 8))));
}

void write_all(const std::string& path, int flags, const std::string& text, std::size_t piece) {
  const pump::os::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644));
  for (std::size_t at = 0; at < text.size(); at += piece) {
    const std::size_t size = std::min(piece, text.size() - at);
    if (::write(fd.get(), text.data() + at, size) != static_cast<ssize_t>(size))
      throw std::runtime_error("cannot write " + path);
  }
}

struct Way {
  std::string name;
  std::function<void(const std::string& path, const std::string& text)> write;
};

std::vector<Way> ways() {
  return {
      {"in place, in one piece",
       [](const auto& path, const auto& text) { write_all(path, 0, text, text.size()); }},
      {"in place, in small pieces",
       [](const auto& path, const auto& text) { write_all(path, 0, text, 4096); }},
      {"truncated first",
       [](const auto& path, const auto& text) { write_all(path, O_TRUNC, text, text.size()); }},
      {"by rename",
       [](const auto& path, const auto& text) {
         write_all(path + ".new", O_TRUNC, text, 4096);
         fs::rename(path + ".new", path);
       }},
  };
}

struct Count {
  unsigned answered = 0, gave_up = 0, torn = 0, mixed = 0;
};

void ask(const std::string& socket, const fs::path& root, Count& count) {
  const std::vector<std::string> argv{"g++", "-c", "main.cc"};
  const auto reply = pump::tools::decode_reply(
      pump::tools::exchange(socket, pump::tools::encode_request(root.string(), argv)));
  if (reply.empty()) {
    ++count.gave_up;
    return;
  }
  ++count.answered;
  std::set<std::string> sent;
  std::string header;
  for (const std::string& path : reply) {
    const std::string name = pump::tools::original_name(path);
    sent.insert(name);
    if (name == root / "x.h") header = pump::oracle::decompress(path);
  }
  if (!is_a_version(header)) {
    ++count.torn;
    return;
  }
  // Only this thread asks, so the mirror file is the one that the answer goes with.
  const bool first = header.starts_with("#include \"p1.h\"");
  if (sent.contains(root / "p1.h") != first || sent.contains(root / "p2.h") == first) ++count.mixed;
}

Count run(const Way& way, const std::string& socket, const fs::path& root, unsigned requests) {
  fs::create_directories(root);
  for (const char* name : {"p1.h", "p2.h"}) write_all((root / name).string(), O_TRUNC, "", 1);
  write_all((root / "main.cc").string(), O_TRUNC, "#include \"x.h\"\n", 64);
  const std::string header = (root / "x.h").string();
  way.write(header, version(0));
  std::atomic<bool> stop{false};
  std::atomic<unsigned> written{0};
  std::vector<std::string> versions;  // made beforehand: the writer's time belongs to writing
  for (unsigned number = 0; number < 16; ++number) versions.push_back(version(number));
  std::thread writer([&] {
    for (unsigned number = 1; !stop; ++number) {
      way.write(header, versions[number % versions.size()]);
      ++written;
      // Pauses of all lengths, so that some requests find the file at rest.
      if (number % 4 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(number % 7));
    }
  });
  Count count;
  try {
    for (unsigned i = 0; i < requests; ++i) ask(socket, root, count);
  } catch (...) {
    stop = true;
    writer.join();
    throw;
  }
  stop = true;
  writer.join();
  // At rest again, it must be answered.
  Count last;
  ask(socket, root, last);
  if (last.answered != 1) throw std::runtime_error(way.name + ": no answer although nobody writes any more");
  fmt::print("{}: {} versions written, {} requests: {} answered, {} not, {} torn, {} of mixed versions\n",
             way.name, written.load(), requests, count.answered, count.gave_up, count.torn + last.torn,
             count.mixed + last.mixed);
  std::fflush(stdout);
  count.torn += last.torn, count.mixed += last.mixed;
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Rewrites a header while requests run and checks that only whole versions are sent");
  std::string socket, scratch;
  unsigned requests = 100;
  app.add_option("--socket", socket)->required();
  app.add_option("--scratch", scratch)->required();
  app.add_option("--requests", requests);
  CLI11_PARSE(app, argc, argv);
  try {
    unsigned bad = 0, answered = 0, number = 0;
    for (const Way& way : ways()) {
      const Count count = run(way, socket, fs::canonical(scratch) / std::to_string(number++), requests);
      bad += count.torn + count.mixed;
      answered += count.answered;
    }
    if (answered == 0) fmt::print("no request was answered while the header was being written\n");
    return bad == 0 && answered > 0 ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "halfway: {}\n", error.what());
    return 2;
  }
}

// Rewrites a header all the time while requests run: the mirror file is one of the written versions,
// complete, and the reply belongs to that version.
//   halfway --socket SOCKET --scratch DIRECTORY [--requests N]
// There is one project per method of writing. A version is a number, repeated over about 200 KB, and an
// include of p1.h or p2.h in turn. n = 0 is a right reply, but not if all are. Exits with 1 if a mirror file
// is not a version.
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
#include "tests/tools/wire_client.h"

namespace {

namespace fs = std::filesystem;
constexpr unsigned kLines = 20'000;

/// Every line has the number, so that a mixture is detected. All versions are equally long.
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

struct WriteMethod {
  std::string name;
  std::function<void(const std::string& path, const std::string& text)> write;
};

std::vector<WriteMethod> write_methods() {
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
  // Only this thread sends requests, so the mirror file belongs to this reply.
  const bool first = header.starts_with("#include \"p1.h\"");
  if (sent.contains(root / "p1.h") != first || sent.contains(root / "p2.h") == first) ++count.mixed;
}

Count run(const WriteMethod& method, const std::string& socket, const fs::path& root, unsigned requests) {
  fs::create_directories(root);
  for (const char* name : {"p1.h", "p2.h"}) write_all((root / name).string(), O_TRUNC, "", 1);
  write_all((root / "main.cc").string(), O_TRUNC, "#include \"x.h\"\n", 64);
  const std::string header = (root / "x.h").string();
  method.write(header, version(0));
  std::atomic<bool> stop{false};
  std::atomic<unsigned> written{0};
  std::vector<std::string> versions;  // made beforehand, so that the writer only writes
  for (unsigned number = 0; number < 16; ++number) versions.push_back(version(number));
  std::thread writer([&] {
    for (unsigned number = 1; !stop; ++number) {
      method.write(header, versions[number % versions.size()]);
      ++written;
      // Pauses of different lengths, so that some requests meet an unchanging file.
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
  // The file does not change any more: n = 0 is an error.
  Count last;
  ask(socket, root, last);
  if (last.answered != 1)
    throw std::runtime_error(method.name + ": n = 0 although the file does not change any more");
  fmt::print(
      "{}: {} versions written, {} requests: {} answered, {} with n = 0, {} torn, {} of mixed versions\n",
      method.name, written.load(), requests, count.answered, count.gave_up, count.torn + last.torn,
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
    for (const WriteMethod& method : write_methods()) {
      const Count count = run(method, socket, fs::canonical(scratch) / std::to_string(number++), requests);
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

// Row 19 of the case table: a change, and at once a request; the answer must reflect the change.
//   freshness --socket SOCKET --scratch DIRECTORY [--rounds N] [--only KIND]
// Per kind of change one project. A round changes it, asks without a pause, then lets the compiler's own -M say what is
// right: the reply names exactly those files, and each mirror file holds what its source holds now.
// One line per kind; exit 1 where an answer was stale.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <stdexcept>

#include "pump/os/file_io.h"
#include "pump/os/unique_fd.h"
#include "tests/oracle/reply_check.h"
#include "tests/tools/include_client.h"

namespace {

namespace fs = std::filesystem;
using pump::tools::CompileCommand;

/// Writes in place: same inode, so that only times and content tell.
void overwrite(const fs::path& path, const std::string& content) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::trunc) << content;
}

/// Exchanges two texts of equal size through a shared mapping: no write(2) for anybody to see.
void overwrite_mapped(const fs::path& path, const std::string& content) {
  const pump::os::UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  void* map = ::mmap(nullptr, content.size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (map == MAP_FAILED) throw std::runtime_error("mmap " + path.string());
  std::copy(content.begin(), content.end(), static_cast<char*>(map));
  ::munmap(map, content.size());
}

void relink(const fs::path& path, const std::string& target, bool atomically) {
  if (!atomically) {
    fs::remove(path);
    fs::create_symlink(target, path);
    return;
  }
  fs::create_symlink(target, path.string() + ".new");
  fs::rename(path.string() + ".new", path);
}

std::string include(const std::string& name) { return "#include \"" + name + "\"\n"; }
/// One of two names, by turns; equally long, so that texts naming them are, too.
std::string turn(unsigned round) { return round % 2 == 0 ? "p1.h" : "p2.h"; }

struct Kind {
  std::string name;
  std::function<void(const fs::path& root)> prepare;
  std::function<void(const fs::path& root, unsigned round)> change;
  std::vector<std::string> options{"-Ia", "-Ib"};
};

void nothing(const fs::path&) {}

std::vector<Kind> content_kinds() {
  return {
      {"edit of equal size", nothing,
       [](const fs::path& root, unsigned round) { overwrite(root / "b/x.h", include(turn(round))); }},
      {"edit of the source", nothing,
       [](const fs::path& root, unsigned round) { overwrite(root / "main.cc", include("x.h") + include(turn(round))); }},
      {"append", nothing,
       [](const fs::path& root, unsigned) { std::ofstream(root / "b/x.h", std::ios::app) << "// more\n"; }},
      {"edit by rename", nothing,
       [](const fs::path& root, unsigned round) {
         overwrite(root / "b/x.h.new", include(turn(round)));
         fs::rename(root / "b/x.h.new", root / "b/x.h");
       }},
      {"edit through a hard link", [](const fs::path& root) { fs::create_hard_link(root / "b/x.h", root / "other.h"); },
       [](const fs::path& root, unsigned round) { overwrite(root / "other.h", include(turn(round))); }},
      {"edit through another hard link made later", nothing,
       [](const fs::path& root, unsigned round) {
         if (round == 3) fs::create_hard_link(root / "b/x.h", root / "other.h");
         overwrite(root / (round < 3 ? "b/x.h" : "other.h"), include(turn(round)));
       }},
      {"write through a mapping", [](const fs::path& root) { overwrite(root / "b/x.h", include("p1.h")); },
       [](const fs::path& root, unsigned round) { overwrite_mapped(root / "b/x.h", include(turn(round))); }},
      {"edit with the old time put back", nothing,
       [](const fs::path& root, unsigned round) {
         struct stat before {};
         ::stat((root / "b/x.h").c_str(), &before);
         overwrite(root / "b/x.h", include(turn(round)));
         const timespec times[2] = {before.st_atim, before.st_mtim};
         ::utimensat(AT_FDCWD, (root / "b/x.h").c_str(), times, 0);
       }},
      {"chmod", nothing,
       [](const fs::path& root, unsigned round) { ::chmod((root / "b/x.h").c_str(), round % 2 == 0 ? 0000 : 0644); }},
  };
}

std::vector<Kind> name_kinds() {
  return {
      {"create and delete a shadowing header", nothing,
       [](const fs::path& root, unsigned round) {
         if (round % 2 == 0) {
           overwrite(root / "a/x.h", include("p2.h"));
         } else {
           fs::remove(root / "a/x.h");
         }
       }},
      {"create and delete beside the source", nothing,
       [](const fs::path& root, unsigned round) {
         if (round % 2 == 0) {
           overwrite(root / "x.h", include("p2.h"));
         } else {
           fs::remove(root / "x.h");
         }
       }},
      {"rename",
       [](const fs::path& root) {
         overwrite(root / "b/x.h", "#if __has_include(\"q1.h\")\n#include \"q1.h\"\n#else\n#include \"q2.h\"\n#endif\n");
         overwrite(root / "b/q2.h", "");
       },
       [](const fs::path& root, unsigned round) {
         const fs::path one = root / "b/q1.h", two = root / "b/q2.h";
         fs::rename(round % 2 == 0 ? two : one, round % 2 == 0 ? one : two);
       }},
      {"a missing directory of the search path appears and goes", nothing,
       [](const fs::path& root, unsigned round) {
         if (round % 2 == 0) {
           overwrite(root / "later/deep/x.h", include("p2.h"));
         } else {
           fs::remove_all(root / "later");
         }
       },
       {"-Ilater/deep", "-Ia", "-Ib"}},
      {"replace a directory",
       [](const fs::path& root) {
         overwrite(root / "b2/x.h", include("p2.h"));
         for (const char* name : {"p1.h", "p2.h"}) overwrite(root / "b2" / name, "");
       },
       [](const fs::path& root, unsigned) {
         fs::rename(root / "b", root / "b3");
         fs::rename(root / "b2", root / "b");
         fs::rename(root / "b3", root / "b2");
       }},
      {"remove and rewrite a directory", nothing,
       [](const fs::path& root, unsigned round) {
         fs::remove_all(root / "b");
         for (const char* name : {"p1.h", "p2.h"}) overwrite(root / "b" / name, "");
         overwrite(root / "b/x.h", include(turn(round)));
       }},
      {"edit of a response file", [](const fs::path& root) { overwrite(root / "flags.rsp", "-Ia -Ib"); },
       [](const fs::path& root, unsigned round) {
         overwrite(root / "a/x.h", include("p2.h"));
         overwrite(root / "flags.rsp", round % 2 == 0 ? "-Ia -Ib" : "-Ib -Ia");
       },
       {"@flags.rsp"}},
  };
}

std::vector<Kind> link_kinds() {
  const auto link_file = [](bool atomically) {
    return [atomically](const fs::path& root, unsigned round) {
      relink(root / "b/x.h", "../t" + std::to_string(1 + round % 2) + ".h", atomically);
    };
  };
  const auto two_targets = [](const fs::path& root) {
    overwrite(root / "t1.h", include("p1.h"));
    overwrite(root / "t2.h", include("p2.h"));
    relink(root / "b/x.h", "../t1.h", false);
  };
  return {
      {"retarget a link", two_targets, link_file(true)},
      {"remove and remake a link", two_targets, link_file(false)},
      {"retarget a directory link",
       [](const fs::path& root) {
         overwrite(root / "d1/x.h", include("p1.h"));
         overwrite(root / "d2/x.h", include("p2.h"));
         relink(root / "d", "d1", true);
       },
       [](const fs::path& root, unsigned round) { relink(root / "d", round % 2 == 0 ? "d2" : "d1", true); },
       {"-Id", "-Ia", "-Ib"}},
      {"edit behind a link", two_targets,
       [](const fs::path& root, unsigned round) { overwrite(root / "t1.h", include(turn(round))); }},
      {"a file becomes a link and a file again", two_targets,
       [](const fs::path& root, unsigned round) {
         fs::remove(root / "b/x.h");
         if (round % 2 == 0) {
           fs::create_symlink("../t2.h", root / "b/x.h");
         } else {
           overwrite(root / "b/x.h", include("p1.h"));
         }
       }},
  };
}

/// What is wrong with this answer; empty where nothing is.
std::string check(const std::string& socket, const CompileCommand& command) {
  const auto reply = pump::tools::decode_reply(
      pump::tools::exchange(socket, pump::tools::encode_request(command.directory, command.argv)));
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
    return {};  // it does not compile now (chmod 000 for others than root): any well-formed answer will do
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
  return {};
}

std::size_t run(const Kind& kind, const std::string& socket, const fs::path& root, unsigned rounds) {
  overwrite(root / "main.cc", include("x.h"));
  overwrite(root / "b/x.h", include("p1.h"));
  overwrite(root / "b/p1.h", "");
  overwrite(root / "b/p2.h", "");
  fs::create_directories(root / "a");
  kind.prepare(root);
  CompileCommand command{root.string(), "main.cc", {"g++", "-c", "main.cc"}};
  command.argv.insert(command.argv.end(), kind.options.begin(), kind.options.end());
  std::size_t stale = 0;
  if (const std::string defect = check(socket, command); !defect.empty()) {
    ++stale;
    fmt::print("FAILED {}: before the first change: {}\n", kind.name, defect);
  }
  for (unsigned round = 0; round < rounds; ++round) {
    kind.change(root, round);
    const std::string defect = check(socket, command);
    if (!defect.empty() && stale++ < 3) fmt::print("FAILED {}: round {}: {}\n", kind.name, round, defect);
  }
  fmt::print("{}: {} rounds, {} stale\n", kind.name, rounds, stale);
  return stale;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Changes files between requests and checks that every answer is fresh");
  std::string socket, scratch, only;
  unsigned rounds = 100;
  app.add_option("--socket", socket)->required();
  app.add_option("--scratch", scratch)->required();
  app.add_option("--rounds", rounds);
  app.add_option("--only", only);
  CLI11_PARSE(app, argc, argv);
  try {
    std::size_t stale = 0, number = 0;
    for (const auto& kinds : {content_kinds(), name_kinds(), link_kinds()})
      for (const Kind& kind : kinds)
        if (kind.name.find(only) != std::string::npos)
          stale += run(kind, socket, fs::canonical(scratch) / std::to_string(number++), rounds);
    return stale == 0 && number > 0 ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "freshness: {}\n", error.what());
    return 2;
  }
}

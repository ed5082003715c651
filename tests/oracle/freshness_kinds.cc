#include "tests/oracle/freshness_kinds.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "pump/os/unique_fd.h"

namespace pump::oracle {
namespace fs = std::filesystem;

void overwrite(const fs::path& path, const std::string& content) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::trunc) << content;
}

std::string include(const std::string& name) {
  return "#include \"" + name + "\"\n";
}

namespace {

/// Replaces a text by one of equal size through a shared mapping: without write(2), there is no inotify
/// event.
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

/// p1.h or p2.h in turn. The names are equally long, so texts that contain them are, too.
std::string turn(unsigned round) {
  return round % 2 == 0 ? "p1.h" : "p2.h";
}

void nothing(const fs::path&) {}

std::vector<ChangeKind> content_kinds() {
  return {
      {"edit of equal size", nothing,
       [](const fs::path& root, unsigned round) { overwrite(root / "b/x.h", include(turn(round))); }},
      {"edit of the source", nothing,
       [](const fs::path& root, unsigned round) {
         overwrite(root / "main.cc", include("x.h") + include(turn(round)));
       }},
      {"append", nothing,
       [](const fs::path& root, unsigned) { std::ofstream(root / "b/x.h", std::ios::app) << "// more\n"; }},
      {"edit by rename", nothing,
       [](const fs::path& root, unsigned round) {
         overwrite(root / "b/x.h.new", include(turn(round)));
         fs::rename(root / "b/x.h.new", root / "b/x.h");
       }},
      {"edit through a hard link",
       [](const fs::path& root) { fs::create_hard_link(root / "b/x.h", root / "other.h"); },
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
       [](const fs::path& root, unsigned round) {
         ::chmod((root / "b/x.h").c_str(), round % 2 == 0 ? 0000 : 0644);
       }},
  };
}

std::vector<ChangeKind> name_kinds() {
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
         overwrite(root / "b/x.h",
                   "#if __has_include(\"q1.h\")\n#include \"q1.h\"\n#else\n#include \"q2.h\"\n#endif\n");
         overwrite(root / "b/q2.h", "");
       },
       [](const fs::path& root, unsigned round) {
         const fs::path one = root / "b/q1.h", two = root / "b/q2.h";
         fs::rename(round % 2 == 0 ? two : one, round % 2 == 0 ? one : two);
       }},
      {"a missing directory of the search path appears and goes",
       nothing,
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
      {"edit of a response file",
       [](const fs::path& root) { overwrite(root / "flags.rsp", "-Ia -Ib"); },
       [](const fs::path& root, unsigned round) {
         overwrite(root / "a/x.h", include("p2.h"));
         overwrite(root / "flags.rsp", round % 2 == 0 ? "-Ia -Ib" : "-Ib -Ia");
       },
       {"@flags.rsp"}},
  };
}

std::vector<ChangeKind> link_kinds() {
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
      {"edit the target of a link", two_targets,
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

}  // namespace

std::vector<ChangeKind> change_kinds() {
  std::vector<ChangeKind> all;
  for (auto kinds : {content_kinds(), name_kinds(), link_kinds()})
    all.insert(all.end(), kinds.begin(), kinds.end());
  return all;
}

}  // namespace pump::oracle

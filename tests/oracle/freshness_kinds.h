// The kinds of change that freshness.cc makes to a project between two requests.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace pump::oracle {

/// Each starts from main.cc, which includes x.h; b/x.h, which includes p1.h; b/p1.h and b/p2.h, empty; a,
/// empty.
struct ChangeKind {
  std::string name;
  std::function<void(const std::filesystem::path& root)> prepare;
  std::function<void(const std::filesystem::path& root, unsigned round)> change;
  std::vector<std::string> options{"-Ia", "-Ib"};
};

std::vector<ChangeKind> change_kinds();

/// Writes in place: the inode stays, only times and content change. Creates a missing directory.
void overwrite(const std::filesystem::path& path, const std::string& content);
/// An #include of `name`.
std::string include(const std::string& name);

}  // namespace pump::oracle

// A small project on disk, preprocessed by this engine and by a real compiler: the compiler is the oracle.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pump/include_server/file_tree/os_file_system.h"
#include "pump/include_server/lexer/scan_cache.h"
#include "pump/include_server/preprocessor/preprocessor.h"

namespace pump::include_server {

class CompilerProject {
 public:
  /// `compiler`: "g++", "clang++", ….
  explicit CompilerProject(std::string compiler);
  ~CompilerProject();
  CompilerProject(const CompilerProject&) = delete;
  CompilerProject& operator=(const CompilerProject&) = delete;

  void write(const std::string& path, const std::string& content);
  void make_directory(const std::string& path);
  [[nodiscard]] std::string absolute(const std::string& path) const { return root_ + "/" + path; }
  [[nodiscard]] bool available() const;

  /// Flags for both sides; "@ROOT@" in them stands for the project's directory.
  std::vector<std::string> flags;
  std::string source = "main.cc";
  std::string language = "c++";

  /// What the compiler says it includes (-MD), as real paths. Nothing where it fails; see `complaint`.
  std::optional<std::set<std::string>> by_compiler();
  /// What the engine says the compiler enters, as real paths.
  std::set<std::string> by_engine();
  /// Everything the engine would send, probed files too, as real paths.
  std::set<std::string> needed();
  Closure run();
  Closure run(Preprocessor& preprocessor);
  Unit unit();

  FileTree& tree() { return tree_; }
  ScanCache& scans() { return scans_; }
  Budget budget;
  std::string complaint;

 private:
  std::vector<std::string> expanded_flags() const;
  std::shared_ptr<const CompilerProfile> profile();
  std::optional<std::int64_t> ask(const std::string& query);
  std::string run_compiler(const std::vector<std::string>& arguments, bool& success, std::string& errors);

  std::string compiler_, root_;
  OsFileSystem file_system_;
  FileTree tree_{file_system_};
  ScanCache scans_;
};

/// The base names of `paths`.
std::set<std::string> basenames(const std::set<std::string>& paths);

}  // namespace pump::include_server

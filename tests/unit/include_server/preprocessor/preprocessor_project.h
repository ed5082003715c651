// A small project on disk that is preprocessed by the Preprocessor and by a real compiler. The compiler is
// the oracle. One thread; needs the compiler, see available().
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
  /// `compiler`: "g++" or "clang++", looked up in PATH. The project is removed by the destructor.
  explicit CompilerProject(std::string compiler);
  ~CompilerProject();
  CompilerProject(const CompilerProject&) = delete;
  CompilerProject& operator=(const CompilerProject&) = delete;

  void write(const std::string& path, const std::string& content);
  void make_directory(const std::string& path);
  [[nodiscard]] std::string absolute(const std::string& path) const { return root_ + "/" + path; }
  [[nodiscard]] bool available() const;

  /// Flags for both; "@ROOT@" is replaced with the directory of the project.
  std::vector<std::string> flags;
  std::string source = "main.cc";
  std::string language = "c++";
  bool maps_names_over_cwd = false;  ///< Unit::maps_names_over_cwd

  /// The files that the compiler lists with -MD, as real paths. Nothing if it fails; `complaint` is its
  /// output.
  std::optional<std::set<std::string>> by_compiler();
  /// The files of the closure that are entered, as real paths; and "gave up: …" if it gave up.
  std::set<std::string> entered();
  /// All files of the closure, including those that are only probed for, as real paths; and "gave up: …".
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

// Builds a Unit from a request: parses the command line, finds the compiler as the client's PATH would, gets
// its defaults (compiler.h), builds the search chain (search_path.h). Whatever cannot be compiled from a copy
// of its inputs is refused here with the reason.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/support/give_up.h"
#include "pump/include_server/unit/translation_unit.h"
#include "pump/os/environment.h"

namespace pump::include_server {

class SpareJobs;

struct UnitOrReason {
  std::optional<Unit> unit;
  GiveUp give_up = GiveUp::None;
  std::string detail;
};

/// What is known of a unit before its compiler has told its defaults: enough to read ahead (read_ahead.h).
struct EarlyUnit {
  const Entry* source = nullptr;
  std::vector<Directory*> directories;  ///< of -iquote, -I, -isystem; nullptr where there is none
  std::size_t bracket_start = 0;        ///< as in SearchPath
  LexMode lex;                          ///< the usual one of the language
};

/// Told what becomes known while the compiler is being asked for its defaults. On the thread that asks.
class WhileAsking {
 public:
  virtual void early_unit(const EarlyUnit& unit) = 0;
  /// The default directories, some milliseconds later. nullptr: there is none.
  virtual void default_directories(std::vector<Directory*> directories) = 0;

 protected:
  ~WhileAsking() = default;
};

/// Shared by all workers; keeps compiler profiles and search chains. Any thread.
class UnitBuilder {
 public:
  /// `spare_jobs`: what a request does while another one asks the same compiler; may be nullptr.
  explicit UnitBuilder(FileTree& tree, SpareJobs* spare_jobs = nullptr);
  ~UnitBuilder();
  /// The caller holds a Snapshot; `generation` is its: what is built now is used again until something it
  /// depends on changes after that. 0 will do, at the price of looking at each dependency once anything has
  /// changed.
  UnitOrReason build(const std::string& cwd, const std::vector<std::string>& argv,
                     const os::Environment& environment, std::uint64_t generation = 0);
  /// The same, with environment_key(environment) made before. `while_asking` is called where the compiler
  /// must be asked first; may be nullptr.
  UnitOrReason build(const std::string& cwd, const std::vector<std::string>& argv,
                     const os::Environment& environment, std::string_view key, std::uint64_t generation,
                     WhileAsking* while_asking = nullptr);
  /// Equal for environments under which the same command makes the same unit.
  static std::string environment_key(const os::Environment& environment);
  /// For the preprocessor's unknowns: runs the compiler once per new (profile, query) and remembers.
  std::optional<std::int64_t> ask(const CompilerProfile& profile, const std::string& query);
  /// True once ask() has been called for the profile.
  [[nodiscard]] bool was_asked(const CompilerProfile& profile) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pump::include_server

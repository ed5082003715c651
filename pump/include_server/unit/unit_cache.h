// Units that are shared by commands which differ only in the names of the source and of the outputs.
//
// The commands of a build are alike, and to parse one, to find its compiler and to build its search path
// costs more than all else for a small unit. So a command is reduced to a shape: its words, with a hole for
// each of these names. The position of a hole is guessed from the neighbouring words; a unit is stored only
// if the parser, which read the whole command, confirms the guess. A name fits a hole if it can have no other
// effect: it is neither an option nor an @file, a source keeps its suffix and whether it is absolute, and an
// output does not look like a source to distcc.
//
// Rejected: hashing the shape. Equal keys are compared byte by byte. Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pump/compilation/command.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

struct CommandShape {
  std::string key;
  std::size_t source = 0;            ///< index of the source in argv; 0: not found
  std::vector<std::size_t> outputs;  ///< indexes in argv

  /// `context`: what the unit depends on besides the words.
  CommandShape(const std::vector<std::string>& argv, std::initializer_list<std::string_view> context);
  /// True if the parsed command confirms what the holes were guessed to be.
  [[nodiscard]] bool fits(const std::vector<std::string>& argv, const compilation::CommandLine& command,
                          const compilation::Argument& source_argument) const;
};

struct CachedUnit {
  Unit unit;                                  ///< `consulted` without what the source's path depends on
  bool absolute_source_is_rewritten = false;  ///< by distccd, if it is absolute
  mutable std::atomic<std::uint64_t> generation{0};  ///< of the latest snapshot in which the unit was valid
};

/// Holds 1000 units; then all are dropped.
class UnitCache {
 public:
  /// nullptr if there is none. The caller checks that the unit is still valid.
  std::shared_ptr<const CachedUnit> find(const CommandShape& shape);
  void store(CommandShape shape, std::shared_ptr<const CachedUnit> unit);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const CachedUnit>> units_;
};

}  // namespace pump::include_server

// Units of commands that differ in nothing but the names of the source and of what is written.
//
// A build's commands are alike: parsing one, finding its compiler and its search path anew costs more than all else
// that is done for a small unit. So a command is cut to a shape: its words, with a hole for each of these names. Which
// words these are is guessed from their neighbours; a unit is kept only if the parser, which read the whole command,
// has confirmed the guess. A name fits a hole if it can have no other effect: it is no option and no @file, a source
// keeps its suffix and whether it is absolute, an output does not look like a source to distcc.
//
// Rejected: hashing the shape. Equal keys are compared byte by byte. Any thread.
#pragma once

#include <atomic>
#include <cstdint>
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
  std::size_t source = 0;            ///< index of the word in argv; 0: not found
  std::vector<std::size_t> outputs;  ///< likewise

  /// `context`: what the unit depends on besides the words.
  CommandShape(const std::vector<std::string>& argv, std::initializer_list<std::string_view> context);
  /// True where the holes are what they were taken for.
  [[nodiscard]] bool fits(const std::vector<std::string>& argv, const compilation::CommandLine& command,
                          const compilation::Argument& source_argument) const;
};

struct CachedUnit {
  Unit unit;                                         ///< `consulted` without the way to the source
  bool absolute_source_is_rewritten = false;         ///< by distccd, where it is absolute
  mutable std::atomic<std::uint64_t> generation{0};  ///< valid at least up to there
};

class UnitCache {
 public:
  std::shared_ptr<const CachedUnit> find(const CommandShape& shape);
  void store(CommandShape shape, std::shared_ptr<const CachedUnit> unit);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const CachedUnit>> units_;
};

}  // namespace pump::include_server

// Replies for the same source under a command that differs only in macros no file has asked for.
//
// A library that is built static and shared compiles each source twice: with -fPIC, which defines __PIC__,
// and with CMake's NAME_EXPORTS. A changed -DVERSION compiles all sources anew. The walk of such a unit is
// the walk of the other one, step by step, unless some directive looks at a macro that differs; and whatever
// a walk looks at has been mentioned (interner.h) by then. So: where two commands differ in nothing but macros
// that are not mentioned to this day, the reply to one is the reply to the other, as long as what it depends
// on has not changed.
//
// Mentions are counted for all files together: a macro that one file looks at is not told apart by units that
// do not include it. Rejected: a set of names for each unit, to be merged from some hundred files at every
// request; the macros that most commands differ in are either looked at everywhere (NDEBUG) or nowhere.
#pragma once

#include <tsl/robin_map.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pump/include_server/answer/reply_cache.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

/// The names of the macros that one of the units begins with and the other does not, or with another
/// definition. Nothing where they differ in more than that and in the source, or where it cannot be told.
std::optional<std::vector<std::string>> differing_macros(const Unit& one, const Unit& other);

/// Any thread.
class VariantReplies {
 public:
  /// Replies of which each is right for `unit` too, if it is still right for its own; the newest first.
  std::vector<std::shared_ptr<const CachedReply>> find(const Unit& unit);
  /// `entry` is the reply to `unit`, kept here as long as elsewhere. `asked`: it may have taken answers of
  /// the compiler that were not asked in advance.
  void store(const Unit& unit, const std::shared_ptr<const CachedReply>& entry, bool asked);

 private:
  struct Variant {
    std::shared_ptr<const Unit> model;
    std::weak_ptr<const CachedReply> entry;
    bool asked = false;
  };
  struct Difference {
    std::shared_ptr<const Unit> one, other;  ///< kept, so that no other unit gets their addresses
    std::optional<std::vector<std::string>> macros;
  };
  static constexpr std::size_t kSourcesBeforeSweep = 1024;
  void sweep();
  const Difference& difference(const std::shared_ptr<const Unit>& one,
                               const std::shared_ptr<const Unit>& other);

  std::mutex mutex_;  ///< all below
  /// By working directory and source; the newest last.
  tsl::robin_map<std::string, std::vector<Variant>> variants_;
  std::size_t sweep_at_ = kSourcesBeforeSweep;
  std::map<std::pair<const Unit*, const Unit*>, Difference> differences_;
};

}  // namespace pump::include_server

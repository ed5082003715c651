// Replies for the same source under a command that differs only in macros that no file mentions.
//
// A library that is built static and shared compiles each source twice: with -fPIC, which defines __PIC__,
// and with CMake's NAME_EXPORTS. A changed -DVERSION compiles all sources again. Two such walks are equal,
// step by step, unless some directive uses a macro that differs. Whatever a walk uses has been mentioned
// (interner.h) by then. So, if two commands differ only in macros that no text has mentioned so far, both
// have the same reply, as long as what that reply depends on has not changed.
//
// Mentions are counted for all files together: a macro that one file uses also separates units that do not
// include this file. Rejected: a set of names per unit. It would be merged from some hundred files at each
// request, and the macros in which most commands differ are either used everywhere (NDEBUG) or nowhere.
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

/// The macros that are defined at the start of one of the units only, or differently. Nothing if the units
/// differ in more than macros and source, or the macros cannot be determined.
std::optional<std::vector<std::string>> differing_macros(const Unit& one, const Unit& other);

/// Any thread; the class has its own lock. Memory: at most 20,000 sources with four units each.
class VariantReplies {
 public:
  /// Cached replies that are right for `unit`, too, if they are in force; the newest first. `fragments`:
  /// Request::fragments.
  std::vector<std::shared_ptr<const CachedReply>> find(const Unit& unit, bool fragments);
  /// `entry`: the reply to `unit`; kept here as long as the reply cache keeps it. `asked`: it may depend on
  /// answers of the compiler that are not part of its profile.
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
  /// Removes sources whose replies the cache has dropped, and thus their units.
  void sweep();
  const Difference& difference(const std::shared_ptr<const Unit>& one,
                               const std::shared_ptr<const Unit>& other);

  std::mutex mutex_;  ///< all below
  /// By working directory, source and kind of reply; the newest last.
  tsl::robin_map<std::string, std::vector<Variant>> variants_;
  std::size_t sweep_at_ = kSourcesBeforeSweep;
  std::map<std::pair<const Unit*, const Unit*>, Difference> differences_;
};

}  // namespace pump::include_server

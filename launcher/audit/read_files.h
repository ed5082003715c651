// Compares the files that a host's compiler read, which its dependency rule lists, with those that the include server predicted.
//
// A difference means that a condition had another value there, or that the host's headers differ: the object may be that of
// another program. Pure, but for reading files of this machine; main thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "launcher/decide/relative_names.h"
#include "pump/distcc/prediction.h"

namespace pump::launcher {

/// The dependency rule that a host's compiler wrote.
struct HostRule {
  std::string_view text;
  bool system_headers = false;  ///< of -MD
};
/// Makes a host send a rule with all files, for a command that requests none. Without these words it sends one without system
/// headers.
std::vector<std::string> words_for_audit();

/// True if the rule lists nothing: a compiler lists at least the source.
bool is_empty(const HostRule& rule);
/// False: there may be a difference, or only other names for the same files. Costs 0.05 ms for 300 files.
bool is_as_predicted(const HostRule& rule, const distcc::Prediction& prediction);

/// How a command names files.
struct LocalFiles {
  std::string cwd;  ///< absolute, without links
  RelativeNames names;
  /// An absolute path without links; empty if nothing is there.
  std::function<std::string(const std::string& path)> real_path;
};
/// The first difference: "src/a.cc:3: HOST did not read inc/b.h". Nothing if there is none. Looks up all files.
std::optional<std::string> find_misjudgement(const HostRule& rule, const distcc::PredictedFiles& predicted,
                                             const LocalFiles& files, std::string_view host);

}  // namespace pump::launcher

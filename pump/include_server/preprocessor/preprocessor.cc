#include "pump/include_server/preprocessor/preprocessor.h"

#include <utility>

#include "pump/include_server/preprocessor/path_insensitive_walk.h"
#include "pump/include_server/preprocessor/walker.h"

namespace pump::include_server {
namespace {

constexpr std::size_t kMostOutdatedBytes = 32U << 20U;
/// Changes in the tree between two computations of the outdated bytes, which visit each file.
constexpr std::uint64_t kChangesBetweenChecks = 64;

}  // namespace

struct Preprocessor::Impl {
  Impl(FileTree& tree, ScanCache& scans, AskCompiler ask, Budget limits)
      : budget(limits), walker(tree, scans, std::move(ask), limits) {}

  const Budget budget;
  Walker walker;
  std::uint64_t generation = 0;  ///< of the tree, in the last run()
  std::uint64_t checked_at = 0;  ///< generation at the last computation of the outdated bytes
};

Preprocessor::Preprocessor(FileTree& tree, ScanCache& scans, AskCompiler ask, Budget budget)
    : impl_(std::make_unique<Impl>(tree, scans, std::move(ask), budget)) {}
Preprocessor::~Preprocessor() = default;

bool Preprocessor::is_outdated() {
  if (impl_->generation < impl_->checked_at + kChangesBetweenChecks) return false;
  impl_->checked_at = impl_->generation;
  return impl_->walker.recorder().files().outdated_bytes() > kMostOutdatedBytes;
}

Closure Preprocessor::run(const FileTree::Snapshot& snapshot, const Unit& unit) {
  impl_->generation = snapshot.generation();
  Closure closure;
  if (!impl_->walker.run(unit, closure))
    walk_path_insensitively(impl_->walker, unit, impl_->budget.path_insensitive_steps, closure);
  impl_->walker.recorder().check_shortened_names();
  return closure;
}

}  // namespace pump::include_server

#include "pump/include_server/preprocessor/preprocessor.h"

#include "pump/include_server/preprocessor/path_insensitive_walk.h"
#include "pump/include_server/preprocessor/walker.h"

namespace pump::include_server {

struct Preprocessor::Impl {
  Impl(FileTree& tree, ScanCache& scans, AskCompiler ask, Budget limits)
      : budget(limits), walker(tree, scans, std::move(ask), limits) {}

  Closure run(const Unit& unit) {
    Closure closure;
    if (!walker.run(unit, closure)) reach_everything(walker, unit, budget.reachability_steps, closure);
    return closure;
  }

  Budget budget;
  Walker walker;
};

Preprocessor::Preprocessor(FileTree& tree, ScanCache& scans, AskCompiler ask, Budget budget)
    : impl_(std::make_unique<Impl>(tree, scans, std::move(ask), budget)) {}
Preprocessor::~Preprocessor() = default;

bool Preprocessor::worn_out() {
  return impl_->walker.lookup().holds_much_that_is_outdated();
}

Closure Preprocessor::run(const Unit& unit) {
  return impl_->run(unit);
}

}  // namespace pump::include_server

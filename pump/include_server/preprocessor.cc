#include "pump/include_server/preprocessor.h"

#include "pump/include_server/reachability.h"
#include "pump/include_server/walker.h"

namespace pump::include_server {

struct Preprocessor::Impl {
  Impl(FileTree& tree, ScanCache& scans, AskCompiler ask, Budget limits)
      : budget(limits), walker(tree, scans, std::move(ask), limits) {}

  Closure run(const Unit& unit, const OnEntered& on_entered) {
    Closure closure;
    if (!walker.run(unit, closure, on_entered)) reach_everything(walker, unit, budget.reachability_steps, closure);
    return closure;
  }

  Budget budget;
  Walker walker;
};

Preprocessor::Preprocessor(FileTree& tree, ScanCache& scans, AskCompiler ask, Budget budget)
    : impl_(std::make_unique<Impl>(tree, scans, std::move(ask), budget)) {}
Preprocessor::~Preprocessor() = default;

Closure Preprocessor::run(const Unit& unit, const OnEntered& on_entered) {
  return impl_->run(unit, on_entered);
}

}  // namespace pump::include_server

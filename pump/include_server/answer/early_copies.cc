#include "pump/include_server/answer/early_copies.h"

#include <utility>

#include "pump/include_server/mirror/reply_writer.h"
#include "pump/include_server/send_plan/send_plan.h"
#include "pump/include_server/support/crash_log.h"

namespace pump::include_server {

EarlyCopies::EarlyCopies(FileTree& tree, std::shared_ptr<Mirror> mirror,
                         AbsoluteIncludeCache& absolute_includes, SpareJobs& jobs, const Unit& unit,
                         std::shared_ptr<JobOrigin> origin)
    : tree_(tree),
      mirror_(std::move(mirror)),
      absolute_includes_(absolute_includes),
      jobs_(jobs),
      unit_(unit),
      origin_(std::move(origin)),
      defaults_(unit.default_places) {}

void EarlyCopies::entered(const ClosureFile& file, bool source) {
  if (!jobs_.wanted() || defaults_.holding(file.entry->parent) != nullptr) return;
  const std::string_view prologue = source ? source_prologue(unit_, file) : std::string_view();
  // `spelled` is interned, and all that is referred to lives as long as the server.
  jobs_.offer([&tree = tree_, &absolute_includes = absolute_includes_, mirror = mirror_, origin = origin_,
               lex = unit_.lex, file, prologue] {
    if (origin->over) return;
    const InputMark mark(origin->mark_key, origin->cwd, &origin->source, 1);
    const auto includes = absolute_includes.of(tree, *file.entry, lex);
    if (!includes || *includes != nullptr) return;  // what stands for them is decided later
    put_copy(tree, file, prologue, *mirror);
  });
}

}  // namespace pump::include_server

#include "pump/scheduler/policy/fair_queue.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace pump::scheduler {
namespace {

constexpr double kShortest = 0.001;

}  // namespace

unsigned class_of(double work) {
  if (work <= kShortest) return 0;
  return static_cast<unsigned>(std::min(std::lround(2 * std::log2(work / kShortest)), long{kClasses - 1}));
}

double work_of_class(unsigned number) {
  static const auto kWork = [] {
    std::array<double, kClasses> work{};
    for (unsigned i = 0; i < kClasses; ++i) work.at(i) = kShortest * std::exp2(i / 2.0);
    return work;
  }();
  return kWork.at(number);
}

Unit* Line::first(std::uint64_t of_classes) const {
  Unit* best = nullptr;
  for (std::uint64_t left = classes & of_classes; left != 0; left &= left - 1) {
    Unit* const unit = fresh.at(static_cast<std::size_t>(std::countr_zero(left))).front();
    if (best == nullptr || unit->order < best->order) best = unit;
  }
  return best;
}

FairQueue::~FairQueue() {
  for (const auto& [build, line] : all_lines_) std::erase(line->build->lines, line.get());
}

Line& FairQueue::line_of(Build& build) {
  std::unique_ptr<Line>& line = all_lines_[&build];
  if (!line) {
    line = std::make_unique<Line>();
    line->queue = this;
    line->build = &build;
    line->order.build = build.number;
    build.lines.push_back(line.get());
  }
  return *line;
}

void FairQueue::push(Unit& unit) {
  Line& line = line_of(*unit.build);
  if (line.size++ == 0) {
    line.order.running = unit.build->running;
    line.order.last_grant = unit.build->last_grant;
    lines_.emplace(line.order, &line);
  }
  ++size_;
  unit.retry = !unit.failed.empty();
  if (unit.retry) {
    std::list<Unit*>& list = line.retries[unit.failed];
    unit.place = list.insert(list.end(), &unit);
    ++retries_;
    most_failed_ = std::max(most_failed_, unit.failed.size());
    return;
  }
  const unsigned number = class_of(unit.work);
  std::list<Unit*>& list = line.fresh.at(number);
  unit.place = list.insert(list.end(), &unit);
  line.classes |= std::uint64_t{1} << number;
}

void FairQueue::remove(Unit& unit) {
  Line& line = *all_lines_.at(unit.build);
  if (unit.retry) {
    const auto found = line.retries.find(unit.failed);
    found->second.erase(unit.place);
    if (found->second.empty()) line.retries.erase(found);
    if (--retries_ == 0) most_failed_ = 0;
  } else {
    const unsigned number = class_of(unit.work);
    std::list<Unit*>& list = line.fresh.at(number);
    list.erase(unit.place);
    if (list.empty()) line.classes &= ~(std::uint64_t{1} << number);
  }
  if (--line.size == 0) lines_.erase(line.order);
  --size_;
}

void FairQueue::reorder(const Build& build) {
  for (Line* const line : build.lines) {
    if (line->size == 0) continue;
    Lines& lines = line->queue->lines_;
    auto node = lines.extract(line->order);
    line->order.running = build.running;
    line->order.last_grant = build.last_grant;
    node.key() = line->order;
    lines.insert(std::move(node));
  }
}

void FairQueue::forget(const Build& build) {
  // The destruction of a line does not change build.lines: the build goes as well.
  for (Line* const line : build.lines) line->queue->all_lines_.erase(&build);
}

std::vector<Unit*> FairQueue::units() const {
  std::vector<Unit*> units = retries();
  for (const auto& [order, line] : lines_)
    for (const std::list<Unit*>& list : line->fresh) units.insert(units.end(), list.begin(), list.end());
  return units;
}

std::vector<Unit*> FairQueue::retries() const {
  std::vector<Unit*> units;
  for (const auto& [order, line] : lines_)
    for (const auto& [failed, list] : line->retries) units.insert(units.end(), list.begin(), list.end());
  return units;
}

}  // namespace pump::scheduler

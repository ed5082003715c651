#include "pump/scheduler/policy/diagnosis.h"

#include <algorithm>
#include <optional>

namespace pump::scheduler {
namespace {

constexpr std::size_t kMostRefusals = 64;  // of one host

/// Nothing: the host is not to blame.
std::optional<Fault> fault_of(Symptom symptom, const Host& host) {
  switch (symptom) {
    case Symptom::NoConnection:
      // Over ssh, only a unit can tell whether the host is back.
      return host.ssh ? Fault::CannotCompile : Fault::NoConnection;
    case Symptom::ConnectionEnded:
    case Symptom::EndedWithoutReply:
      return Fault::ConnectionEnded;
    case Symptom::CannotCompile:
      return Fault::CannotCompile;
    case Symptom::NoAnswer:
      return Fault::NoAnswer;
    case Symptom::CompilerRefused:
    case Symptom::CompilerDiffers:
    case Symptom::OfTheUnit:
      break;
  }
  return std::nullopt;
}

void note_ending(Host& host, const std::string& compiler, std::uint32_t epoch) {
  if (host.endings.size() >= kMostRefusals) host.endings.clear();
  const auto [ending, is_first] = host.endings.try_emplace(compiler);
  // Units of this epoch may have ended for the same reason.
  if (is_first) ending->second.next_epoch = host.health.epoch() + 1;
  ending->second.again = ending->second.again || epoch >= ending->second.next_epoch;
}

}  // namespace

void Diagnosis::did_unit(Host& host, const std::string& compiler, std::uint32_t epoch, Time now) {
  ++host.done;
  host.last_answer = now;
  host.health.did_unit(epoch);
  if (!host.refusals.empty()) host.refusals.erase(compiler);
  if (!host.endings.empty()) host.endings.erase(compiler);
  fleet_.changed(host, now);
  fleet_.arm(host, now);
}

void Diagnosis::failed(Host& host, const std::string& compiler, std::uint32_t epoch, Symptom symptom,
                       const std::string& text, Time now) {
  fleet_.note_fault(host, text);
  const auto fault = fault_of(symptom, host);
  if (symptom == Symptom::EndedWithoutReply) note_ending(host, compiler, epoch);
  if (symptom == Symptom::CompilerRefused || symptom == Symptom::CompilerDiffers) {
    host.health.connected();
    refuse(host, compiler, symptom == Symptom::CompilerDiffers, now);
  }
  if (fault)
    host.health.failed(*fault, epoch, now);
  else
    host.last_answer = now;
  if (host.health.state() == HostState::Down) host.endings.clear();
  fleet_.changed(host, now);
  fleet_.arm(host, now);
}

void Diagnosis::refuse(Host& host, const std::string& compiler, bool differs, Time now) {
  if (host.refusals.size() >= kMostRefusals)
    std::erase_if(host.refusals, [](const auto& entry) { return !entry.second.in_force; });
  Refusal& refusal = host.refusals[compiler];
  if (refusal.in_force) return;  // units that ran at the same time
  refusal.in_force = true;
  refusal.differs = differs;
  refusal.until = now + refusal.pause.take();
}

void Diagnosis::probed(Host& host, bool connected, Time now) {
  host.probing = false;
  if (!connected) host.endings.clear();
  const std::size_t endings = host.endings.size();
  std::erase_if(host.endings, [&](const auto& entry) {
    if (entry.second.again) refuse(host, entry.first, false, now);
    return entry.second.again;
  });
  host.health.probed(connected, host.endings.size() < endings, now);
  fleet_.changed(host, now);
  fleet_.arm(host, now);
}

bool Diagnosis::is_due(Host& host, Time now) {
  bool probe = host.health.needs_probe() && host.health.due() <= now && !host.probing;
  if (probe && host.members.empty()) {  // nobody wants it any more
    host.health.forget();
    probe = false;
  }
  host.probing = host.probing || probe;
  for (auto& [compiler, refusal] : host.refusals)
    if (refusal.until <= now) refusal.in_force = false;
  fleet_.changed(host, now);
  fleet_.arm(host, now);
  return probe;
}

}  // namespace pump::scheduler

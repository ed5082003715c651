#include "pump/include_server/answer/client_environment.h"

#include <xxhash.h>

#include <utility>

#include "pump/include_server/unit/unit_builder.h"

namespace pump::include_server {
namespace {

constexpr std::size_t kMostEnvironments = 64;

}  // namespace

ClientEnvironment::ClientEnvironment(os::Environment all)
    : variables(std::move(all)), key(UnitBuilder::environment_key(variables)) {}

ClientEnvironment::ClientEnvironment(std::string_view the_block)
    : block(the_block),
      variables(os::Environment::from_block(block)),
      key(UnitBuilder::environment_key(variables)) {}

std::shared_ptr<const ClientEnvironment> ClientEnvironments::get(const Request& request) {
  if (request.environment_block.empty())
    return std::make_shared<const ClientEnvironment>(request.environment);
  return get(request.environment_block);
}

std::shared_ptr<const ClientEnvironment> ClientEnvironments::get(std::string_view block) {
  const std::uint64_t hash = XXH3_64bits(block.data(), block.size());
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = known_.find(hash); found != known_.end() && found->second->block == block)
      return found->second;
  }
  auto made = std::make_shared<const ClientEnvironment>(block);
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kMostEnvironments) known_.clear();
  known_[hash] = made;
  return made;
}

ContentHash request_key(std::string_view encoded, const ClientEnvironment& environment) {
  std::string text;
  text.reserve(encoded.size() + environment.key.size());
  text.append(encoded).append(environment.key);  // unambiguous: an encoded request contains its own length
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return {hash.low64, hash.high64};
}

}  // namespace pump::include_server

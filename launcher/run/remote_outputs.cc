#include "launcher/run/remote_outputs.h"

#include <utility>

#include "launcher/decide/relative_names.h"
#include "launcher/object/repair.h"
#include "launcher/remote/output_file.h"
#include "launcher/run/local_rule.h"

namespace pump::launcher {

tl::expected<RemoteOutputs, UnusableReply> make_outputs(distcc::ReplyDecoder& reply,
                                                        const Decision& decision) {
  RemoteOutputs outputs;
  outputs.object_name = decision.output;
  outputs.object = std::move(reply.object());
  if (const auto repaired = object::repair(outputs.object, decision.client); !repaired)
    return tl::make_unexpected(
        UnusableReply{FallbackReason::DebugUnrepairable, repaired.error(), repaired.error().code == ENOTSUP});
  if (decision.dependencies) {
    const DependencyFile& file = *decision.dependencies;
    const std::string root = decision.relative ? decision.relative->root : std::string();
    auto rule = reply.has_dependencies() ? local_rule(reply.dependencies(), file, root) : std::nullopt;
    if (!rule)
      return tl::make_unexpected(UnusableReply{
          FallbackReason::DependenciesUnlike, {"the host sent no rule for " + file.target, 0}, false});
    outputs.rule_name = file.name;
    outputs.rule = *std::move(rule);
  }
  outputs.messages = local_messages(reply.messages(), decision);
  outputs.output = reply.output();
  return outputs;
}

std::string local_messages(std::string_view messages, const Decision& decision) {
  return decision.relative ? with_absolute_names(messages, decision.relative->root) : std::string(messages);
}

Status RemoteOutputs::write() const {
  std::optional<OutputFile> rule_file;
  if (!rule_name.empty()) {
    PUMP_TRY(OutputFile written, OutputFile::write(rule_name, rule, OutputFile::Kind::Dependencies));
    rule_file.emplace(std::move(written));
  }
  PUMP_TRY(OutputFile object_file, OutputFile::write(object_name, object, OutputFile::Kind::Object));
  // The object last: a build tool takes a new object for the end of the compilation.
  if (rule_file) PUMP_CHECK(rule_file->publish());
  return object_file.publish();
}

}  // namespace pump::launcher

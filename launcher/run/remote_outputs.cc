#include "launcher/run/remote_outputs.h"

#include <utility>

#include "launcher/decide/relative_names.h"
#include "launcher/object/repair.h"
#include "launcher/remote/output_file.h"
#include "launcher/run/local_rule.h"

namespace pump::launcher {

struct OutputMaker {
  static tl::expected<RemoteOutputs, UnusableReply> make(distcc::ReplyDecoder& reply,
                                                         const Decision& decision) {
    RemoteOutputs outputs;
    outputs.object_name_ = decision.output;
    outputs.object_ = std::move(reply.object());
    if (const auto repaired = object::repair(outputs.object_, decision.client); !repaired)
      return tl::make_unexpected(UnusableReply{FallbackReason::DebugUnrepairable, repaired.error(),
                                               repaired.error().code == ENOTSUP});
    if (decision.dependencies) {
      const DependencyFile& file = *decision.dependencies;
      const std::string root = decision.relative ? decision.relative->root : std::string();
      auto rule = reply.has_dependencies() ? local_rule(reply.dependencies(), file, root) : std::nullopt;
      if (!rule)
        return tl::make_unexpected(UnusableReply{
            FallbackReason::DependenciesUnlike, {"the host sent no rule for " + file.target, 0}, false});
      outputs.rule_name_ = file.name;
      outputs.rule_ = *std::move(rule);
    }
    outputs.messages = local_messages(reply.messages(), decision);
    outputs.output = reply.output();
    return outputs;
  }
};

tl::expected<RemoteOutputs, UnusableReply> make_outputs(distcc::ReplyDecoder& reply,
                                                        const Decision& decision) {
  return OutputMaker::make(reply, decision);
}

std::string local_messages(std::string_view messages, const Decision& decision) {
  return decision.relative ? with_absolute_names(messages, decision.relative->root) : std::string(messages);
}

Status RemoteOutputs::write() const {
  std::optional<OutputFile> rule;
  if (!rule_name_.empty()) {
    PUMP_TRY(OutputFile written, OutputFile::write(rule_name_, rule_, OutputFile::Kind::Dependencies));
    rule.emplace(std::move(written));
  }
  PUMP_TRY(OutputFile object, OutputFile::write(object_name_, object_, OutputFile::Kind::Object));
  // The object last: a build tool takes a new object for the end of the compilation.
  if (rule) PUMP_CHECK(rule->publish());
  return object.publish();
}

}  // namespace pump::launcher

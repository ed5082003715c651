#include "launcher/run/remote_outputs.h"

#include <cstring>
#include <utility>

#include "launcher/object/repair.h"
#include "launcher/remote/output_file.h"
#include "launcher/run/local_messages.h"
#include "launcher/run/local_rule.h"

namespace pump::launcher {
namespace {

/// True for assembler text (-S).
bool is_text(std::string_view object) {
  return !object.empty() && object.find('\0') == std::string_view::npos;
}

/// clang names functions for `#pragma omp target` after the device and inode of the source.
bool names_inode(std::string_view object) {
  constexpr std::string_view kName = "__omp_offloading_";
  return ::memmem(object.data(), object.size(), kName.data(), kName.size()) != nullptr;
}

tl::unexpected<UnusableReply> unusable(FallbackReason reason, Error error) {
  return tl::make_unexpected(UnusableReply{reason, std::move(error)});
}

}  // namespace

tl::expected<RemoteOutputs, UnusableReply> make_outputs(distcc::ReplyDecoder& reply, const Decision& decision,
                                                        const CommandContext& context,
                                                        const std::vector<std::string>& sent,
                                                        const ShortenedNames& shortened) {
  RemoteOutputs outputs;
  auto messages = reply.messages().empty() ? tl::expected<std::string, UnlikeMessages>()
                                           : local_messages(reply.messages(), decision, context, sent,
                                                            MessagePlace::current(decision, context));
  if (!messages) {
    UnusableReply unlike{FallbackReason::MessagesUnlike, {messages.error().why, 0}};
    unlike.here_only = messages.error().here_only;
    return tl::make_unexpected(std::move(unlike));
  }
  outputs.messages = *std::move(messages);
  outputs.output = reply.output();
  outputs.object_name = decision.output;
  outputs.object = std::move(reply.object());
  if (decision.compiler == CompilerKind::Clang && names_inode(outputs.object))
    return unusable(FallbackReason::NamesUnlike,
                    {"clang names regions of `omp target` after the source's inode", 0});
  const RelativeNames names = decision.relative ? decision.relative->names : RelativeNames();
  if (is_text(outputs.object) && names.appear_in(outputs.object))
    return unusable(FallbackReason::NamesUnlike,
                    {"the assembler text names a file as the host's command does", 0});
  if (const auto repaired = object::repair(outputs.object, decision.client); !repaired) {
    UnusableReply unrepaired{FallbackReason::DebugUnrepairable, repaired.error()};
    unrepaired.compiler_never = repaired.error().code == ENOTSUP;
    return tl::make_unexpected(std::move(unrepaired));
  }
  if (decision.dependencies) {
    const DependencyFile& file = *decision.dependencies;
    auto rule =
        reply.has_dependencies() ? local_rule(reply.dependencies(), file, names, shortened) : std::nullopt;
    if (!rule)
      return unusable(FallbackReason::DependenciesUnlike, {"the host sent no rule for " + file.target, 0});
    outputs.rule_name = file.name;
    outputs.rule = *std::move(rule);
  }
  outputs.scan = decision.scan;
  return outputs;
}

Status RemoteOutputs::write() const {
  std::optional<OutputFile> rule_file;
  if (!rule_name.empty()) {
    PUMP_TRY(OutputFile written, OutputFile::write(rule_name, rule, OutputFile::Kind::Dependencies));
    rule_file.emplace(std::move(written));
  }
  std::optional<OutputFile> scan_file;
  if (scan) {
    PUMP_TRY(OutputFile written,
             OutputFile::write(scan->name, scan->content, OutputFile::Kind::Dependencies));
    scan_file.emplace(std::move(written));
  }
  PUMP_TRY(OutputFile object_file, OutputFile::write(object_name, object, OutputFile::Kind::Object));
  // The object last: a build tool takes a new object for the end of the compilation.
  if (rule_file) PUMP_CHECK(rule_file->publish());
  if (scan_file) PUMP_CHECK(scan_file->publish());
  return object_file.publish();
}

}  // namespace pump::launcher

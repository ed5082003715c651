#include "launcher/run/remote_outputs.h"

#include <algorithm>
#include <utility>

#include "launcher/decide/relative_names.h"
#include "launcher/object/repair.h"
#include "launcher/remote/output_file.h"
#include "launcher/run/local_rule.h"

namespace pump::launcher {
namespace {

/// The size of the escape sequences with which `line` begins: colours (-fdiagnostics-color).
std::size_t colours_size(std::string_view line) {
  std::size_t size = 0;
  while (line.substr(size).starts_with("\033[")) {
    const std::size_t end = line.find_first_not_of("0123456789;", size + 2);
    if (end == std::string_view::npos) break;
    size = end + 1;  // with the letter that ends the sequence
  }
  return size;
}

/// gcc's driver begins its own messages with the name by which it was called: "gcc: warning: …".
std::string with_local_compiler(std::string_view messages, const Decision& decision) {
  const std::string there = decision.compiler_there + ":";
  if (decision.compiler_there == decision.compiler_here || messages.find(there) == std::string_view::npos)
    return std::string(messages);
  std::string result;
  while (!messages.empty()) {
    const std::string_view line = messages.substr(0, std::min(messages.find('\n'), messages.size() - 1) + 1);
    const std::size_t start = colours_size(line);
    const bool by_driver = line.substr(start).starts_with(there);
    result += line.substr(0, start);
    if (by_driver) (result += decision.compiler_here) += ':';
    result += line.substr(start + (by_driver ? there.size() : 0));
    messages.remove_prefix(line.size());
  }
  return result;
}

}  // namespace

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
  const std::string named =
      decision.relative ? with_absolute_names(messages, decision.relative->root) : std::string(messages);
  return with_local_compiler(named, decision);
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

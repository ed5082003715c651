#include "launcher/run/distribute.h"

#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <ctime>
#include <memory>
#include <optional>
#include <utility>

#include "launcher/audit/compiler_version.h"
#include "launcher/audit/read_files.h"
#include "launcher/remote/file_source.h"
#include "launcher/remote/remote_compilation.h"
#include "launcher/report/record.h"
#include "launcher/report/server_reason.h"
#include "launcher/report/session_notes.h"
#include "launcher/run/build_date.h"
#include "launcher/run/line_copies.h"
#include "launcher/run/local_fallback.h"
#include "launcher/run/local_messages.h"
#include "launcher/run/local_slot.h"
#include "launcher/run/remote_outputs.h"
#include "launcher/run/run.h"
#include "launcher/run/session_servers.h"
#include "launcher/run/set_aside.h"
#include "pump/distcc/find_distcc.h"
#include "pump/hosts/find_hosts.h"
#include "pump/os/file_io.h"
#include "pump/os/format.h"
#include "pump/scheduler/client.h"

namespace pump::launcher {
namespace {

using scheduler::Outcome;

/// Settings and directory of the session.
struct Session {
  session::Settings settings;
  session::Directory directory;
};

/// Error: the environment has invalid settings, or the directory is not safe to use.
Expected<Session> open_session(const os::Environment& environment) {
  PUMP_TRY(session::Settings settings, session::read_settings(environment));
  PUMP_TRY(session::Directory directory, session::Directory::open(settings));
  return Session{std::move(settings), std::move(directory)};
}

std::chrono::seconds io_timeout(const os::Environment& environment) {
  constexpr std::chrono::seconds kDefault(300);  // distcc's
  const std::string_view text = environment.get_or("DISTCC_IO_TIMEOUT", "");
  long seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool valid = error == std::errc() && end == text.data() + text.size() && seconds > 0;
  return valid ? std::chrono::seconds(seconds) : kDefault;
}

/// The process that started the launchers of a build: this process's parent, or if that is a shell that runs one
/// command, the shell's parent.
std::string build_name() {
  pid_t parent = ::getppid();
  const auto status = os::read_file("/proc/" + std::to_string(parent) + "/stat", 4096);
  // "PID (COMMAND) STATE PARENT …"; the command may contain anything.
  const std::size_t end = status ? status->rfind(')') : std::string::npos;
  const std::size_t begin = status ? status->find('(') : std::string::npos;
  if (end == std::string::npos || begin == std::string::npos || end + 4 > status->size())
    return std::to_string(parent);
  const std::string_view command = std::string_view(*status).substr(begin + 1, end - begin - 1);
  if (command == "sh" || command == "dash" || command == "bash")
    std::from_chars(status->data() + end + 4, status->data() + status->size(), parent);
  return std::to_string(parent);
}

/// The directory of distcc's programs; empty if distcc is not installed.
std::string distcc_directory(const os::Environment& environment) {
  const auto self = os::self_executable();
  return distcc::find_distcc_directory(environment, self ? *self : std::string()).value_or("");
}

/// distcc's state directory: the value of DISTCC_DIR, else .distcc below HOME; empty if there is neither.
std::string distcc_state_directory(const os::Environment& environment) {
  std::string directory(environment.get_or("DISTCC_DIR", ""));
  if (!directory.empty()) return directory;
  const std::string home(environment.get_or("HOME", ""));
  return home.empty() ? home : home + "/.distcc";
}

constexpr int kMostLostFiles = 2;

using Clock = std::chrono::steady_clock;
/// A unit that has waited for longer, in the queue or on another host, asks for its files again: they may have been edited,
/// and the object will be newer than the edit.
constexpr std::chrono::seconds kStale(1);

/// One unit, from the command to its outputs.
class DistributedUnit {
 public:
  DistributedUnit(Decision decision, const std::vector<std::string>& argv, const CommandContext& context)
      : decision_(std::move(decision)),
        context_(context),
        session_(open_session(context.environment)),
        record_(decision_, context),
        command_{decision_, argv, context, session_ ? session_->directory.path() : std::string()},
        fallback_(command_, notes_, set_aside_, record_) {
    if (!session_) return;
    notes_ = SessionNotes(session_->directory);
    set_aside_ = SetAside(session_->directory.path(), context.cwd, decision_.words);
    record_.set_session(session_->directory.path());
  }
  DistributedUnit(const DistributedUnit&) = delete;
  DistributedUnit& operator=(const DistributedUnit&) = delete;

  int run();

 private:
  /// Becomes the compiler. `reason` holds for every command, so the session's log gets it only once an hour.
  int run_locally(LocalReason reason, const Error& error);
  Expected<hosts::FoundHosts> find_hosts();
  /// Compiles here and ends the process if the command, or its compiler with -g, is set aside.
  void compile_here_if_set_aside();
  /// Keeps the absolute names if the compiler is known not to map others.
  void choose_names();
  [[nodiscard]] const std::vector<std::string>& words() const {
    return decision_.relative ? decision_.relative->words : decision_.words;
  }
  /// The text with the names of the user's command.
  [[nodiscard]] std::string with_local_names(const std::string& text) const {
    return decision_.relative ? decision_.relative->names.restored(text) : text;
  }
  /// In place of relative ones. Compiles here if names matter then.
  void use_absolute_names(const std::string& because);
  /// Compiles here if the unit's result may depend on names that it has on a host.
  void check_names();
  /// Changes the command so that names in the text of #include may become names over the working directory. False: not
  /// possible, or done already.
  bool can_name_over_cwd();
  /// Logs which hosts only stock distcc can use.
  void note_hosts_of_distcc(const distcc::HostList& list) const;
  /// Without a server the unit is compiled here.
  SessionServers join_servers();
  /// The include server's answer.
  distcc::UnitFiles ask_for_files(const SessionServers& servers);
  /// The unit's files. If the include server cannot tell, or files have other names on a host, the command is changed and it
  /// is asked again. If that does not help, the unit is compiled here, after it has given up its slot.
  std::unique_ptr<FileSource> request_files(const SessionServers& servers);
  /// True if the unit may use __DATE__ or __TIME__.
  [[nodiscard]] bool uses_date() const {
    return (prediction_ && prediction_->uses_date) || uses_date_in_options(decision_.words);
  }
  /// With the words for the host.
  RemoteJob make_job(FileSource* files);
  [[noreturn]] void compile_on_hosts(const hosts::FoundHosts& found, const SessionServers& servers);
  /// A slot. If there is none for this unit, it is compiled here.
  scheduler::Grant ask_for_slot(const SessionServers& servers, const scheduler::Want& want);
  RemoteResult compile_on(const scheduler::Grant& grant, const hosts::FoundHosts& found,
                          const RemoteJob& job);
  /// As LocalFallback::compile(), after the slot on a host has been given up.
  template <typename Reason>
  [[noreturn]] void compile_here(Reason reason, const std::string& detail) {
    client_.reset();
    fallback_.compile(reason, detail);
  }
  /// The host failed; a Move may have another cause.
  [[nodiscard]] bool is_fault(const RemoteResult& result) const;
  /// The unit was not done on the host: for the record and the session's log.
  void note_failure(const std::string& host, const RemoteResult& result);
  /// Makes the outcome CompilerDiffers if the host has another version of the compiler than this machine.
  void check_compiler(const scheduler::Grant& grant, const hosts::FoundHosts& found, const RemoteJob& job,
                      RemoteResult& result);
  /// Asks the host, which has just been granted, by a job of its own, at most once an hour. Empty: it does not tell.
  std::string ask_for_version(const scheduler::Grant& grant, const hosts::FoundHosts& found,
                              const RemoteJob& job);
  /// Compiles here if the host's compiler read other files than predicted.
  void check_files(const std::string& host, distcc::ReplyDecoder& reply, const SessionServers& servers);
  /// A result that the compiler itself gave. Ends the process.
  [[noreturn]] void finish(const std::string& host, RemoteResult result, const SessionServers& servers);
  [[noreturn]] void print_failure(const RemoteResult& result);
  /// Compiles here, because the compiler on the host failed.
  [[noreturn]] void compile_again(const RemoteResult& result);

  Decision decision_;
  const CommandContext& context_;
  Expected<Session> session_;
  SessionNotes notes_;
  SetAside set_aside_;
  CommandRecord record_;
  std::optional<scheduler::Move> move_;  ///< the last one
  std::optional<Outcome> last_outcome_;  ///< on a host
  DistributedCommand command_;
  LocalFallback fallback_;
  bool tried_names_over_cwd_ = false;
  std::vector<std::string> sent_;                     ///< UnitFiles::names
  std::optional<distcc::Prediction> prediction_;      ///< of the include server; none: nothing is compared
  std::optional<scheduler::SchedulerClient> client_;  ///< the connection, which holds the slot
};

Expected<hosts::FoundHosts> DistributedUnit::find_hosts() {
  hosts::FindHostsOptions options;
  options.cwd = context_.cwd;
  options.session_directory = session_ ? session_->directory.path() : std::string();
  // Only lsdistcc needs it.
  if (!context_.environment.has("DISTCC_HOSTS"))
    options.distcc_directory = distcc_directory(context_.environment);
  return hosts::find_hosts(context_.environment, options);
}

int DistributedUnit::run_locally(LocalReason reason, const Error& error) {
  notes_.add_once(name(reason), decision_.source, error.message);
  record_.set_reason(reason, error.message);
  record_.write(insight::Outcome::Local, false);
  take_local_slot(context_.environment);
  return become_compiler(command_.argv, context_.environment);
}

void DistributedUnit::compile_here_if_set_aside() {
  if (set_aside_.is_set()) fallback_.compile(FallbackReason::SetAside, set_aside_.reason());
  if (decision_.compiler != CompilerKind::Clang || decision_.debug == DebugInformation::None) return;
  SetAside compiler = compiler_with_debug(session_->directory.path(), decision_.words.front());
  if (compiler.is_set()) fallback_.compile(FallbackReason::SetAside, compiler.reason());
}

void DistributedUnit::choose_names() {
  if (!decision_.relative) return;
  SetAside compiler = compiler_without_maps(session_->directory.path(), decision_.words.front());
  if (!compiler.is_set()) return;
  use_absolute_names(compiler.reason());
}

void DistributedUnit::use_absolute_names(const std::string& because) {
  decision_.relative.reset();
  decision_.client.names_relatively = nullptr;
  decision_.absolute_because = because;
  if (decision_.compiler == CompilerKind::Clang && decision_.debug != DebugInformation::None)
    compile_here(FallbackReason::NamesUnlike, because);
}

void DistributedUnit::check_names() {
  if (std::string link = link_in_shortened_directory(decision_, sent_); !link.empty())
    compile_here(FallbackReason::NamesUnlike, link + " is a link below a system directory with a long name");
  const auto first = first_line_copy(sent_);
  if (!first) return;
  std::string because = decision_.absolute_because;
  if (!because.empty()) because = " because of " + because;
  if (const std::string why = unlike_with_line_copies(decision_, sent_); !why.empty())
    compile_here(FallbackReason::NamesUnlike, why + because);
  record_.set_note(os::format("a #line names {}{}", *first, because));
}

bool DistributedUnit::can_name_over_cwd() {
  const bool tried = std::exchange(tried_names_over_cwd_, true);
  if (tried || decision_.compiler == CompilerKind::Other || !decision_.absolute_because.empty()) return false;
  RelativeCommand command =
      decision_.relative ? *decision_.relative : RelativeCommand{decision_.words, {}, {}, {}, {}};
  const bool clang = decision_.compiler == CompilerKind::Clang;
  if (!add_names_over_cwd(command, {context_.cwd, clang, context_.real_path})) return false;
  decision_.use_relative(std::move(command));
  decision_.client.edited_files = true;
  return true;
}

void DistributedUnit::note_hosts_of_distcc(const distcc::HostList& list) const {
  if (list.zeroconf)
    notes_.add_once("zeroconf", decision_.source, "+zeroconf is left to stock distcc: name the hosts");
  for (const distcc::Host& host : list.hosts)
    if (host.auth)
      notes_.add_once("auth", decision_.source, host.text + " needs a login: it is left to stock distcc");
}

SessionServers DistributedUnit::join_servers() {
  auto joined = SessionServers::join(context_.environment, session_->settings, session_->directory);
  if (joined) return *std::move(joined);
  fallback_.compile(FallbackReason::NoIncludeServer, joined.error().message);
}

distcc::UnitFiles DistributedUnit::ask_for_files(const SessionServers& servers) {
  auto files = servers.request_files(context_.cwd, words());
  if (!files) compile_here(FallbackReason::NoIncludeServer, files.error().message);
  return *std::move(files);
}

std::unique_ptr<FileSource> DistributedUnit::request_files(const SessionServers& servers) {
  distcc::UnitFiles files = ask_for_files(servers);
  const bool names_may_matter = files.size() == 0 || first_line_copy(files.names);
  if (names_may_matter && can_name_over_cwd()) files = ask_for_files(servers);
  if (decision_.relative && files.prediction && !files.prediction->shows_names.empty()) {
    const std::string because = with_local_names(files.prediction->shows_names);
    if (decision_.compiler == CompilerKind::Gcc) compile_here(FallbackReason::NamesUnlike, because);
    use_absolute_names(because);
    files = ask_for_files(servers);
  }
  if (files.size() == 0)
    compile_here(FallbackReason::IncludesUnknown,
                 with_local_names(server_reason(notes_.log(), std::to_string(::getpid()))));
  sent_ = files.names;
  prediction_ = files.prediction;
  if (prediction_ && !prediction_->precompiled_header.empty())
    compile_here(LocalReason::PchUse, with_local_names(prediction_->precompiled_header));
  if (prediction_) decision_.client.edited_files = prediction_->edited;
  if (uses_date()) {
    std::string obstacle = obstacle_to_date_words(decision_);
    if (prediction_ && prediction_->changes_builtin) obstacle = "a redefined builtin macro";
    if (!obstacle.empty()) compile_here(LocalReason::BuildDate, "with " + obstacle);
    // They may tell that the macro is one of the command.
    decision_.messages.obstacle = "a host's messages about __DATE__ and __TIME__ differ";
  }
  check_names();
  return make_file_source(std::move(files));
}

RemoteJob DistributedUnit::make_job(FileSource* files) {
  RemoteJob job{context_.cwd, words(), files};
  job.words.front() = decision_.compiler_there;
  const auto add = [&job](const std::vector<std::string>& words) {
    job.words.insert(job.words.end(), words.begin(), words.end());
  };
  add(decision_.words_there);
  if (decision_.relative) add(decision_.relative->map_words);
  if (!decision_.dependencies) add(words_for_audit());
  add(message_words(decision_, context_.environment, ::isatty(STDERR_FILENO) == 1));
  if (uses_date()) add(date_words(std::time(nullptr)));
  return job;
}

scheduler::Grant DistributedUnit::ask_for_slot(const SessionServers& servers, const scheduler::Want& want) {
  // The session's server may be killed; each attempt starts it again. One that lived for a while is no failed attempt: a unit
  // may wait for minutes.
  constexpr int kAttempts = 3;
  constexpr std::chrono::seconds kLived(5);
  Error error;
  for (int failed = 0; failed < kAttempts;) {
    const Clock::time_point begin = Clock::now();
    if (!client_) {
      auto connected = servers.connect_to_scheduler();
      if (!connected) {
        error = connected.error();
        ++failed;
        continue;
      }
      client_.emplace(*std::move(connected));
    }
    auto answer = client_->ask(want);
    if (!answer) {
      error = answer.error();
      client_.reset();
      failed = Clock::now() - begin < kLived ? failed + 1 : 0;
      continue;
    }
    if (auto* grant = std::get_if<scheduler::Grant>(&*answer)) return std::move(*grant);
    const auto& local = std::get<scheduler::Local>(*answer);
    FallbackReason reason = FallbackReason::HostsFailed;
    if (last_outcome_ == Outcome::Closed) reason = FallbackReason::HostsClosed;
    if (local.reason == scheduler::name(Outcome::CompilerRefused)) reason = FallbackReason::CompilerRefused;
    if (local.reason == scheduler::name(Outcome::CompilerDiffers)) reason = FallbackReason::CompilerDiffers;
    fallback_.compile(reason, local.detail);
  }
  fallback_.compile(FallbackReason::NoIncludeServer, error.message);
}

RemoteResult DistributedUnit::compile_on(const scheduler::Grant& grant, const hosts::FoundHosts& found,
                                         const RemoteJob& job) {
  const auto& hosts = found.list.hosts;
  const auto host = std::find_if(hosts.begin(), hosts.end(),
                                 [&](const distcc::Host& one) { return one.text == grant.host; });
  if (host == hosts.end()) {
    RemoteResult unknown;
    unknown.detail = "the scheduler granted a host that is not in the list: " + grant.host;
    return unknown;
  }
  RemoteOptions options;
  options.io_timeout = io_timeout(context_.environment);
  options.ssh = std::string(context_.environment.get_or("DISTCC_SSH", "ssh"));
  options.scheduler = client_->fd();
  options.is_moved = [&] {
    move_ = client_->poll_move();
    return move_.has_value();
  };
  options.connected = [&](const std::string& address) {
    const bool is_first = grant.addresses.empty() || address == grant.addresses.front();
    client_->connected({is_first ? "" : address});
  };
  return compile_remotely(*host, grant.addresses, job, options);
}

void DistributedUnit::compile_on_hosts(const hosts::FoundHosts& found, const SessionServers& servers) {
  Clock::time_point asked;
  std::unique_ptr<FileSource> files;
  RemoteJob job;
  const auto ask = [&] {
    asked = Clock::now();
    files = request_files(servers);
    job = make_job(files.get());
  };
  ask();
  scheduler::Want want;
  want.hosts = found.list.text;
  want.compiler = job.words.front();
  if (prediction_) want.compiler += " " + prediction_->compiler;
  want.unit = context_.cwd + "/" + decision_.output;
  want.size = files->size();
  want.build = build_name();
  want.distcc_directory = distcc_state_directory(context_.environment);
  want.source = decision_.source;
  int lost_files = 0;
  while (true) {
    record_.begin_waiting();
    const scheduler::Grant grant = ask_for_slot(servers, want);
    record_.end_waiting();
    if (Clock::now() - asked > kStale) ask();
    RemoteResult result = compile_on(grant, found, job);
    if (result.fault_here) {
      // The server that made the copies was killed, and its mirror is gone: a new one makes them again.
      if (++lost_files > kMostLostFiles) fallback_.compile(FallbackReason::NoIncludeServer, result.detail);
      client_.reset();
      ask();
      continue;
    }
    check_compiler(grant, found, job, result);
    client_->done({result.outcome, result.detail, result.connecting, result.sending, result.compiling,
                   result.receiving});
    if (result.outcome == Outcome::Ok || result.outcome == Outcome::CompileError) {
      client_.reset();
      finish(grant.host, std::move(result), servers);
    }
    last_outcome_ = result.outcome;
    if (is_fault(result)) want.failed.push_back(grant.host);
    note_failure(grant.host, result);
  }
}

bool DistributedUnit::is_fault(const RemoteResult& result) const {
  if (result.outcome != Outcome::Moved) return true;
  return move_ && move_->cause == scheduler::MoveCause::NoAnswer;
}

void DistributedUnit::note_failure(const std::string& host, const RemoteResult& result) {
  const bool moved = result.outcome == Outcome::Moved && move_;
  const std::string& detail = moved ? move_->reason : result.detail;
  if (!is_fault(result)) return record_.add_move(host, detail);
  const std::string_view kind = scheduler::name(moved ? Outcome::Stalled : result.outcome);
  notes_.add(decision_.source, os::format("{}: {}: {}", host, kind, detail));
  record_.add_fault(host, kind, detail);
}

/// Only for DISTCC_FALLBACK=0.
void DistributedUnit::print_failure(const RemoteResult& result) {
  record_.write(insight::Outcome::Failed);
  (void)os::write_all(STDOUT_FILENO, result.reply.output());
  (void)os::write_all(STDERR_FILENO, readable_messages(result.reply.messages(), decision_));
  const int status = result.reply.wait_status();
  if (status == 0) {  // it made no object
    (void)os::write_all(STDERR_FILENO, os::format("pump-launch: {}: {} (DISTCC_FALLBACK=0)\n",
                                                  decision_.source, result.detail));
    end_like({.code = 1, .signal = 0});
  }
  end_like(WIFSIGNALED(status) ? os::ExitStatus{.code = 0, .signal = WTERMSIG(status)}
                               : os::ExitStatus{.code = WEXITSTATUS(status), .signal = 0});
}

void DistributedUnit::compile_again(const RemoteResult& result) {
  const std::string detail = with_local_names(result.detail);
  // The words that pump added are the only ones with a relative root.
  const bool lacks_option =
      decision_.relative && result.reply.messages().find("-ffile-prefix-map=") != std::string::npos;
  if (!lacks_option) fallback_.compile_again(FallbackReason::RemoteFailed, detail);
  fallback_.keep_absolute_names(detail);
  fallback_.compile(FallbackReason::RemoteFailed, detail);
}

void DistributedUnit::check_compiler(const scheduler::Grant& grant, const hosts::FoundHosts& found,
                                     const RemoteJob& job, RemoteResult& result) {
  if (!prediction_ || prediction_->compiler.empty()) return;
  if (result.outcome != Outcome::Ok && result.outcome != Outcome::CompileError) return;
  std::string there = compiler_version(result.reply.object(), prediction_->compiler);
  // Failed, or -fno-ident.
  if (there.empty()) there = ask_for_version(grant, found, job);
  if (there.empty() || there == prediction_->compiler) return;
  result.outcome = Outcome::CompilerDiffers;
  result.detail = os::format("its compiler is \"{}\", the one here is \"{}\"", there, prediction_->compiler);
}

std::string DistributedUnit::ask_for_version(const scheduler::Grant& grant, const hosts::FoundHosts& found,
                                             const RemoteJob& job) {
  constexpr std::chrono::hours kValid(1);
  SetAside known = version_on_host(session_->directory.path(), decision_.words.front(), grant.host);
  constexpr std::string_view kNotTold = "-";
  if (known.is_set()) return known.reason() == kNotTold ? std::string() : known.reason();
  // The same suffix, and so the same language.
  const std::string& source = decision_.source;
  const std::size_t dot = source.rfind('.');
  const std::string name = "pump-version" + (dot == std::string::npos ? ".c" : source.substr(dot));
  MadeFile file(context_.cwd + "/" + name, "\n");
  const RemoteJob question{context_.cwd, {job.words.front(), "-S", name, "-o", "pump-version.s"}, &file};
  RemoteResult result = compile_on(grant, found, question);
  if (result.outcome != Outcome::Ok) return {};
  std::string version = compiler_version(result.reply.object(), prediction_->compiler);
  known.add_for_compiler(version.empty() ? kNotTold : version, decision_.words.front(), context_.environment,
                         kValid);
  return version;
}

void DistributedUnit::check_files(const std::string& host, distcc::ReplyDecoder& reply,
                                  const SessionServers& servers) {
  if (!prediction_ || !reply.has_dependencies()) return;
  const bool system_headers = !decision_.dependencies || decision_.dependencies->system_headers;
  const HostRule rule{reply.dependencies(), system_headers};
  if (is_as_predicted(rule, *prediction_) || is_empty(rule)) return;
  const auto predicted = servers.predicted_files(context_.cwd, words());
  if (!predicted) fallback_.compile(FallbackReason::NoIncludeServer, predicted.error().message);
  if (predicted->files.empty())
    fallback_.compile(FallbackReason::IncludesUnknown, "a file changed while the unit was compiled");
  const RelativeNames names = decision_.relative ? decision_.relative->names : RelativeNames();
  const auto misjudged = find_misjudgement(rule, *predicted, {context_.cwd, names, context_.real_path}, host);
  if (misjudged) fallback_.compile_again(FallbackReason::Misjudged, "include server misjudged " + *misjudged);
}

void DistributedUnit::finish(const std::string& host, RemoteResult result, const SessionServers& servers) {
  record_.set_host(host);
  record_.set_result(result);
  if (result.outcome == Outcome::CompileError) {
    if (fallback_.is_forbidden()) print_failure(result);
    compile_again(result);
  }
  check_files(host, result.reply, servers);
  auto outputs = make_outputs(result.reply, decision_, context_, sent_,
                              prediction_ ? prediction_->shortened : ShortenedNames());
  if (!outputs) {
    const UnusableReply& unusable = outputs.error();
    // Without -g, an option of this command is the cause.
    if (unusable.compiler_never && decision_.compiler == CompilerKind::Clang &&
        decision_.debug != DebugInformation::None)
      fallback_.set_compiler_aside(unusable.error.message);
    if (unusable.here_only) fallback_.compile(unusable.reason, unusable.error.message);
    fallback_.compile_again(unusable.reason, unusable.error.message);
  }
  if (const Status written = outputs->write(); !written)
    fallback_.compile(FallbackReason::OutputNotWritten, written.error().message);
  (void)os::write_all(STDOUT_FILENO, outputs->output);
  (void)os::write_all(STDERR_FILENO, outputs->messages);
  record_.write(insight::Outcome::Pump);
  end_like({});
}

int DistributedUnit::run() {
  const auto found = find_hosts();
  if (!found) return run_locally(LocalReason::NoHosts, found.error());
  if (!session_) fallback_.compile(FallbackReason::NoIncludeServer, session_.error().message);
  compile_here_if_set_aside();
  note_hosts_of_distcc(found->list);
  if (found->list.pump_hosts() == 0) fallback_.compile(FallbackReason::NoPumpHost, found->list.text);
  if (session_->settings.backend == "python")
    session_->settings.distcc_directory = distcc_directory(context_.environment);
  choose_names();
  const SessionServers servers = join_servers();
  compile_on_hosts(*found, servers);
}

}  // namespace

int distribute(Decision decision, const std::vector<std::string>& argv, const CommandContext& context) {
  return DistributedUnit(std::move(decision), argv, context).run();
}

}  // namespace pump::launcher

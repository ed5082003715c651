// Uses getopt_long, not CLI11: values of INCLUDE_SERVER_ARGS are written for Python's getopt, which has the
// rules of getopt_long (clustered letters, unique prefixes, `--name=` with an empty value).
#include "pump/include_server/support/options.h"

#include <getopt.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <regex>

#include "pump/os/format.h"

namespace pump::include_server {
namespace {

enum LongOption : int {
  kPort = 256,
  kPidFile,
  kNoEmail,
  kEmailBound,
  kPathObservation,
  kResetTriggers,
  kUnsafeAbsolute,
  kUnsafeFunctions,
  kNoForceDirectories,
  kSimpleAlgorithm,
  kJobs,
  kLogFile,
  kMemory,
  kForeground,
  kReadyFd,
};

constexpr char kShortOptions[] = ":d:estvwxh";
const std::array kLongOptions{
    option{"port", required_argument, nullptr, kPort},
    option{"pid_file", required_argument, nullptr, kPidFile},
    option{"debug_pattern", required_argument, nullptr, 'd'},
    option{"email", no_argument, nullptr, 'e'},
    option{"no-email", no_argument, nullptr, kNoEmail},
    option{"email_bound", required_argument, nullptr, kEmailBound},
    option{"exact_analysis", no_argument, nullptr, 'x'},
    option{"path_observation_re", required_argument, nullptr, kPathObservation},
    option{"stat_reset_triggers", required_argument, nullptr, kResetTriggers},
    option{"simple_algorithm", no_argument, nullptr, kSimpleAlgorithm},
    option{"statistics", no_argument, nullptr, 's'},
    option{"time", no_argument, nullptr, 't'},
    option{"unsafe_absolute_includes", no_argument, nullptr, kUnsafeAbsolute},
    option{"unsafe_no_unexpanded_functions", no_argument, nullptr, kUnsafeFunctions},
    option{"no_force_dirs", no_argument, nullptr, kNoForceDirectories},
    option{"verify", no_argument, nullptr, 'v'},
    option{"write_include_closure", no_argument, nullptr, 'w'},
    option{"jobs", required_argument, nullptr, kJobs},
    option{"log_file", required_argument, nullptr, kLogFile},
    option{"memory", required_argument, nullptr, kMemory},
    option{"foreground", no_argument, nullptr, kForeground},
    option{"ready_fd", required_argument, nullptr, kReadyFd},
    option{"help", no_argument, nullptr, 'h'},
    option{nullptr, 0, nullptr, 0},
};

// Each job is a thread. More than any machine can use, but few enough for the start to succeed.
constexpr unsigned kMostJobs = 4096;
constexpr std::uint64_t kMostMebibytes = std::uint64_t{1} << 40U;

template <typename Number>
Status parse_number(const char* name, std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && !text.empty()) return {};
  return fail(os::format("{}: '{}' is not a number in range", name, text));
}

Status parse_observation(std::string_view text, std::string& target) {
  try {
    const std::regex check{std::string(text)};
  } catch (const std::regex_error& error) {
    return fail(
        os::format("--path_observation_re: '{}' is not a regular expression: {}", text, error.what()));
  }
  target = text.empty() ? std::string(".*") : std::string(text);
  return {};
}

Status apply(int code, Options& options) {
  const char* value = optarg != nullptr ? optarg : "";
  switch (code) {
    case kPort:
      options.port = value;
      break;
    case kPidFile:
      options.pid_file = value;
      break;
    case 'd':
      return parse_number("-d, --debug_pattern", value, options.debug);
    case 'e':
      options.email = "distcc-pump-errors";
      break;
    case kNoEmail:
      options.email.clear();
      break;
    case kEmailBound:
      return parse_number("--email_bound", value, options.email_bound);
    case 'x':
      options.exact_includes = true;
      break;
    case kPathObservation:
      return parse_observation(value, options.path_observation_re);
    case kResetTriggers:
      options.stat_reset_triggers = value;
      break;
    case kSimpleAlgorithm:
      return fail("--simple_algorithm is not implemented");
    case 's':
      options.statistics = true;
      break;
    case 't':
      options.timings = true;
      break;
    case kUnsafeAbsolute:
      options.unsafe_absolute_includes = true;
      break;
    case kUnsafeFunctions:
      options.unsafe_no_unexpanded_functions = true;
      break;
    case kNoForceDirectories:
      options.force_directories = false;
      break;
    case 'v':
      options.verify = true;
      break;
    case 'w':
      options.write_includes = true;
      break;
    case kJobs:
      PUMP_CHECK(parse_number("--jobs", value, options.jobs));
      if (options.jobs > kMostJobs) return fail(os::format("--jobs: at most {}, not {}", kMostJobs, value));
      break;
    case kLogFile:
      options.log_file = value;
      break;
    case kMemory:
      PUMP_CHECK(parse_number("--memory", value, options.memory_mib));
      if (options.memory_mib == 0 || options.memory_mib > kMostMebibytes)
        return fail(os::format("--memory: 1 to {} MiB, not {}", kMostMebibytes, value));
      break;
    case kForeground:
      options.foreground = true;
      break;
    case kReadyFd:
      return parse_number("--ready_fd", value, options.ready_fd);
    case 'h':
      options.help = true;
      break;
    default:
      break;
  }
  return {};
}

}  // namespace

std::uint64_t memory_limit(const Options& options) {
  constexpr std::uint64_t kMebibyte = 1U << 20U;
  constexpr std::uint64_t kLeast = 1024 * kMebibyte;
  if (options.memory_mib != 0) return options.memory_mib * kMebibyte;
  const long pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || size <= 0) return kLeast;
  return std::max(kLeast, static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size) / 8);
}

Expected<Options> parse_options(const std::vector<std::string>& arguments, Options defaults) {
  Options options = std::move(defaults);
  std::vector<std::string> words{"pump-include-server"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  optind = 0;  // glibc: resets its state
  opterr = 0;
  const int count = static_cast<int>(words.size());
  for (;;) {
    const int before = optind == 0 ? 1 : optind;
    const int code = getopt_long(count, argv.data(), kShortOptions, kLongOptions.data(), nullptr);  // NOLINT
    if (code == -1) break;
    const std::string word = argv[static_cast<std::size_t>(std::min(before, count - 1))];
    if (code == '?') {
      if (!word.starts_with("--") && optopt > 0 && optopt < 256)
        return fail(os::format("unknown option -{}", static_cast<char>(optopt)));
      // getopt_long sets `optopt` if it recognises the long option.
      return fail(optopt != 0 ? os::format("option {} takes no value", word.substr(0, word.find('=')))
                              : os::format("unknown or ambiguous option: {}", word));
    }
    if (code == ':') return fail(os::format("option {} needs a value", word));
    PUMP_CHECK(apply(code, options));
  }
  if (optind < count)
    return fail(os::format("unexpected argument: {}", argv[static_cast<std::size_t>(optind)]));
  return options;
}

const char* usage() {
  return R"(usage: pump-include-server --port SOCKET [OPTIONS]

Answers distcc clients, over the Unix socket SOCKET, with the files that a compilation reads.
Goes into the background once it is ready.

  --port SOCKET              listen on this Unix socket
  --pid_file FILE            write the server's process id there once it is ready
  --jobs N                   answer N requests at once, 4096 at most (default: number of processors)
  --memory MIB               forget all files when more memory is in use, copies of files included, ten minutes after
                             the last time at the earliest (default: an eighth of the machine's, at least 1024)
  --foreground               do not go into the background
  --log_file FILE            log there (at most some megabytes are kept) instead of to stderr
  -d, --debug_pattern BITS   sum of what to log: 1 warnings, 2 requests, 4 search paths, 8 the files of
                             each new answer, 16 replies as sent, 32 everything (default 1)
  -s, --statistics           log statistics for each request and, at the end, for all
  -t, --time                 log the elapsed, user and system time at the end
  -v, --verify               compare each answer with the compiler's own -M; if a file is missing, warn and do
                             not answer
  -x, --exact_analysis       with -v: a file that the compiler does not list is a failure, too
  -w, --write_include_closure  log the files of each answer
  --path_observation_re RE   warn about every file whose real path RE matches
  --unsafe_absolute_includes answer although an #include names a file by an absolute path that cannot be made
                             relative; that file is not sent
  --no_force_dirs            do not create directories on the compile server that are only part of a path
accepted without effect:
  --stat_reset_triggers LIST  (changed files are always noticed)
  --unsafe_no_unexpanded_functions, -e, --email, --no-email, --email_bound N  (no mail is ever sent)
)";
}

}  // namespace pump::include_server

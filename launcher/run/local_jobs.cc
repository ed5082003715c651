#include "launcher/run/local_jobs.h"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "pump/os/file_io.h"
#include "pump/os/text.h"

namespace pump::launcher {
namespace {

using ReadFile = std::function<std::optional<std::string>(const std::string&)>;

/// The whole of `text` as a number.
template <typename Number>
std::optional<Number> number_in(std::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stopped != end) return {};
  return value;
}

std::optional<double> processors(std::string_view quota, std::string_view period) {
  const auto share = number_in<double>(quota);  // "max" and -1: no quota
  const auto whole = number_in<double>(period);
  if (!share || !whole || *share <= 0 || *whole <= 0) return {};
  return *share / *whole;
}

/// Version 2 of control groups: a file with "QUOTA PERIOD".
std::optional<double> quota_in_one_file(const std::string& directory, const ReadFile& read) {
  const auto text = read(directory + "/cpu.max");
  if (!text) return {};
  const std::vector<std::string_view> words = os::split(os::trim_blanks(*text), ' ');
  return words.size() == 2 ? processors(words[0], words[1]) : std::nullopt;
}

/// Version 1: a file for each.
std::optional<double> quota_in_two_files(const std::string& directory, const ReadFile& read) {
  const auto quota = read(directory + "/cpu.cfs_quota_us");
  const auto period = read(directory + "/cpu.cfs_period_us");
  if (!quota || !period) return {};
  return processors(os::trim_blanks(*quota), os::trim_blanks(*period));
}

bool has_word(std::string_view list, std::string_view word) {
  const std::vector<std::string_view> words = os::split(list, ',');
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Of a set of at most `most` processors; nothing if the kernel's sets are larger.
std::optional<unsigned> allowed_processors(std::size_t most) {
  std::vector<cpu_set_t> sets(most / CPU_SETSIZE);
  const std::size_t bytes = sets.size() * sizeof(cpu_set_t);
  if (::sched_getaffinity(0, bytes, sets.data()) != 0) return {};
  return static_cast<unsigned>(CPU_COUNT_S(bytes, sets.data()));
}

}  // namespace

std::optional<double> cpu_quota(std::string_view memberships, const ReadFile& read) {
  std::optional<double> least;
  const auto consider = [&least](std::optional<double> quota) {
    if (quota && (!least || *quota < *least)) least = quota;
  };
  os::for_each_line(memberships, [&](std::string_view line) {  // "ID:CONTROLLERS:PATH"
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) return;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const bool unified = controllers.empty();
    if (!unified && !has_word(controllers, "cpu")) return;
    const std::string top = unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu";
    // In a container the path may be the host's. Then only the last step finds files, those of the container.
    std::string_view path = line.substr(second + 1);
    for (bool more = true; more;) {
      if (path == "/") path = {};
      more = !path.empty();
      const std::string directory = top + std::string(path);
      consider(unified ? quota_in_one_file(directory, read) : quota_in_two_files(directory, read));
      path = path.substr(0, more ? path.rfind('/') : 0);
    }
  });
  return least;
}

unsigned usable_processors() {
  std::optional<unsigned> allowed;
  constexpr std::size_t kMost = 1U << 20U;
  for (std::size_t most = CPU_SETSIZE; !allowed && most <= kMost; most *= 4)
    allowed = allowed_processors(most);
  const unsigned number = std::max(allowed.value_or(1), 1U);
  constexpr std::size_t kLimit = 1U << 16U;
  const auto read = [](const std::string& path) -> std::optional<std::string> {
    auto text = os::read_file(path, kLimit);
    if (!text) return {};
    return *std::move(text);
  };
  const auto quota = cpu_quota(read("/proc/self/cgroup").value_or(std::string()), read);
  if (!quota || *quota >= number) return number;
  return static_cast<unsigned>(std::ceil(*quota));  // a part of a processor keeps one compiler busy
}

LocalJobs local_jobs(const os::Environment& environment) {
  const std::string_view text = environment.get_or("PUMP_LOCAL_JOBS", "");
  if (text.empty()) return {usable_processors(), false};
  if (const auto number = number_in<unsigned>(text)) return {*number, false};
  return {usable_processors(), true};
}

}  // namespace pump::launcher

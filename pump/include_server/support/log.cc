#include "pump/include_server/support/log.h"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>
#include <mutex>

#include "pump/os/text.h"

namespace pump::include_server {
namespace {

constexpr std::size_t kFileSize = 4U << 20U;
constexpr std::size_t kOldFiles = 1;

std::atomic<unsigned> bits{1};
std::mutex mutex;  // guards the pointer below; spdlog's sinks have their own locks
std::shared_ptr<spdlog::logger>& logger_slot() {
  static std::shared_ptr<spdlog::logger> logger;
  return logger;
}

std::shared_ptr<spdlog::logger> make_logger(const std::string& file) {
  spdlog::sink_ptr sink;
  std::string failure;
  if (!file.empty()) {
    try {
      sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file, kFileSize, kOldFiles);
    } catch (const spdlog::spdlog_ex& error) {
      failure = error.what();
    }
  }
  if (!sink) sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto logger = std::make_shared<spdlog::logger>("include_server", std::move(sink));
  logger->set_pattern("%Y-%m-%d %H:%M:%S.%e include-server[%P] %v");
  logger->flush_on(spdlog::level::trace);
  logger->set_error_handler(
      [](const std::string&) {});  // spdlog would report a full disk on stderr for each line
  if (!failure.empty()) logger->info("cannot log to {}: {}", file, failure);
  return logger;
}

std::shared_ptr<spdlog::logger> current_logger() {
  const std::lock_guard lock(mutex);
  if (!logger_slot()) logger_slot() = make_logger({});
  return logger_slot();
}

}  // namespace

void open_log(const std::string& file, unsigned debug_bits) {
  bits = debug_bits;
  auto logger = make_logger(file);
  const std::lock_guard lock(mutex);
  logger_slot() = std::move(logger);
}

bool log_enabled(Topic topic) noexcept {
  constexpr unsigned kEverything = static_cast<unsigned>(Topic::Everything);
  return (bits.load(std::memory_order_relaxed) & (static_cast<unsigned>(topic) | kEverything)) != 0;
}

void log_always(std::string_view line) noexcept {
  try {
    current_logger()->info("{}", os::printable(line));
  } catch (...) {  // out of memory; the line is lost
  }
}

}  // namespace pump::include_server

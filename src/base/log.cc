#include "base/log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include "base/json_text.h"

namespace dossier::base {
namespace {

// How many lines may wait. Each place takes about 400 bytes from the start. A burst of this many lines loses
// none.
constexpr std::size_t queue_length = 1024;

// The number of lines that could not be built or written. The queue itself counts the lines that it dropped.
std::atomic<std::uint64_t> not_written = 0;

std::array<std::atomic<std::uint64_t>, security_events> security_counts{};

void write_to_standard_error(const char* from, std::size_t left) {
  while (left > 0) {
    const auto written = ::write(STDERR_FILENO, from, left);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {  // the failure cannot be reported anywhere
      not_written += static_cast<std::uint64_t>(std::count(from, from + left, '\n'));
      break;
    }
    from += written;
    left -= static_cast<std::size_t>(written);
  }
}

// Writes all waiting lines with one call: one call per line would cost the thread more than its other work.
class batching_sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit batching_sink(spdlog::details::thread_pool& pool) : pool_(pool) {}
  ~batching_sink() override { write_out(); }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    formatter_->format(message, lines_);
    // When this thread waits for lines, the request that logs must wake it, which costs the request more than
    // the line itself. While it sleeps, no request has to wake it.
    if (pool_.queue_size() == 0) std::this_thread::sleep_for(gather);
    if (lines_.size() >= longest_batch || pool_.queue_size() == 0) write_out();
  }
  void flush_() override { write_out(); }

 private:
  static constexpr std::size_t longest_batch = 32 * 1024;
  static constexpr auto gather = std::chrono::milliseconds(5);

  void write_out() {
    write_to_standard_error(lines_.data(), lines_.size());
    lines_.clear();
  }

  spdlog::details::thread_pool& pool_;  // its thread is the only one that uses this sink
  spdlog::memory_buf_t lines_;
};

struct log_state {
  log_format format = log_format::text;
  std::string file;  // the path of standard error, when that is a file
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::logger> logger;
};

// This state is global: all code logs, and passing a logger through every constructor would be clutter.
log_state& state() {
  static log_state instance;
  return instance;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// Whether a text needs no quotes in the text format.
bool is_plain(std::string_view text) {
  constexpr std::string_view quoted = " \"\\=";
  for (const char c : text) {
    if (is_control(c) || static_cast<unsigned char>(c) >= 0x80 || quoted.contains(c)) return false;
  }
  return !text.empty();
}

// Control characters are escaped in both formats, so that each event stays on one line and a terminal does
// not execute them.
void append_value(std::string& line, const log_field& field, log_format format) {
  if (const auto* text = std::get_if<std::string>(&field.value)) {
    if (format == log_format::text && is_plain(*text)) {
      line += *text;
    } else {
      append_json_string(line, *text);
    }
  } else if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
    fmt::format_to(std::back_inserter(line), "{}", *number);
  } else if (const double value = std::get<double>(field.value); std::isfinite(value)) {
    fmt::format_to(std::back_inserter(line), "{}", value);
  } else {
    line += "null";  // JSON has no NaN or infinity
  }
}

// All of a line except its time and level.
std::string line_of(log_format format, std::string_view event, std::span<const log_field> fields) {
  std::string line;
  line.reserve(160);
  if (format == log_format::json) {
    append_json_string(line, event);
    for (const auto& field : fields) {
      line += ',';
      append_json_string(line, field.name);
      line += ':';
      append_value(line, field, format);
    }
  } else {
    line += event;
    for (const auto& field : fields) {
      line += "  ";
      line += field.name;
      line += '=';
      append_value(line, field, format);
    }
  }
  return line;
}

std::unique_ptr<spdlog::formatter> formatter_for(log_format format) {
  if (format == log_format::json) {
    return std::make_unique<spdlog::pattern_formatter>(
        R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","event":%v})", spdlog::pattern_time_type::utc);
  }
  return std::make_unique<spdlog::pattern_formatter>("%H:%M:%S %^%-7l%$ %v");
}

// Logging never fails for its caller. A line for which there is no memory is lost, and counted.
void write(spdlog::level::level_enum level, std::string_view event,
           std::span<const log_field> fields) noexcept {
  const auto& log = state();
  if (!log.logger || !log.logger->should_log(level)) return;
  try {
    log.logger->log(level, line_of(log.format, event, fields));
  } catch (...) {
    ++not_written;
  }
}

std::string file_of_standard_error() {
  struct ::stat found = {};
  if (::fstat(STDERR_FILENO, &found) != 0 || !S_ISREG(found.st_mode)) return {};
  std::error_code failed;
  auto path = std::filesystem::read_symlink("/proc/self/fd/2", failed);
  return failed ? std::string() : path.string();
}

spdlog::level::level_enum to_spdlog(log_level level) {
  switch (level) {
    case log_level::debug:
      return spdlog::level::debug;
    case log_level::info:
      return spdlog::level::info;
    case log_level::warning:
      return spdlog::level::warn;
    case log_level::error:
      return spdlog::level::err;
    case log_level::off:
      return spdlog::level::off;
  }
  return spdlog::level::info;
}

}  // namespace

void start_log(log_format format, log_level level) {
  auto& log = state();
  log.format = format;
  log.file = file_of_standard_error();
  log.pool = std::make_shared<spdlog::details::thread_pool>(queue_length, 1);
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (format == log_format::json) {
    sink = std::make_shared<batching_sink>(*log.pool);
  } else {
    sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  }
  log.logger = std::make_shared<spdlog::async_logger>("dossier", sink, log.pool,
                                                      spdlog::async_overflow_policy::overrun_oldest);
  log.logger->set_level(to_spdlog(level));
  log.logger->set_formatter(formatter_for(format));
}

void stop_log() {
  auto& log = state();
  log.pool.reset();  // writes the waiting lines and ends the log's thread, which still uses the logger
  log.logger.reset();
}

std::uint64_t lost_log_lines() {
  const auto& log = state();
  return not_written + (log.pool ? log.pool->overrun_counter() : 0);
}

bool reopen_log_file() {
  const auto& path = state().file;
  if (path.empty()) return false;
  const int opened = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
  if (opened < 0) return false;
  const bool taken =
      ::dup2(opened, STDERR_FILENO) >= 0;  // a line written at this moment goes to the old or the new file
  ::close(opened);
  return taken;
}

void log_debug(std::string_view event, std::initializer_list<log_field> fields) {
  write(spdlog::level::debug, event, std::span(fields.begin(), fields.size()));
}

void log_info(std::string_view event, std::initializer_list<log_field> fields) {
  write(spdlog::level::info, event, std::span(fields.begin(), fields.size()));
}

void log_warning(std::string_view event, std::initializer_list<log_field> fields) {
  write(spdlog::level::warn, event, std::span(fields.begin(), fields.size()));
}

void log_error(std::string_view event, std::initializer_list<log_field> fields) {
  write(spdlog::level::err, event, std::span(fields.begin(), fields.size()));
}

std::string_view to_string(security_event what) {
  constexpr std::array<std::string_view, security_events> names = {
      "signed_in",    "sign_in_failed",  "sign_in_paused", "signed_out",
      "password_set", "account_changed", "token_changed",  "second_factor_changed",
      "set_up",       "refused",         "limited"};
  return names.at(static_cast<std::size_t>(what));
}

void log_security(security_event what, std::initializer_list<log_field> fields) {
  auto& count = security_counts.at(static_cast<std::size_t>(what));
  count.fetch_add(1, std::memory_order_relaxed);
  const bool bad = what == security_event::sign_in_failed || what == security_event::sign_in_paused ||
                   what == security_event::refused || what == security_event::limited;
  const auto name = to_string(what);
  std::string words(name);
  std::ranges::replace(words, '_', ' ');
  std::vector<log_field> all(fields);
  all.emplace_back("security", name);
  write(bad ? spdlog::level::warn : spdlog::level::info, words, all);
}

std::uint64_t security_event_count(security_event what) {
  return security_counts.at(static_cast<std::size_t>(what)).load(std::memory_order_relaxed);
}

void log_last(std::string_view event, std::initializer_list<log_field> fields) noexcept {
  const auto format = state().format;
  try {
    const auto line = line_of(format, event, std::span(fields.begin(), fields.size()));
    spdlog::memory_buf_t text;
    formatter_for(format)->format({"dossier", spdlog::level::critical, line}, text);
    write_to_standard_error(text.data(), text.size());
  } catch (...) {
    write_to_standard_error(event.data(), event.size());
  }
}

}  // namespace dossier::base

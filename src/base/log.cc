#include "base/log.h"

#include <memory>

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace dossier::base {
namespace {

constexpr std::size_t queue_length = 8192;

struct log_state {
  log_format format = log_format::text;
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::logger> logger;
};

// The one piece of global state: every tier logs, and a logger handed through every constructor would be noise.
log_state& state() {
  static log_state instance;
  return instance;
}

void append_json_string(std::string& line, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  line += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      line += "\\u00";
      line += digits[static_cast<unsigned char>(c) >> 4];
      line += digits[static_cast<unsigned char>(c) & 15];
    } else {
      line += c;
    }
  }
  line += '"';
}

void append_value(std::string& line, const log_field& field, bool quote) {
  if (const auto* text = std::get_if<std::string>(&field.value)) {
    // A line is a line: text that could break it is quoted in both formats.
    if (quote || text->empty() || text->find_first_of(" \t\r\n\"\\=") != std::string::npos) {
      append_json_string(line, *text);
    } else {
      line += *text;
    }
  } else if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
    line += std::to_string(*number);
  } else {
    fmt::format_to(std::back_inserter(line), "{}", std::get<double>(field.value));
  }
}

void write(spdlog::level::level_enum level, std::string_view event, std::initializer_list<log_field> fields) {
  auto& log = state();
  if (!log.logger || !log.logger->should_log(level)) return;
  std::string line;
  line.reserve(160);
  if (log.format == log_format::json) {
    append_json_string(line, event);
    for (const auto& field : fields) {
      line += ',';
      append_json_string(line, field.name);
      line += ':';
      append_value(line, field, true);
    }
  } else {
    line += event;
    for (const auto& field : fields) {
      line += "  ";
      line += field.name;
      line += '=';
      append_value(line, field, false);
    }
  }
  log.logger->log(level, line);
}

spdlog::level::level_enum to_spdlog(log_level level) {
  switch (level) {
    case log_level::debug: return spdlog::level::debug;
    case log_level::info: return spdlog::level::info;
    case log_level::warning: return spdlog::level::warn;
    case log_level::error: return spdlog::level::err;
    case log_level::off: return spdlog::level::off;
  }
  return spdlog::level::info;
}

}  // namespace

void start_log(log_format format, log_level level) {
  auto& log = state();
  log.format = format;
  log.pool = std::make_shared<spdlog::details::thread_pool>(queue_length, 1);
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (format == log_format::json) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  }
  log.logger = std::make_shared<spdlog::async_logger>("dossier", sink, log.pool,
                                                      spdlog::async_overflow_policy::overrun_oldest);
  log.logger->set_level(to_spdlog(level));
  if (format == log_format::json) {
    log.logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","event":%v})", spdlog::pattern_time_type::utc));
  } else {
    log.logger->set_pattern("%H:%M:%S %^%-7l%$ %v");
  }
}

void stop_log() {
  auto& log = state();
  log.logger.reset();
  log.pool.reset();
}

void log_debug(std::string_view event, std::initializer_list<log_field> fields) {
  write(spdlog::level::debug, event, fields);
}

void log_info(std::string_view event, std::initializer_list<log_field> fields) {
  write(spdlog::level::info, event, fields);
}

void log_warning(std::string_view event, std::initializer_list<log_field> fields) {
  write(spdlog::level::warn, event, fields);
}

void log_error(std::string_view event, std::initializer_list<log_field> fields) {
  write(spdlog::level::err, event, fields);
}

}  // namespace dossier::base

// One line per event, with fields: readable on a terminal, JSON otherwise. Never what people typed.
//
//   base::log_info("task done", {{"task", "index"}, {"file", 42}, {"ms", 3}});
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace dossier::base {

struct log_field {
  log_field(std::string_view field_name, std::string_view text)
      : name(field_name), value(std::string(text)) {}
  log_field(std::string_view field_name, const char* text) : name(field_name), value(std::string(text)) {}
  log_field(std::string_view field_name, const std::string& text) : name(field_name), value(text) {}
  log_field(std::string_view field_name, std::integral auto number)
      : name(field_name), value(static_cast<std::int64_t>(number)) {}
  log_field(std::string_view field_name, double number) : name(field_name), value(number) {}

  std::string_view name;
  std::variant<std::string, std::int64_t, double> value;
};

enum class log_format { text, json };
enum class log_level { debug, info, warning, error, off };

// Once, at start. Lines go to standard error, written by a thread of their own; when it cannot keep up, the
// oldest waiting lines are dropped rather than a request delayed.
void start_log(log_format format, log_level level);
// Writes what waits; call before the process ends.
void stop_log();

void log_debug(std::string_view event, std::initializer_list<log_field> fields = {});
void log_info(std::string_view event, std::initializer_list<log_field> fields = {});
void log_warning(std::string_view event, std::initializer_list<log_field> fields = {});
void log_error(std::string_view event, std::initializer_list<log_field> fields = {});

}  // namespace dossier::base

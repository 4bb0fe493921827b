// Writes the log: one line per event, with fields, as text for a terminal or as JSON. Never log what people
// typed.
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

// Call it once, at start, before other threads log. A separate thread writes the lines to standard error.
// When it cannot keep up, the oldest waiting lines are dropped, so that no request is delayed.
void start_log(log_format format, log_level level);
// Writes the waiting lines. Call it before the process ends, when no other thread logs any more.
void stop_log();

// These may be called from any thread, and do not wait until the line is written. Before start_log() they do
// nothing.
void log_debug(std::string_view event, std::initializer_list<log_field> fields = {});
void log_info(std::string_view event, std::initializer_list<log_field> fields = {});
void log_warning(std::string_view event, std::initializer_list<log_field> fields = {});
void log_error(std::string_view event, std::initializer_list<log_field> fields = {});

// What whoever watches over the accounts wants to see. Each is a line of the log with the field `security`,
// and is counted by its kind.
enum class security_event {
  signed_in,
  sign_in_failed,
  sign_in_paused,  // too many failures came before
  signed_out,
  password_set,
  account_changed,  // added, removed, disabled, with another role; sessions ended by somebody else
  token_changed,    // made or ended
  second_factor_changed,
  set_up,   // the first account was added with the set-up link
  refused,  // somebody asked for what they may not do
  limited,  // a client sent too many requests
};
inline constexpr int security_events = 11;
// "signed_in", …; also the value of the field and of the metric's label.
std::string_view to_string(security_event what);
// Failures and refusals are warnings, the others are information. May be called from any thread.
void log_security(security_event what, std::initializer_list<log_field> fields = {});
// How many there were since the start.
std::uint64_t security_event_count(security_event what);

// The last line of a process that cannot continue. The calling thread writes it at once, before lines that
// still wait.
void log_last(std::string_view event, std::initializer_list<log_field> fields) noexcept;

// Lost lines, and log rotation.

// How many lines were dropped or could not be written since the start.
std::uint64_t lost_log_lines();

// For log rotation: after the log file was renamed, opens a file of the name that it had at start_log().
// False when standard error was not a file then, or when the file cannot be opened.
bool reopen_log_file();

}  // namespace dossier::base

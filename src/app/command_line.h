// The command line as a value: which command, with which flags. CLI11 is included in command_line.cc only.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/configuration.h"

namespace dossier::app {

// The version of this binary, from CMakeLists.txt.
inline constexpr std::string_view own_version = DOSSIER_VERSION;

enum class verb {
  serve,
  doctor,
  gc,
  rebuild_catalog,
  adopt,
  migrate,
  import_origin,
  user_add,
  user_list,
  user_disable,
  user_enable,
  user_reset,
  user_remove,
  user_end_sessions,
  audit_verify,
  audit_export,
  print_routes,
  check_config,
  version
};

struct command {
  app::verb verb = app::verb::serve;
  std::string config_file;
  std::vector<given_value> flags;  // settings given as flags
  bool json = false;
  bool repair = false;
  bool read_bytes = false;
  bool probe_writes = false;
  bool erase_unknown = false;
  bool dry_run = false;
  bool apply = false;
  std::string name;  // of an account
  std::string role;
  bool password_stdin = false;
  bool link = false;
  bool drop_second_factor = false;
  std::string known_entry;  // NUMBER:HASH
};

// There is no command to run: help was asked for (exit code 0), or the line cannot be understood (2).
struct exit_early {
  int code = 0;
  std::string text;
};

std::variant<command, exit_early> parse_command_line(int argc, const char* const* argv);

}  // namespace dossier::app

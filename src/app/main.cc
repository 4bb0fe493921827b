// Runs the command that the command line names.
#include <malloc.h>
#include <sys/stat.h>

#include <cstdio>
#include <exception>

#include <fmt/format.h>

#include "app/audit_commands.h"
#include "app/aws_session.h"
#include "app/command_line.h"
#include "app/configuration.h"
#include "app/import_origin.h"
#include "app/maintenance.h"
#include "app/serve.h"
#include "app/users.h"

namespace dossier::app {
namespace {

// The exit code for wrong settings and for wrong flags.
constexpr int wrong_usage = 2;

int run(const command& asked) {
  if (asked.verb == verb::version) {
    fmt::print("dossier {}\n", own_version);
    return 0;
  }
  if (asked.verb == verb::print_routes) return print_routes();
  auto patience = asked.verb == verb::serve ? patience_at_start() : reading_patience();
  patience.tell = [](const std::string& line) {
    fmt::print(stderr, "{}\n", line);
  };
  aws_session elsewhere(aws::process_environment(), {}, std::move(patience));
  const auto effective = load_configuration(asked.config_file, asked.flags, elsewhere);
  if (!effective) {
    fmt::print(stderr, "{}\n", effective.error().message);
    return wrong_usage;
  }
  const settings& chosen = effective->values;
  switch (asked.verb) {
    case verb::serve:
      return serve(chosen);
    case verb::doctor:
      return doctor(chosen, asked);
    case verb::gc:
      return gc(chosen, asked);
    case verb::rebuild_catalog:
      return rebuild_catalog(chosen);
    case verb::adopt:
      return adopt(chosen);
    case verb::migrate:
      return migrate(chosen, asked);
    case verb::import_origin:
      return import_origin(chosen, asked);
    case verb::user_add:
    case verb::user_list:
    case verb::user_disable:
    case verb::user_enable:
    case verb::user_reset:
    case verb::user_remove:
    case verb::user_end_sessions:
      return manage_users(chosen, asked);
    case verb::audit_verify:
      return verify_audit(chosen, asked);
    case verb::audit_export:
      return export_audit(chosen);
    case verb::check_config:
      fmt::print("{}", to_text(*effective));
      return 0;
    case verb::print_routes:
    case verb::version:
      break;
  }
  return wrong_usage;
}

int run_line(int argc, const char* const* argv) {
  const auto line = parse_command_line(argc, argv);
  if (const auto* early = std::get_if<exit_early>(&line)) {
    fmt::print(early->code == 0 ? stdout : stderr, "{}", early->text);
    return early->code;
  }
  return run(std::get<command>(line));
}

}  // namespace
}  // namespace dossier::app

int main(int argc, char** argv) {
  // Few threads allocate at the same time; an arena for each would keep memory that nobody uses.
  mallopt(M_ARENA_MAX, 2);
  // Fixes the threshold. Otherwise glibc raises it when a large buffer is freed, and puts later ones of that
  // size among the small ones.
  mallopt(M_MMAP_THRESHOLD, 128 * 1024);
  // Other users of this machine must not read what people submit, whatever folder it is kept in.
  umask(077);
  try {
    return dossier::app::run_line(argc, argv);
  } catch (const std::exception& bug) {
    fmt::print(stderr, "dossier: {}\n", bug.what());
    return 1;
  }
}

#include "app/command_line.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "app/configuration.h"
#include "app/settings.h"
#include "base/expects.h"

namespace dossier::app {
namespace {

constexpr const char* about = "Dossier keeps people's details and their files together.";

constexpr const char* examples = R"(
Examples:
  dossier serve                                 serve ./data at http://127.0.0.1:8080/
  dossier serve --listen 127.0.0.1:9000 --data /var/lib/dossier
  dossier serve --file-optional --intake-file-size 100MiB
  dossier doctor                                compare the stores; exit 1 when something differs
  dossier doctor --repair --json                mend what can be mended, and print JSON
  dossier gc --dry-run                          what would be cleaned up
  dossier import origin --from-records mysql://admin@/people --from-objects s3://their-files
                                                what would be brought over; --apply does it
  dossier user add anna --role admin            the first account; from then on everybody signs in
  dossier config check                          effective settings, and where each comes from

Every setting can be given in a TOML file (--config FILE, DOSSIER_CONFIG or ./dossier.toml), as an environment
variable and as a flag, the later winning: http.idle_time is DOSSIER_HTTP_IDLE_TIME and --http-idle-time.)";

std::string group_of(const setting& which) {
  const auto dot = which.name.find('.');
  return fmt::format("Settings{}{}", dot == std::string_view::npos ? "" : ": ",
                     which.name.substr(0, dot == std::string_view::npos ? 0 : dot));
}

class parser {
 public:
  parser() {
    app_.require_subcommand(1);
    app_.footer(examples);
    app_.get_formatter()->column_width(42);
    app_.set_help_flag("-h,--help", "Print this help");
    app_.set_version_flag("--version", fmt::format("dossier {}", own_version), "Print the version");

    settings_of(*add(app_, "serve", "Serve the pages and the API", verb::serve), audience::serve);

    auto* doctor = add(app_, "doctor",
                       "Examine and compare records, files and catalog, and say what is wrong", verb::doctor);
    doctor->add_flag("--json", parsed_.json, "Print the report as JSON");
    doctor->add_flag("--repair", parsed_.repair, "Mend what can be mended");
    doctor->add_flag("--read-bytes", parsed_.read_bytes, "Also read every file and check its SHA-256");
    doctor->add_flag("--probe-writes", parsed_.probe_writes,
                     "Also write an object of one byte to S3, and erase it, to see whether that is allowed");
    erase_unknown_of(*doctor);
    settings_of(*doctor, audience::every_command);

    auto* gc = add(app_, "gc", "Do the tasks that are owed, and erase files that no record names", verb::gc);
    gc->add_flag("--dry-run", parsed_.dry_run, "Only say what would be done");
    erase_unknown_of(*gc);
    settings_of(*gc, audience::every_command);

    auto* catalog = app_.add_subcommand("catalog", "The metadata catalog");
    catalog->require_subcommand(1);
    settings_of(*add(*catalog, "rebuild", "Write the catalog again from the records", verb::rebuild_catalog),
                audience::every_command);

    settings_of(
        *add(app_, "adopt",
             "Make the configured files and catalog belong to these records, whatever records they belonged "
             "to before: after moving records, or to take over a store that was another's",
             verb::adopt),
        audience::every_command);

    auto* migrate = add(app_, "migrate", "Bring the databases to this version's schema", verb::migrate);
    migrate->add_flag("--dry-run", parsed_.dry_run, "Only say what would be done");
    settings_of(*migrate, audience::every_command);

    auto* import = app_.add_subcommand("import", "Bring in data from elsewhere");
    import->require_subcommand(1);
    auto* origin =
        add(*import, "origin",
            "Bring over what the origin holds: its people with their ids, and the files whose author "
            "is exactly one of them. Says what would be done; --apply does it. Nothing at the origin "
            "is changed, and what was brought over once is not brought over again",
            verb::import_origin);
    auto* dry = origin->add_flag("--dry-run", parsed_.dry_run, "Only say what would be done (the default)");
    origin->add_flag("--apply", parsed_.apply, "Do it")->excludes(dry);
    origin->add_flag("--json", parsed_.json, "Print the report as JSON");
    settings_of(*origin, audience::import_origin);

    auto* user = app_.add_subcommand("user", "Accounts: who may sign in, and what each may do");
    user->require_subcommand(1);
    auto* adding = add_user(*user, "add", "Add an account", verb::user_add);
    adding
        ->add_option("--role", parsed_.role,
                     "intake (may only submit), viewer (may read), editor (may change) or admin")
        ->required()
        ->option_text("ROLE");
    password_of(*adding);
    settings_of(*add(*user, "list", "List all accounts", verb::user_list), audience::every_command);
    add_user(*user, "disable", "Keep an account from signing in, and end its sessions", verb::user_disable);
    add_user(*user, "enable", "Let a disabled account sign in again", verb::user_enable);
    auto* reset =
        add_user(*user, "reset", "Set an account's password, and end its sessions", verb::user_reset);
    password_of(*reset);
    reset->add_flag("--drop-second-factor", parsed_.drop_second_factor,
                    "Also remove its second factor, when its owner lost phone and recovery codes");
    add_user(*user, "remove", "Remove an account", verb::user_remove);
    add_user(*user, "end-sessions", "Sign an account out everywhere", verb::user_end_sessions);

    auto* audit = app_.add_subcommand("audit", "The audit log: who did what");
    audit->require_subcommand(1);
    auto* verify =
        add(*audit, "verify", "Look through the whole log, and say whether an entry was changed or taken out",
            verb::audit_verify);
    verify
        ->add_option("--entry", parsed_.known_entry,
                     "An entry that was logged or kept elsewhere: it must still be in the log as it was")
        ->option_text("NUMBER:HASH");
    settings_of(*verify, audience::every_command);
    settings_of(*add(*audit, "export", "Print all entries, each as a line of JSON", verb::audit_export),
                audience::every_command);

    add(app_, "routes", "Print who may use which address", verb::print_routes);

    auto* config = app_.add_subcommand("config", "The configuration");
    config->require_subcommand(1);
    settings_of(
        *add(*config, "check", "Print each setting's value and where it comes from", verb::check_config),
        audience::serve);

    add(app_, "version", "Print the version", verb::version);
  }

  std::variant<command, exit_early> parse(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
      return exit_early{0, app_.help()};
    } catch (const CLI::CallForVersion& asked) {
      return exit_early{0, fmt::format("{}\n", asked.what())};
    } catch (const CLI::CallForAllHelp&) {
      return exit_early{0, app_.help("", CLI::AppFormatMode::All)};
    } catch (const CLI::ParseError& problem) {
      return exit_early{2, explain(problem, argc, argv)};
    }
    return std::move(parsed_);
  }

 private:
  CLI::App* add(CLI::App& parent, const char* name, const char* description, verb meant) {
    auto* sub = parent.add_subcommand(name, description);
    sub->set_help_flag("-h,--help", "Print this help");
    sub->callback([this, meant] { parsed_.verb = meant; });
    return sub;
  }

  CLI::App* add_user(CLI::App& parent, const char* name, const char* description, verb meant) {
    auto* sub = add(parent, name, description, meant);
    sub->add_option("NAME", parsed_.name, "The account's name")->required();
    settings_of(*sub, audience::every_command);
    return sub;
  }

  void password_of(CLI::App& sub) {
    auto* given = sub.add_flag("--password-stdin", parsed_.password_stdin,
                               "Read the password from standard input instead of asking for it");
    sub.add_flag("--link", parsed_.link, "Print a link with which its owner chooses the password")
        ->excludes(given);
  }

  void erase_unknown_of(CLI::App& sub) {
    sub.add_flag("--erase-unknown", parsed_.erase_unknown,
                 "Erase objects that no record names even when they are more than a tenth of all");
  }

  void settings_of(CLI::App& sub, audience who) {
    sub.add_option("--config", parsed_.config_file, "The TOML file with settings")->option_text("FILE");
    known_flags_.insert({"--config"});
    for (const auto& row : table_) {
      if (row.used_by != audience::every_command && row.used_by != who) continue;
      const auto flag = flag_of(row);
      known_flags_.insert(flag);
      sub.add_option_function<std::string>(
             flag, [this, &row, flag](const std::string& text) { give(row, text, flag); }, describe(row))
          ->option_text(std::string(row.form))
          ->group(group_of(row));
      if (row.short_flag.empty()) continue;
      base::expects(!row.short_value.empty(), "a short flag stands for a value");
      known_flags_.insert(std::string(row.short_flag));
      sub.add_flag_callback(
             std::string(row.short_flag),
             [this, &row] { give(row, std::string(row.short_value), std::string(row.short_flag)); },
             fmt::format("Short for {}={}", flag, row.short_value))
          ->group(group_of(row));
    }
  }

  void give(const setting& row, std::string text, std::string flag) {
    if (row.secret && !is_reference(text)) {
      throw CLI::ValidationError(fmt::format(
          "{} takes a reference only, such as ssm:NAME: everyone on this machine can read a command's flags. "
          "Put the value itself in the file or in {}.",
          flag, variable_of(row)));
    }
    parsed_.flags.push_back({std::string(row.name), std::move(text), std::move(flag)});
  }

  std::string describe(const setting& row) const {
    const auto shown = row.secret ? std::string() : row.show(defaults_);
    return shown.empty() ? std::string(row.description) : fmt::format("{} [{}]", row.description, shown);
  }

  std::string explain(const CLI::ParseError& problem, int argc, const char* const* argv) const {
    if (const auto sentence = unknown_command(argc, argv)) return *sentence;
    if (dynamic_cast<const CLI::ExtrasError*>(&problem)) {
      if (const auto flag = first_unknown_flag(argc, argv)) {
        const std::vector<std::string_view> candidates(known_flags_.begin(), known_flags_.end());
        return fmt::format("There is no flag {}; did you mean {}? dossier --help tells more.\n", *flag,
                           nearest(*flag, candidates));
      }
    }
    return fmt::format("{}\ndossier --help tells more.\n", problem.what());
  }

  // For `dossier frob` and `dossier catalog frob`.
  std::optional<std::string> unknown_command(int argc, const char* const* argv) const {
    const CLI::App* at = &app_;
    for (int i = 1; i < argc; ++i) {
      const std::string word(argv[i]);
      const auto subs = at->get_subcommands([](const CLI::App*) { return true; });
      if (word.starts_with('-') || subs.empty()) return std::nullopt;
      const auto found = std::ranges::find(subs, word, [](const CLI::App* sub) { return sub->get_name(); });
      if (found == subs.end()) return name_commands(word, subs);
      at = *found;
    }
    return std::nullopt;
  }

  static std::string name_commands(const std::string& word, const std::vector<const CLI::App*>& subs) {
    std::vector<std::string> names;
    for (const auto* sub : subs) names.push_back(sub->get_name());
    const auto meant = nearest(word, std::vector<std::string_view>(names.begin(), names.end()));
    if (is_near(word, meant)) {
      return fmt::format("There is no command {}; did you mean {}? dossier --help tells more.\n", word,
                         meant);
    }
    return fmt::format("There is no command {}; there are {}. dossier --help tells more.\n", word,
                       fmt::join(names, ", "));
  }

  std::optional<std::string> first_unknown_flag(int argc, const char* const* argv) const {
    for (int i = 1; i < argc; ++i) {
      const std::string_view word(argv[i]);
      std::string flag(word.substr(0, word.find('=')));
      if (flag.starts_with("--") && !known_flags_.contains(flag)) return flag;
    }
    return std::nullopt;
  }

  const std::vector<setting> table_ = all_settings();
  const settings defaults_;
  std::set<std::string> known_flags_{"--help",       "--version",      "--json",           "--repair",
                                     "--read-bytes", "--probe-writes", "--dry-run",        "--erase-unknown",
                                     "--apply",      "--role",         "--password-stdin", "--link"};
  command parsed_;
  CLI::App app_{about, "dossier"};
};

}  // namespace

std::variant<command, exit_early> parse_command_line(int argc, const char* const* argv) {
  return parser().parse(argc, argv);
}

}  // namespace dossier::app

#include "app/users.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include "app/existing_data.h"
#include "app/logging.h"
#include "app/run_to_end.h"
#include "base/clock.h"
#include "base/expects.h"
#include "domain/password_rules.h"
#include "domain/sign_in.h"
#include "web/routes.h"

namespace dossier::app {
namespace {

using base::result;
using domain::account;
using domain::role;

constexpr int refused = 1;
constexpr int failed = 2;

int refuse(const base::error& why) {
  fmt::print(stderr, "{}\n", why.message);
  for (const auto& field : why.fields) {
    if (field.message != why.message) fmt::print(stderr, "  {}: {}\n", field.field, field.message);
  }
  return why.code == base::error_code::unavailable || why.code == base::error_code::internal ? failed
                                                                                             : refused;
}

// Reads a line without showing it.
std::string read_hidden(const char* question) {
  fmt::print(stderr, "{}", question);
  termios shown{};
  const bool terminal = ::tcgetattr(STDIN_FILENO, &shown) == 0;
  auto hidden = shown;
  // Ctrl-C comes as a character, so that the terminal shows again what is typed.
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
  if (terminal) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  std::string line;
  std::getline(std::cin, line);
  if (terminal) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
  fmt::print(stderr, "\n");
  return line;
}

result<std::string> read_password(const command& asked) {
  if (asked.password_stdin) {
    std::string line;
    std::getline(std::cin, line);
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }
  if (::isatty(STDIN_FILENO) == 0) {
    return base::fail(base::error_code::invalid,
                      "There is no terminal to ask for the password. Give it on standard input, with "
                      "--password-stdin, or let its owner choose it, with --link.");
  }
  auto first = read_hidden("Password: ");
  constexpr char interrupt = 3;
  if (first.contains(interrupt)) return base::fail(base::error_code::invalid, "Nothing was changed.");
  if (first != read_hidden("The same again: "))
    return base::fail(base::error_code::invalid, "These were two different passwords. Nothing was changed.");
  return first;
}

// The accounts of the configured records.
class managed_accounts {
 public:
  static result<std::unique_ptr<managed_accounts>> open(const settings& chosen, if_none otherwise) {
    auto data = existing_data::open(chosen, whose::unchecked, otherwise);
    if (!data) return base::pass(data);
    return std::unique_ptr<managed_accounts>(new managed_accounts(std::move(*data), chosen));
  }

  domain::account_store& store() { return data_->records().accounts(); }
  domain::sign_in& rules() { return sign_in_; }

  result<account> find(const std::string& name) {
    auto known = run_to_end(store().find_account(name));
    if (!known) return base::pass(known);
    if (!*known)
      return base::fail(base::error_code::not_found,
                        fmt::format("There is no account of that name. `dossier user list` shows all."));
    return std::move((*known)->account);
  }

 private:
  managed_accounts(std::unique_ptr<existing_data> data, const settings& chosen)
      : data_(std::move(data)), sign_in_(data_->records().accounts(), data_->random(), chosen.sign_in) {}

  std::unique_ptr<existing_data> data_;
  domain::sign_in sign_in_;
};

std::string site_of(const settings& chosen) {
  if (!chosen.public_url.empty()) return chosen.public_url;
  return fmt::format("{}://{}", chosen.server.certificate_file.empty() ? "http" : "https", chosen.listen);
}

int give_link(managed_accounts& all, const settings& chosen, const account& who) {
  auto secret = run_to_end(all.rules().make_link(who.id, domain::by_command()));
  if (!secret) return refuse(secret.error());
  auto site = site_of(chosen);
  while (site.ends_with('/')) site.pop_back();
  fmt::print("With this link {} chooses a password, once, within 24 hours:\n{}/welcome/{}\n", who.name, site,
             *secret);
  return 0;
}

int add(managed_accounts& all, const settings& chosen, const command& asked) {
  const auto what = domain::parse_role(asked.role);
  if (!what) {
    fmt::print(stderr, "A role is intake, viewer, editor or admin, not {}.\n", asked.role);
    return failed;
  }
  const auto others = run_to_end(all.store().has_accounts());
  if (!others) return refuse(others.error());
  if (!*others && (*what != role::admin || asked.link)) {
    fmt::print(stderr, "The first account is an admin with a password: nobody could manage the others.\n");
    return refused;
  }
  if (asked.link) {
    auto added = run_to_end(all.rules().add_account(asked.name, *what, domain::by_command()));
    if (!added) return refuse(added.error());
    return give_link(all, chosen, *added);
  }
  auto password = read_password(asked);
  if (!password) return refuse(password.error());
  auto added = run_to_end(
      all.rules().add_with_password(asked.name, *what, std::move(*password), domain::by_command()));
  if (!added) return refuse(added.error());
  fmt::print("Added {} ({}).{}\n", added->name, to_string(added->role),
             *others ? "" : " From now on everybody has to sign in.");
  return 0;
}

int list(managed_accounts& all) {
  const auto found = run_to_end(all.store().list_accounts());
  if (!found) return refuse(found.error());
  if (found->empty()) fmt::print("There are no accounts: nobody has to sign in.\n");
  for (const auto& one : *found) {
    fmt::print("{:<7} {:<9} {:<10} {:<26} {}\n", to_string(one.role), one.disabled ? "disabled" : "",
               one.second_factor ? "2nd factor" : "",
               one.signed_in_at   ? base::to_rfc3339(*one.signed_in_at)
               : one.has_password ? "never signed in"
                                  : "has no password yet",
               one.name);
  }
  return 0;
}

// The second factor goes when the new password is set, or with the old password: never before.
int drop_second_factor(managed_accounts& all, const account& who, bool and_password) {
  auto dropped = run_to_end(all.store().drop_second_factor(who.id, and_password, domain::by_command()));
  if (!dropped) return refuse(dropped.error());
  fmt::print("{} has no second factor any more.\n", who.name);
  return 0;
}

int reset(managed_accounts& all, const settings& chosen, const command& asked, const account& who) {
  const bool drop = asked.drop_second_factor && who.second_factor;
  if (asked.link) {
    if (drop) {
      if (const int code = drop_second_factor(all, who, true); code != 0) return code;
    }
    return give_link(all, chosen, who);
  }
  auto password = read_password(asked);
  if (!password) return refuse(password.error());
  if (drop) {
    if (auto fits = domain::check_new_password(*password, who.name); !fits) return refuse(fits.error());
  }
  if (auto set = run_to_end(all.rules().set_password(who.id, std::move(*password), domain::by_command()));
      !set)
    return refuse(set.error());
  fmt::print("The password of {} is set, and every session has ended.\n", who.name);
  return drop ? drop_second_factor(all, who, false) : 0;
}

int change(managed_accounts& all, const account& who, bool disabled) {
  const auto changed =
      run_to_end(all.rules().change_account(who.id, who.role, disabled, domain::by_command()));
  if (!changed) return refuse(changed.error());
  fmt::print("{} is {}.\n", who.name, disabled ? "disabled, and every session has ended" : "enabled");
  return 0;
}

}  // namespace

int manage_users(const settings& chosen, const command& asked) {
  // What is done is said on standard output, and noted in the audit log.
  auto quiet = chosen;
  quiet.log_level = std::max(quiet.log_level, base::log_level::warning);
  const logging log(quiet);
  auto opened =
      managed_accounts::open(chosen, asked.verb == verb::user_add ? if_none::make : if_none::refuse);
  if (!opened) return refuse(opened.error());
  auto& all = **opened;
  if (asked.verb == verb::user_add) return add(all, chosen, asked);
  if (asked.verb == verb::user_list) return list(all);
  const auto who = all.find(asked.name);
  if (!who) return refuse(who.error());
  switch (asked.verb) {
    case verb::user_disable:
      return change(all, *who, true);
    case verb::user_enable:
      return change(all, *who, false);
    case verb::user_reset:
      return reset(all, chosen, asked, *who);
    case verb::user_remove: {
      const auto removed = run_to_end(all.rules().remove_account(who->id, domain::by_command()));
      if (!removed) return refuse(removed.error());
      fmt::print("Removed {}.\n", who->name);
      return 0;
    }
    default: {
      const auto ended = run_to_end(all.rules().end_sessions(who->id, 0, domain::by_command()));
      if (!ended) return refuse(ended.error());
      fmt::print("Every session of {} has ended.\n", who->name);
      return 0;
    }
  }
}

int print_routes() {
  for (const auto& one : web::all_routes())
    fmt::print("{:<10} {:<7} {}\n", web::to_string(one.may_use), one.method, one.pattern);
  return 0;
}

}  // namespace dossier::app

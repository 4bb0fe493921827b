#include "app/access_settings.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "app/setting_kinds.h"
#include "domain/set_up.h"

namespace dossier::app {
namespace {

using namespace std::chrono_literals;
using kinds::count, kinds::duration, kinds::text, kinds::yes_no;

void add_sign_in(std::vector<setting>& rows) {
  rows.push_back(yes_no({"intake.public", "", "Let people submit the form without an account"},
                        [](auto& s) -> auto& { return s.web.public_intake; }));
  rows.push_back(duration({"intake.receipt", "",
                           "How long a submitter without an account may see what was stored; 0s: not at all"},
                          0ms, [](auto& s) -> auto& { return s.intake.receipt; }));
  rows.push_back(duration({"sign_in.idle", "", "A session ends after so long without a request"}, 2min,
                          [](auto& s) -> auto& { return s.sign_in.idle; }));
  rows.push_back(duration({"sign_in.absolute", "", "A session ends after so long in any case"}, 2min,
                          [](auto& s) -> auto& { return s.sign_in.absolute; }));
  rows.push_back(yes_no({"sign_in.second_factor_required", "",
                         "An account without a second factor may do nothing but set one up"},
                        [](auto& s) -> auto& { return s.sign_in.second_factor_required; }));
}

void add_set_up(std::vector<setting>& rows) {
  setting token =
      text({"set_up.token", "TOKEN",
            "While there is no account, the link /set-up/TOKEN adds the first one, and nothing else "
            "works"},
           [](auto& s) -> auto& { return s.set_up_token; });
  token.secret = true;
  token.quiet = true;
  token.assign = [](settings& to, std::string_view given) -> base::result<void> {
    const bool plain = std::ranges::all_of(given, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
             c == '_';
    });
    if (!given.empty() && (!plain || given.size() < domain::shortest_set_up_secret || given.size() > 200)) {
      return base::fail(
          base::error_code::invalid,
          fmt::format("it is not {} to 200 letters, digits, - and _; openssl rand -hex 20 makes one",
                      domain::shortest_set_up_secret));
    }
    to.set_up_token = std::string(given);
    return {};
  };
  rows.push_back(std::move(token));
  setting print = yes_no({"set_up.print", "", "Make such a token, and print its link when the server starts"},
                         [](auto& s) -> auto& { return s.set_up_print; });
  print.short_flag = "--print-set-up-link";
  print.short_value = "true";
  rows.push_back(std::move(print));
}

void add_audit(std::vector<setting>& rows) {
  rows.push_back(
      duration({"audit.keep", "", "How long entries of the audit log are kept", audience::every_command}, 24h,
               [](auto& s) -> auto& { return s.worker.keep_audit; }));
}

void add_limits(std::vector<setting>& rows) {
  constexpr unsigned most = 1'000'000;
  rows.push_back(
      count({"limits.intake", "", "Submissions and uploads of one client in a minute; 0: no limit"}, 0, most,
            [](auto& s) -> auto& { return s.web.rates.intake; }));
  rows.push_back(count({"limits.sign_in", "", "Passwords that one client may send in a minute; 0: no limit"},
                       0, most, [](auto& s) -> auto& { return s.web.rates.sign_in; }));
  rows.push_back(count({"limits.search", "", "Lists and searches of one client in a minute; 0: no limit"}, 0,
                       most, [](auto& s) -> auto& { return s.web.rates.search; }));
  rows.push_back(count({"limits.api", "", "Other requests of one program in a minute; 0: no limit"}, 0, most,
                       [](auto& s) -> auto& { return s.web.rates.api; }));
}

}  // namespace

void add_access(std::vector<setting>& rows) {
  add_sign_in(rows);
  add_set_up(rows);
  add_limits(rows);
  add_audit(rows);
}

}  // namespace dossier::app

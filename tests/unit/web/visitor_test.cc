#include "web/visitor.h"

#include <gtest/gtest.h>

#include "fake_request.h"

namespace dossier::web {
namespace {

visitor with_role(domain::role what) {
  visitor one{.must_sign_in = true};
  one.account.emplace();
  one.account->account.role = what;
  return one;
}

TEST(visitor, may_do_all_while_nobody_has_to_sign_in) {
  for (const auto kind : {who::anyone, who::submitter, who::viewer, who::editor, who::admin, who::account})
    EXPECT_TRUE(may_use({}, kind, false));
  EXPECT_TRUE(may_edit({}));
}

TEST(visitor, without_an_account_may_submit_if_intake_is_public) {
  const visitor nobody{.must_sign_in = true};
  EXPECT_TRUE(may_use(nobody, who::anyone, false));
  EXPECT_TRUE(may_use(nobody, who::submitter, true));
  EXPECT_FALSE(may_use(nobody, who::submitter, false));
  for (const auto kind : {who::viewer, who::editor, who::admin, who::account, who::operator_})
    EXPECT_FALSE(may_use(nobody, kind, true));
}

TEST(visitor, on_this_machine_may_ask_how_the_server_is) {
  EXPECT_TRUE(may_use({.must_sign_in = true, .on_this_machine = true}, who::operator_, false));
  EXPECT_FALSE(may_use({.must_sign_in = true, .on_this_machine = true}, who::viewer, false));
  EXPECT_TRUE(may_use(with_role(domain::role::admin), who::operator_, false));
  EXPECT_FALSE(may_use(with_role(domain::role::editor), who::operator_, false));
  for (const char* address : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(is_this_machine(address)) << address;
  for (const char* address : {"", "10.0.0.1", "::2", "::ffff:10.0.0.1", "fe80::1"})
    EXPECT_FALSE(is_this_machine(address)) << address;
}

TEST(visitor, with_a_token_may_do_what_both_roles_allow_and_nothing_to_accounts) {
  auto program = with_role(domain::role::admin);
  program.token_role = domain::role::viewer;
  EXPECT_TRUE(may_use(program, who::viewer, false));
  for (const auto kind : {who::submitter, who::editor, who::admin, who::account})
    EXPECT_FALSE(may_use(program, kind, false));
  program.token_role = domain::role::admin;
  EXPECT_TRUE(may_use(program, who::editor, false));
  EXPECT_FALSE(may_use(program, who::admin, false));
  program = with_role(domain::role::viewer);
  program.token_role = domain::role::editor;
  EXPECT_FALSE(may_use(program, who::editor, false));
}

TEST(visitor, in_set_up_may_only_set_up) {
  visitor one{.must_sign_in = true, .in_set_up = true};
  EXPECT_TRUE(may_use(one, who::founder, true));
  for (const auto kind :
       {who::anyone, who::submitter, who::viewer, who::editor, who::admin, who::account, who::operator_})
    EXPECT_FALSE(may_use(one, kind, true)) << to_string(kind);
  one.on_this_machine = true;
  EXPECT_TRUE(may_use(one, who::operator_, true));
}

TEST(bearer, is_read_from_its_header) {
  const auto value = [](std::string header) {
    const fake_request req("GET", "/", {{"authorization", std::move(header)}});
    return std::string(find_bearer(req));
  };
  EXPECT_EQ(value("Bearer abc"), "abc");
  EXPECT_EQ(value("bearer   abc "), "abc");
  for (const char* none : {"", "Bearer", "Bearer ", "Basic YTpi", "abc", "BearerX abc"})
    EXPECT_EQ(value(none), "") << none;
}

TEST(cookie, is_found_by_its_whole_name) {
  const auto value = [](std::string header) {
    const fake_request req("GET", "/", {{"cookie", std::move(header)}});
    return std::string(find_cookie(req, "dossier"));
  };
  EXPECT_EQ(value("dossier=abc"), "abc");
  EXPECT_EQ(value("a=b; dossier=abc; c=d"), "abc");
  EXPECT_EQ(value("a=b;dossier=abc"), "abc");
  EXPECT_EQ(value("dossier=a=b"), "a=b");
  EXPECT_EQ(value("xdossier=abc; dossier2=x; dossier"), "");
  EXPECT_EQ(value(";;; =; dossier=;"), "");
  EXPECT_EQ(find_cookie(fake_request("GET", "/", {}), "dossier"), "");
}

TEST(cookie, is_kept_from_scripts_and_other_sites) {
  EXPECT_EQ(set_cookie("dossier", "x", 60, false), "dossier=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
  EXPECT_EQ(set_cookie(session_cookie(true), "x", 60, true),
            "__Host-dossier=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
}

}  // namespace
}  // namespace dossier::web

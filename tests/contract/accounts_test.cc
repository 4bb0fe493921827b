// Accounts, their sessions and links, on every records store.
#include "contract/records_contract.h"

namespace dossier::contract {
namespace {

using domain::account;
using domain::account_id;
using domain::role;

class accounts : public records_contract {
 protected:
  domain::account_store& all() { return store().accounts(); }
  account add(std::string name, role what = role::viewer, std::string hash = "hash") {
    return must(all().add_account(std::move(name), what, std::move(hash)));
  }
  domain::session begin(account_id who, std::string_view secret, milliseconds idle = 1h,
                        milliseconds absolute = 24h) {
    return must(all().begin_session({.account = who,
                                     .secret = digest(secret),
                                     .checked_hash = hash_of(who),
                                     .idle = idle,
                                     .absolute = absolute,
                                     .address = "192.0.2.7",
                                     .agent = "Firefox"}));
  }
  std::string hash_of(account_id who) {
    const auto one = must(all().find_account(who));
    return must(all().find_account(one.name))->password_hash;
  }
  bool lasts(std::string_view secret) { return must(all().find_session(digest(secret))).has_value(); }
};

TEST_P(accounts, are_found_by_number_and_by_name_in_any_writing) {
  EXPECT_FALSE(must(all().has_accounts()));
  const auto anna = add("Ånna Berg", role::admin);
  EXPECT_TRUE(must(all().has_accounts()));
  EXPECT_EQ(must(all().find_account(anna.id)).name, "Ånna Berg");
  const auto known = must(all().find_account(std::string("anna  BERG")));
  ASSERT_TRUE(known);
  EXPECT_EQ(known->account.id, anna.id);
  EXPECT_EQ(known->account.role, role::admin);
  EXPECT_EQ(known->password_hash, "hash");
  EXPECT_FALSE(must(all().find_account(std::string("anna"))));
  EXPECT_EQ(code_of(all().find_account(account_id{99})), error_code::not_found);
}

TEST_P(accounts, have_names_that_differ) {
  add("Anna");
  EXPECT_EQ(code_of(all().add_account("ANNA", role::viewer, "")), error_code::invalid);
  EXPECT_EQ(code_of(all().add_account("\u200b", role::viewer, "")), error_code::invalid);
  EXPECT_EQ(must(all().list_accounts()).size(), 1u);
}

TEST_P(accounts, are_listed_by_name) {
  add("Zoe");
  add("anna", role::editor, "");
  const auto listed = must(all().list_accounts());
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].name, "anna");
  EXPECT_EQ(listed[0].role, role::editor);
  EXPECT_FALSE(listed[0].has_password);
  EXPECT_TRUE(listed[1].has_password);
}

TEST_P(accounts, always_have_an_admin_who_can_sign_in) {
  const auto anna = add("Anna", role::admin), bo = add("Bo", role::admin);
  EXPECT_EQ(must(all().change_account(bo.id, role::admin, true)).disabled, true);
  EXPECT_EQ(code_of(all().change_account(anna.id, role::admin, true)), error_code::conflict);
  EXPECT_EQ(code_of(all().change_account(anna.id, role::editor, false)), error_code::conflict);
  EXPECT_EQ(code_of(all().remove_account(anna.id)), error_code::conflict);
  must(all().change_account(bo.id, role::admin, false));
  must(all().remove_account(anna.id));
  EXPECT_EQ(code_of(all().remove_account(bo.id)), error_code::conflict);
  EXPECT_EQ(code_of(all().remove_account(anna.id)), error_code::not_found);
}

TEST_P(accounts, a_session_lasts_while_it_is_used) {
  const auto anna = add("Anna");
  const auto began = begin(anna.id, "one");
  EXPECT_EQ(began.ends_at - began.began_at, 24h);
  let_pass(59min);
  const auto found = must(all().find_session(digest("one")));
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->is_stale);
  EXPECT_EQ(found->account.name, "Anna");
  EXPECT_EQ(found->session.address, "192.0.2.7");
  EXPECT_TRUE(found->account.signed_in_at);
  must(all().see_session(began.id, 1h));
  EXPECT_FALSE(must(all().find_session(digest("one")))->is_stale);
  let_pass(59min);
  EXPECT_TRUE(lasts("one"));
  let_pass(1min);
  EXPECT_FALSE(lasts("one"));
  must(all().see_session(began.id, 1h));
  EXPECT_FALSE(lasts("one")) << "an ended session does not come back";
  EXPECT_FALSE(lasts("other"));
}

TEST_P(accounts, a_session_ends_in_any_case) {
  const auto anna = add("Anna");
  const auto began = begin(anna.id, "one", 1h, 2h);
  for (int i = 0; i < 4; ++i) {
    let_pass(29min);
    must(all().see_session(began.id, 1h));
  }
  EXPECT_TRUE(lasts("one"));
  let_pass(4min);
  EXPECT_FALSE(lasts("one"));
}

TEST_P(accounts, sessions_are_ended_one_by_one_and_together) {
  const auto anna = add("Anna"), bo = add("Bo");
  const auto one = begin(anna.id, "one"), two = begin(anna.id, "two");
  begin(bo.id, "bo's");
  EXPECT_EQ(must(all().list_sessions(anna.id)).size(), 2u);
  must(all().end_session(bo.id, one.id));
  EXPECT_TRUE(lasts("one")) << "a session of somebody else";
  must(all().end_session(anna.id, one.id));
  EXPECT_FALSE(lasts("one"));
  begin(anna.id, "three");
  must(all().end_sessions(anna.id, two.id));
  EXPECT_TRUE(lasts("two"));
  EXPECT_FALSE(lasts("three"));
  EXPECT_TRUE(lasts("bo's"));
}

TEST_P(accounts, the_oldest_of_too_many_sessions_ends) {
  const auto anna = add("Anna");
  for (int i = 0; i < domain::most_sessions + 1; ++i) {
    begin(anna.id, std::to_string(i));
    let_pass(1s);
  }
  EXPECT_FALSE(lasts("0"));
  EXPECT_TRUE(lasts("1"));
  EXPECT_EQ(std::ssize(must(all().list_sessions(anna.id))), domain::most_sessions);
}

TEST_P(accounts, whoever_is_disabled_or_removed_is_signed_out) {
  add("Admin", role::admin);
  const auto anna = add("Anna"), bo = add("Bo");
  begin(anna.id, "anna's");
  begin(bo.id, "bo's");
  must(all().add_link(anna.id, digest("link"), 1h));
  must(all().change_account(anna.id, role::viewer, true));
  EXPECT_FALSE(lasts("anna's"));
  EXPECT_FALSE(must(all().find_link(digest("link"))));
  EXPECT_EQ(code_of(all().begin_session({.account = anna.id,
                                         .secret = digest("x"),
                                         .idle = 1h,
                                         .absolute = 1h,
                                         .address = "",
                                         .agent = ""})),
            error_code::not_found);
  EXPECT_EQ(code_of(all().add_link(anna.id, digest("x"), 1h)), error_code::not_found);
  must(all().remove_account(bo.id));
  EXPECT_FALSE(lasts("bo's"));
}

TEST_P(accounts, a_new_password_ends_the_other_sessions) {
  const auto anna = add("Anna");
  begin(anna.id, "elsewhere");
  const auto here = begin(anna.id, "here");
  must(all().replace_hash(anna.id, "hash", "the same, hashed anew"));
  EXPECT_TRUE(lasts("elsewhere"));
  must(all().set_password(anna.id, "new", here.id));
  EXPECT_TRUE(lasts("here"));
  EXPECT_FALSE(lasts("elsewhere"));
  must(all().replace_hash(anna.id, "hash", "too late"));
  EXPECT_EQ(must(all().find_account(std::string("Anna")))->password_hash, "new");
  EXPECT_EQ(code_of(all().set_password(account_id{99}, "new", 0)), error_code::not_found);
}

TEST_P(accounts, a_link_is_used_once_and_within_its_time) {
  const auto anna = add("Anna", role::viewer, "");
  begin(anna.id, "before");
  must(all().add_link(anna.id, digest("first"), 1h));
  must(all().add_link(anna.id, digest("second"), 1h));
  EXPECT_FALSE(must(all().find_link(digest("first")))) << "replaced";
  EXPECT_EQ(must(all().find_link(digest("second")))->id, anna.id);
  EXPECT_TRUE(must(all().use_link(digest("second"), "hash"))->has_password);
  EXPECT_FALSE(must(all().use_link(digest("second"), "other")));
  EXPECT_FALSE(lasts("before"));
  EXPECT_EQ(must(all().find_account(std::string("anna")))->password_hash, "hash");
  must(all().add_link(anna.id, digest("third"), 1h));
  let_pass(1h);
  EXPECT_FALSE(must(all().find_link(digest("third"))));
  EXPECT_FALSE(must(all().use_link(digest("third"), "late")));
}

TEST_P(accounts, a_token_works_within_its_time_and_while_its_account_does) {
  add("Admin", role::admin);
  const auto anna = add("Anna", role::editor), bo = add("Bo");
  const auto made = must(all().add_token(
      {.account = anna.id, .secret = digest("t"), .name = "script", .role = role::viewer, .valid_for = 1h}));
  EXPECT_EQ(made.ends_at - made.created_at, 1h);
  auto found = must(all().find_token(digest("t")));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->account.role, role::editor);
  EXPECT_EQ(found->token.role, role::viewer);
  EXPECT_EQ(found->token.name, "script");
  EXPECT_TRUE(found->is_stale);
  must(all().see_token(made.id));
  EXPECT_FALSE(must(all().find_token(digest("t")))->is_stale);
  EXPECT_TRUE(must(all().list_tokens(anna.id)).at(0).used_at);
  must(all().end_token(bo.id, made.id));
  must(all().set_password(anna.id, "new", begin(anna.id, "own").id));
  EXPECT_TRUE(must(all().find_token(digest("t")))) << "whoever changes the own password keeps the own tokens";
  must(all().change_account(anna.id, role::editor, true));
  EXPECT_FALSE(must(all().find_token(digest("t"))));
  must(all().change_account(anna.id, role::editor, false));
  EXPECT_TRUE(must(all().find_token(digest("t"))));
  let_pass(1h);
  EXPECT_FALSE(must(all().find_token(digest("t"))));
  EXPECT_TRUE(must(all().list_tokens(anna.id)).empty());
}

TEST_P(accounts, a_reset_and_a_sign_out_everywhere_end_tokens_too) {
  const auto anna = add("Anna");
  const auto make = [&] {
    must(all().add_token({.account = anna.id,
                          .secret = digest("t"),
                          .name = "script",
                          .role = role::viewer,
                          .valid_for = 1h}));
  };
  make();
  must(all().end_sessions(anna.id, begin(anna.id, "own").id));
  EXPECT_TRUE(must(all().find_token(digest("t"))));
  must(all().end_sessions(anna.id, 0));
  EXPECT_FALSE(must(all().find_token(digest("t"))));
  make();
  must(all().set_password(anna.id, "new", 0));
  EXPECT_FALSE(must(all().find_token(digest("t"))));
}

TEST_P(accounts, a_session_begins_only_with_the_password_that_is_set) {
  const auto anna = add("Anna");
  must(all().set_password(anna.id, "new", 0));
  EXPECT_EQ(
      code_of(all().begin_session(
          {.account = anna.id, .secret = digest("x"), .checked_hash = "hash", .idle = 1h, .absolute = 1h})),
      error_code::not_found);
}

TEST_P(accounts, the_first_one_is_added_once) {
  EXPECT_EQ(must(all().add_first("Anna", "hash")).role, role::admin);
  EXPECT_EQ(code_of(all().add_first("Bo", "hash")), error_code::conflict);
}

TEST_P(accounts, an_admin_without_a_password_does_not_count) {
  const auto anna = add("Anna", role::admin);
  add("Ghost", role::admin, "");
  EXPECT_EQ(code_of(all().remove_account(anna.id)), error_code::conflict);
}

TEST_P(accounts, tokens_are_ended_removed_and_limited) {
  add("Admin", role::admin);
  const auto anna = add("Anna");
  const auto make = [&](std::string_view secret) {
    return all().add_token({.account = anna.id,
                            .secret = digest(secret),
                            .name = "script",
                            .role = role::viewer,
                            .valid_for = 1h});
  };
  const auto one = must(make("one"));
  must(make("two"));
  must(all().end_token(anna.id, one.id));
  EXPECT_FALSE(must(all().find_token(digest("one"))));
  for (int i = 1; i < domain::most_tokens; ++i) must(make(std::to_string(i)));
  EXPECT_EQ(code_of(make("too many")), error_code::invalid);
  must(all().remove_account(anna.id));
  EXPECT_FALSE(must(all().find_token(digest("two"))));
}

TEST_P(accounts, what_has_ended_is_forgotten) {
  const auto anna = add("Anna");
  begin(anna.id, "short", 1min);
  begin(anna.id, "long", 2h);
  must(all().add_link(anna.id, digest("link"), 1min));
  let_pass(1h);
  EXPECT_FALSE(must(all().forget_ended()));
  EXPECT_TRUE(lasts("long"));
  EXPECT_FALSE(lasts("short"));
}

TEST_P(accounts, are_set_up_with_a_link_that_is_open_for_a_while_and_as_long_as_there_is_no_account) {
  const auto secret = digest("token");
  EXPECT_FALSE(must(all().is_set_up_open(secret, 30min)));
  must(all().note_set_up(secret));
  EXPECT_TRUE(must(all().is_set_up_open(secret, 30min)));
  EXPECT_FALSE(must(all().is_set_up_open(digest("other"), 30min)));
  let_pass(29min);
  must(all().note_set_up(secret));  // another start with the same token
  EXPECT_TRUE(must(all().is_set_up_open(secret, 30min)));
  let_pass(2min);
  EXPECT_FALSE(must(all().is_set_up_open(secret, 30min)));
  must(all().note_set_up(digest("next")));
  EXPECT_TRUE(must(all().is_set_up_open(digest("next"), 30min)));
  must(all().add_first("Anna", "hash"));
  EXPECT_FALSE(must(all().is_set_up_open(digest("next"), 30min)));
}

INSTANTIATE_TEST_SUITE_P(records, accounts, testing::ValuesIn(records_backends()), name_of);

}  // namespace
}  // namespace dossier::contract

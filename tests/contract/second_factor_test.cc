// The second factor of accounts, on every records store.
#include "contract/records_contract.h"

namespace dossier::contract {
namespace {

using domain::account;
using domain::role;

class second_factor : public records_contract {
 protected:
  second_factor() : anna_(must(all().add_account("Anna", role::admin, "hash"))) {}

  domain::account_store& all() { return store().accounts(); }
  void set_up() {
    must(all().begin_second_factor(anna_.id, std::string("12345678901234567890")));
    must(all().confirm_second_factor(anna_.id, 100, {digest("one"), digest("two")}, 0));
  }
  awaitable<base::result<domain::session>> begin(std::string_view pending, std::optional<std::int64_t> step,
                                                 std::optional<base::sha256_digest> recovery = {}) {
    return all().begin_session({.account = anna_.id,
                                .secret = digest(std::to_string(++sessions_)),
                                .pending = digest(pending),
                                .code_step = step,
                                .recovery_code = recovery,
                                .idle = 1h,
                                .absolute = 24h,
                                .address = "192.0.2.7",
                                .agent = "Firefox"});
  }
  void wait(std::string_view pending) { must(all().begin_pending(anna_.id, digest(pending), "hash", 10min)); }
  bool waits(std::string_view pending) { return must(all().find_pending(digest(pending))).has_value(); }

  account anna_;
  int sessions_ = 0;
};

TEST_P(second_factor, is_in_use_when_its_first_code_was_given) {
  EXPECT_TRUE(must(all().find_second_factor(anna_.id)).code_secret.empty());
  EXPECT_EQ(must(all().begin_second_factor(anna_.id, "secret one")), "secret one");
  EXPECT_EQ(must(all().begin_second_factor(anna_.id, "secret two")), "secret one") << "two pages at once";
  must(all().end_sessions(anna_.id, 0));
  EXPECT_EQ(must(all().begin_second_factor(anna_.id, "secret three")), "secret three");
  must(all().set_password(anna_.id, "hash", 0));
  EXPECT_EQ(must(all().begin_second_factor(anna_.id, "secret four")), "secret four");
  auto state = must(all().find_second_factor(anna_.id));
  EXPECT_EQ(state.code_secret, "secret four");
  EXPECT_FALSE(state.confirmed);
  EXPECT_FALSE(must(all().find_account(anna_.id)).second_factor);
  must(all().confirm_second_factor(anna_.id, 100, {digest("one")}, 0));
  state = must(all().find_second_factor(anna_.id));
  EXPECT_TRUE(state.confirmed);
  EXPECT_EQ(state.recovery_codes, 1);
  EXPECT_TRUE(must(all().find_account(anna_.id)).second_factor);
  EXPECT_EQ(code_of(all().begin_second_factor(anna_.id, "other")), error_code::conflict);
  EXPECT_EQ(code_of(all().confirm_second_factor(anna_.id, 101, {}, 0)), error_code::conflict);
}

TEST_P(second_factor, is_needed_for_a_session) {
  set_up();
  EXPECT_EQ(code_of(all().begin_session({.account = anna_.id,
                                         .secret = digest("s"),
                                         .checked_hash = "hash",
                                         .idle = 1h,
                                         .absolute = 24h,
                                         .address = "",
                                         .agent = ""})),
            error_code::unauthorized);
  wait("pending");
  EXPECT_EQ(code_of(begin("pending", {})), error_code::unauthorized);
  EXPECT_EQ(code_of(begin("other", 101)), error_code::not_found);
  must(begin("pending", 101));
  EXPECT_EQ(must(all().list_sessions(anna_.id)).size(), 1u);
}

TEST_P(second_factor, has_codes_that_work_once) {
  set_up();
  wait("a");
  EXPECT_EQ(code_of(begin("a", 100)), error_code::unauthorized) << "the code that set it up";
  EXPECT_EQ(code_of(begin("a", 99)), error_code::unauthorized);
  must(begin("a", 101));
  EXPECT_EQ(code_of(begin("a", 102)), error_code::not_found) << "the pending sign-in was completed";
  wait("b");
  EXPECT_EQ(code_of(begin("b", 101)), error_code::unauthorized);
  must(begin("b", 102));
}

TEST_P(second_factor, has_recovery_codes_that_work_once) {
  set_up();
  wait("a");
  EXPECT_EQ(code_of(begin("a", {}, digest("three"))), error_code::unauthorized);
  must(begin("a", {}, digest("one")));
  EXPECT_EQ(must(all().find_second_factor(anna_.id)).recovery_codes, 1);
  wait("b");
  EXPECT_EQ(code_of(begin("b", {}, digest("one"))), error_code::unauthorized);
  must(all().set_recovery_codes(anna_.id, {digest("four"), digest("five"), digest("six")}));
  EXPECT_EQ(code_of(begin("b", {}, digest("two"))), error_code::unauthorized) << "it was replaced";
  must(begin("b", {}, digest("six")));
  EXPECT_EQ(must(all().find_second_factor(anna_.id)).recovery_codes, 2);
}

TEST_P(second_factor, is_waited_for_only_so_long_and_so_often) {
  set_up();
  wait("a");
  ASSERT_TRUE(waits("a"));
  EXPECT_EQ(must(all().find_pending(digest("a")))->account.id, anna_.id);
  EXPECT_EQ(must(all().find_pending(digest("a")))->code_secret, "12345678901234567890");
  for (int i = 1; i < domain::most_wrong_codes; ++i) must(all().count_wrong_code(digest("a")));
  EXPECT_TRUE(waits("a"));
  must(all().count_wrong_code(digest("a")));
  EXPECT_FALSE(waits("a"));
  wait("b");
  let_pass(11min);
  EXPECT_FALSE(waits("b"));
  EXPECT_EQ(code_of(begin("b", 101)), error_code::not_found);
  for (int i = 0; i < 120; ++i) {
    wait(std::to_string(i));
    let_pass(1ms);
  }
  int waiting = 0;
  for (int i = 0; i < 120; ++i) waiting += waits(std::to_string(i)) ? 1 : 0;
  EXPECT_EQ(waiting, 100);
  EXPECT_TRUE(waits("119"));
  EXPECT_TRUE(waits("20"));
  EXPECT_FALSE(waits("19"));
  EXPECT_EQ(code_of(all().begin_pending(anna_.id, digest("x"), "wrong", 10min)), error_code::not_found);
}

TEST_P(second_factor, counts_wrong_codes_of_an_account_until_a_right_one) {
  set_up();
  for (int i = 0; i < 8; ++i) {
    wait(std::to_string(i % 3));
    must(all().count_wrong_code(digest(std::to_string(i % 3))));
    must(all().end_sessions(anna_.id, 0));
  }
  let_pass(1min);
  wait("a");
  const auto found = must(all().find_pending(digest("a")));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->wrong_codes, 8);
  EXPECT_EQ(found->since_wrong, 1min);
  must(begin("a", 101));
  wait("b");
  EXPECT_EQ(must(all().find_pending(digest("b")))->wrong_codes, 0);
  must(all().count_wrong_code(digest("b")));
  must(begin("b", {}, digest("one")));
  wait("c");
  EXPECT_EQ(must(all().find_pending(digest("c")))->wrong_codes, 0);
}

TEST_P(second_factor, ends_what_waits_when_the_password_changes_or_the_account_is_disabled) {
  set_up();
  must(all().add_account("Bo", role::admin, "hash"));
  wait("a");
  must(all().set_password(anna_.id, "hash", 0));
  EXPECT_FALSE(waits("a"));
  wait("b");
  must(all().end_sessions(anna_.id, 0));
  EXPECT_FALSE(waits("b"));
  wait("b");
  must(all().change_account(anna_.id, role::admin, true));
  EXPECT_FALSE(waits("b"));
  EXPECT_EQ(code_of(begin("b", 101)), error_code::not_found);
  must(all().change_account(anna_.id, role::admin, false));
  wait("c");
  must(all().remove_account(anna_.id));
  EXPECT_FALSE(waits("c"));
}

TEST_P(second_factor, is_set_up_in_one_session_and_ends_the_others) {
  const auto begin_plain = [this](std::string_view secret) {
    return must(all().begin_session({.account = anna_.id,
                                     .secret = digest(secret),
                                     .checked_hash = "hash",
                                     .idle = 1h,
                                     .absolute = 24h,
                                     .address = "",
                                     .agent = ""}));
  };
  const auto here = begin_plain("here");
  begin_plain("there");
  must(all().begin_second_factor(anna_.id, "secret"));
  must(all().confirm_second_factor(anna_.id, 100, {}, here.id));
  EXPECT_TRUE(must(all().find_session(digest("here"))));
  EXPECT_FALSE(must(all().find_session(digest("there"))));
}

TEST_P(second_factor, is_dropped) {
  set_up();
  must(all().drop_second_factor(anna_.id, false));
  EXPECT_EQ(code_of(all().drop_second_factor(anna_.id, false)), error_code::conflict);
  auto after = must(all().find_account(anna_.id));
  EXPECT_FALSE(after.second_factor);
  EXPECT_TRUE(after.has_password);
  EXPECT_TRUE(must(all().find_second_factor(anna_.id)).code_secret.empty());
  EXPECT_EQ(code_of(all().set_recovery_codes(anna_.id, {})), error_code::conflict);
  set_up();
  EXPECT_EQ(code_of(all().drop_second_factor(anna_.id, true)), error_code::conflict) << "the last admin";
  must(all().add_account("Bo", role::admin, "hash"));
  wait("a");
  must(all().drop_second_factor(anna_.id, true));
  after = must(all().find_account(anna_.id));
  EXPECT_FALSE(after.second_factor);
  EXPECT_FALSE(after.has_password);
  EXPECT_FALSE(waits("a"));
}

TEST_P(second_factor, is_not_needed_to_prove_a_password_again) {
  const auto here = must(all().begin_session({.account = anna_.id,
                                              .secret = digest("here"),
                                              .checked_hash = "hash",
                                              .idle = 10h,
                                              .absolute = 24h,
                                              .address = "",
                                              .agent = ""}));
  EXPECT_EQ(here.proved_at, here.began_at);
  let_pass(1h);
  must(all().prove_session(here.id));
  const auto after = must(all().find_session(digest("here")));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->session.proved_at, here.began_at + 1h);
  EXPECT_EQ(after->session.began_at, here.began_at);
}

INSTANTIATE_TEST_SUITE_P(records, second_factor, testing::ValuesIn(records_backends()), name_of);

}  // namespace
}  // namespace dossier::contract

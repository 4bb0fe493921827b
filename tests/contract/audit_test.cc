// The audit log, on every records store.
#include "contract/records_contract.h"

namespace dossier::contract {
namespace {

using domain::actor;
using domain::audit_action;
using domain::audit_mark;
using domain::role;

class audit : public records_contract {
 protected:
  domain::audit_log& log() { return store().audit(); }
  void chain_all() {
    while (must(log().chain())) {
    }
  }
  std::vector<domain::audit_entry> all() {
    chain_all();
    return must(log().scan(0, 1'000));
  }
  static actor anna() {
    return {.via = actor::kind::visitor, .account = {7}, .session = 8, .token = 9, .address = "2001:db8::1"};
  }
};

TEST_P(audit, has_what_was_noted) {
  EXPECT_TRUE(all().empty());
  must(log().note(anna(), audit_action::account_changed, 5, "viewer"));
  const auto found = all();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].number, 1);
  EXPECT_EQ(found[0].what, "account_changed");
  EXPECT_EQ(found[0].to, "account");
  EXPECT_EQ(found[0].subject, 5);
  EXPECT_EQ(found[0].detail, "viewer");
  EXPECT_EQ(found[0].by.via, actor::kind::visitor);
  EXPECT_EQ(found[0].by.account.value, 7);
  EXPECT_EQ(found[0].by.session, 8);
  EXPECT_EQ(found[0].by.token, 9);
  EXPECT_EQ(found[0].by.address, "2001:db8::1");
  EXPECT_EQ(found[0].hash, domain::chained_hash({}, found[0]));
}

TEST_P(audit, chains_each_entry_to_the_one_before) {
  for (int i = 0; i < 1'200; ++i) must(log().note(anna(), audit_action::person_changed, i, ""));
  EXPECT_EQ(must(log().state()).waiting, 1'200);
  EXPECT_TRUE(must(log().list({})).empty());
  chain_all();
  const auto state = must(log().state());
  EXPECT_EQ(state.waiting, 0);
  EXPECT_EQ(state.last.number, 1'200);
  const auto report = must(domain::verify_audit(log(), {}));
  EXPECT_FALSE(report.wrong) << *report.wrong;
  EXPECT_EQ(report.entries, 1'200);
  EXPECT_EQ(report.state.last, state.last);
  EXPECT_FALSE(must(domain::verify_audit(log(), state.last)).wrong);
  EXPECT_TRUE(must(domain::verify_audit(log(), audit_mark{600, {}})).wrong);
  EXPECT_TRUE(must(domain::verify_audit(log(), audit_mark{1'201, {}})).wrong);
}

TEST_P(audit, is_written_with_what_is_done) {
  const auto id = add(somebody());
  must(store().update_person(id, somebody("Anna Dahl"), {}, anna()));
  must(store().update_person(id, somebody("Anna Dahl"), {}, anna()));  // changes nothing
  must(store().delete_person(id, {}, anna()));
  EXPECT_EQ(code_of(store().delete_person(id, {}, anna())), error_code::not_found);
  const auto found = all();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].what, "person_created");
  EXPECT_EQ(found[0].by.via, actor::kind::program);
  EXPECT_EQ(found[1].what, "person_changed");
  EXPECT_EQ(found[1].detail.find("Anna"), std::string::npos);
  EXPECT_EQ(found[2].what, "person_deleted");
  for (const auto& one : found) EXPECT_EQ(one.subject, id.value);
}

TEST_P(audit, has_everything_that_is_done_to_accounts) {
  auto& accounts = store().accounts();
  const auto bo = must(accounts.add_first("Bo", "hash", anna()));
  const auto cy = must(accounts.add_account("Cy", role::viewer, "", anna()));
  must(accounts.change_account(cy.id, role::editor, true, anna()));
  must(accounts.set_password(bo.id, "other", 0, anna()));
  must(accounts.end_sessions(bo.id, 0, anna()));
  must(accounts.end_session(bo.id, 99, anna()));  // there is none
  EXPECT_EQ(code_of(accounts.remove_account(bo.id, anna())), error_code::conflict);
  must(accounts.remove_account(cy.id, anna()));
  std::vector<std::string> actions;
  for (const auto& one : all()) actions.push_back(one.what);
  EXPECT_EQ(actions, (std::vector<std::string>{"account_added", "account_added", "account_changed",
                                               "password_set", "sessions_ended", "account_removed"}));
}

TEST_P(audit, is_searched_newest_first) {
  for (int i = 1; i <= 5; ++i) must(log().note(anna(), audit_action::person_changed, i, ""));
  must(log().note({}, audit_action::account_changed, 3, ""));
  chain_all();
  EXPECT_EQ(must(log().list({})).front().number, 6);
  EXPECT_EQ(must(log().list({.by = domain::account_id{7}})).size(), 5u);
  EXPECT_EQ(must(log().list({.what = audit_action::account_changed})).size(), 1u);
  EXPECT_EQ(must(log().list({.to = "person", .subject = 3})).size(), 1u);
  EXPECT_EQ(must(log().list({.by = domain::account_id{8}})).size(), 0u);
  const auto page = must(log().list({.before = 4, .limit = 2}));
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(page[0].number, 3);
  EXPECT_EQ(page[1].number, 2);
}

TEST_P(audit, is_cut_at_its_old_end_and_stays_whole) {
  for (int i = 0; i < 10; ++i) must(log().note(anna(), audit_action::person_changed, i, ""));
  chain_all();
  const auto before = must(log().state());
  let_pass(48h);
  must(log().note(anna(), audit_action::person_changed, 10, ""));
  chain_all();
  EXPECT_EQ(must(log().cut(72h)), 0);
  EXPECT_EQ(must(log().cut(24h)), 10);
  EXPECT_EQ(must(log().cut(24h)), 0);
  const auto left = all();
  ASSERT_EQ(left.size(), 2u);  // with the entry about the cut
  EXPECT_EQ(left[0].number, 11);
  EXPECT_EQ(left[1].what, "audit_cut");
  EXPECT_EQ(left[1].detail, domain::cut_detail(before.last));
  EXPECT_EQ(must(log().state()).cut, before.last);
  const auto report = must(domain::verify_audit(log(), before.last));
  EXPECT_FALSE(report.wrong) << *report.wrong;
  EXPECT_TRUE(must(domain::verify_audit(log(), audit_mark{3, {}})).wrong);
}

TEST_P(audit, keeps_its_last_entry) {
  must(log().note(anna(), audit_action::person_changed, 1, ""));
  chain_all();
  let_pass(1'000h);
  EXPECT_EQ(must(log().cut(1h)), 0);
  EXPECT_EQ(all().size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(records, audit, testing::ValuesIn(records_backends()), name_of);

}  // namespace
}  // namespace dossier::contract

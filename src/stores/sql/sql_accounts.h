// Accounts, their sessions (sql_sessions.cc), tokens (sql_tokens.cc), second factor
// (sql_second_factor.cc) and links over SQL (domain/accounts.h).
// Each method is one transaction.
#pragma once

#include "domain/accounts.h"
#include "stores/sql/driver.h"

namespace dossier::stores::sql {

class sql_accounts final : public domain::account_store {
 public:
  // The driver must outlive it.
  explicit sql_accounts(driver& on) : driver_(on) {}

  awaitable<result<bool>> has_accounts() override;
  awaitable<result<std::vector<domain::account>>> list_accounts() override;
  awaitable<result<domain::account>> find_account(domain::account_id id) override;
  awaitable<result<std::optional<domain::known_account>>> find_account(std::string name) override;
  awaitable<result<domain::account>> add_account(std::string name, domain::role what,
                                                 std::string password_hash, domain::actor by) override;
  awaitable<result<domain::account>> add_first(std::string name, std::string password_hash,
                                               domain::actor by) override;
  awaitable<result<void>> set_password(domain::account_id id, std::string hash, std::int64_t keep,
                                       domain::actor by) override;
  awaitable<result<void>> replace_hash(domain::account_id id, std::string before, std::string hash) override;
  awaitable<result<domain::account>> change_account(domain::account_id id, domain::role what, bool disabled,
                                                    domain::actor by) override;
  awaitable<result<void>> remove_account(domain::account_id id, domain::actor by) override;

  awaitable<result<domain::session>> begin_session(domain::new_session what) override;
  awaitable<result<std::optional<domain::signed_in>>> find_session(base::sha256_digest secret) override;
  awaitable<result<void>> see_session(std::int64_t id, domain::milliseconds idle) override;
  awaitable<result<void>> prove_session(std::int64_t id) override;
  awaitable<result<void>> begin_pending(domain::account_id id, base::sha256_digest secret,
                                        std::string checked_hash, domain::milliseconds valid_for) override;
  awaitable<result<std::optional<domain::pending_sign_in>>> find_pending(base::sha256_digest secret) override;
  awaitable<result<void>> count_wrong_code(base::sha256_digest secret) override;
  awaitable<result<std::vector<domain::session>>> list_sessions(domain::account_id id) override;
  awaitable<result<void>> end_session(domain::account_id id, std::int64_t session, domain::actor by) override;
  awaitable<result<void>> end_sessions(domain::account_id id, std::int64_t except, domain::actor by) override;

  awaitable<result<domain::token>> add_token(domain::new_token what, domain::actor by) override;
  awaitable<result<std::optional<domain::token_in_use>>> find_token(base::sha256_digest secret) override;
  awaitable<result<void>> see_token(std::int64_t id) override;
  awaitable<result<std::vector<domain::token>>> list_tokens(domain::account_id id) override;
  awaitable<result<void>> end_token(domain::account_id id, std::int64_t token, domain::actor by) override;

  awaitable<result<void>> add_link(domain::account_id id, base::sha256_digest secret,
                                   domain::milliseconds valid_for, domain::actor by) override;
  awaitable<result<std::optional<domain::account>>> find_link(base::sha256_digest secret) override;
  awaitable<result<std::optional<domain::account>>> use_link(base::sha256_digest secret, std::string hash,
                                                             std::string address) override;

  awaitable<result<domain::second_factor_state>> find_second_factor(domain::account_id id) override;
  awaitable<result<std::string>> begin_second_factor(domain::account_id id, std::string code_secret) override;
  awaitable<result<void>> confirm_second_factor(domain::account_id id, std::int64_t code_step,
                                                std::vector<base::sha256_digest> recovery_codes,
                                                std::int64_t keep, domain::actor by) override;
  awaitable<result<void>> set_recovery_codes(domain::account_id id, std::vector<base::sha256_digest> codes,
                                             domain::actor by) override;
  awaitable<result<void>> drop_second_factor(domain::account_id id, bool and_password,
                                             domain::actor by) override;

  awaitable<result<void>> note_set_up(base::sha256_digest secret) override;
  awaitable<result<bool>> is_set_up_open(base::sha256_digest secret, domain::milliseconds valid_for) override;

  awaitable<result<bool>> forget_ended() override;

 private:
  driver& driver_;
};

}  // namespace dossier::stores::sql

#include "stores/sql/sql_audit.h"

#include <string>
#include <utility>
#include <vector>

#include "base/expects.h"
#include "stores/sql/query.h"

namespace dossier::stores::sql {
namespace {

using domain::actor;
using domain::audit_action;
using domain::audit_entry;
using domain::audit_mark;
using domain::audit_query;
using domain::audit_state;

constexpr int chained_at_once = 500;
constexpr int cut_at_once = 1'000;
constexpr int most_listed = 1'000;

#define DOSSIER_AUDIT_COLUMNS \
  "number, at, what, subject_kind, subject, detail, via, account_id, session_id, token_id, address, hash"

audit_entry read_entry(const query& row) {
  audit_entry one;
  one.number = row.is_null(0) ? 0 : row.integer(0);
  one.at = row.time(1);
  one.what = row.string(2);
  one.to = row.string(3);
  one.subject = row.integer(4);
  one.detail = row.string(5);
  one.by = {.via = static_cast<actor::kind>(row.integer(6)),
            .account = {row.integer(7)},
            .session = row.integer(8),
            .token = row.integer(9),
            .address = row.string(10)};
  one.hash = row.digest(11);
  return one;
}

// `locked`: nobody else chains or cuts until the transaction ends.
result<audit_state> read_state(connection& on, bool locked) {
  query row(
      on, std::string("SELECT last_number, last_hash, cut_number, cut_hash FROM audit_chain WHERE one = 1") +
              (locked ? " /*lock*/" : ""));
  if (!row.next())
    return base::fail(base::error_code::internal, "The records have lost the end of their audit log.");
  if (row.integer(0) < 0 || row.integer(2) < 0)
    return base::fail(base::error_code::internal, "The end of the audit log was changed by hand.");
  return audit_state{.last = {row.integer(0), row.digest(1)}, .cut = {row.integer(2), row.digest(3)}};
}

struct unchained {
  std::int64_t id = 0;
  audit_entry entry;
};

std::vector<unchained> read_unchained(connection& on) {
  std::vector<unchained> some;
  query rows(on, "SELECT " DOSSIER_AUDIT_COLUMNS ", id FROM audit WHERE number IS NULL ORDER BY id LIMIT ?",
             chained_at_once);
  while (rows.next()) some.push_back({rows.integer(12), read_entry(rows)});
  return some;
}

result<bool> chain_some(connection& on) {
  const auto state = read_state(on, true);
  if (!state) return std::unexpected(state.error());
  auto last = state->last;
  const auto some = read_unchained(on);
  for (auto [id, entry] : some) {
    entry.number = last.number + 1;
    const auto hash = chained_hash(last.hash, entry);
    execute(on, "UPDATE audit SET number = ?, hash = ? WHERE id = ?", entry.number, hash, id);
    last = {entry.number, hash};
  }
  if (!some.empty())
    execute(on, "UPDATE audit_chain SET last_number = ?, last_hash = ? WHERE one = 1", last.number,
            last.hash);
  return std::ssize(some) == chained_at_once;
}

// The oldest entries that are older than this; only whole runs from the beginning of the chain.
std::vector<audit_mark> read_old(connection& on, std::int64_t after, domain::milliseconds older_than) {
  std::vector<audit_mark> old;
  query rows(on,
             "SELECT number, hash, CASE WHEN at < now_ms() - ? THEN 1 ELSE 0 END FROM audit WHERE number > ? "
             "ORDER BY number LIMIT ?",
             older_than, after, cut_at_once);
  while (rows.next() && rows.truth(2)) old.push_back({rows.integer(0), rows.digest(1)});
  return old;
}

result<std::int64_t> cut_some(connection& on, domain::milliseconds older_than) {
  const auto state = read_state(on, true);
  if (!state) return std::unexpected(state.error());
  auto old = read_old(on, state->cut.number, older_than);
  // The last entry stays, so that there is always one to begin with.
  if (!old.empty() && old.back().number >= state->last.number) old.pop_back();
  if (old.empty()) return 0;
  const auto& end = old.back();
  execute(on, "DELETE FROM audit WHERE number <= ?", end.number);
  execute(on, "UPDATE audit_chain SET cut_number = ?, cut_hash = ? WHERE one = 1", end.number, end.hash);
  note(on, {}, audit_action::audit_cut, 0, domain::cut_detail(end));
  return std::ssize(old);
}

std::vector<audit_entry> find_entries(connection& on, const audit_query& what) {
  std::string sql = "SELECT " DOSSIER_AUDIT_COLUMNS " FROM audit WHERE number IS NOT NULL";
  if (what.before > 0) sql += " AND number < ?";
  if (what.by) sql += " AND account_id = ?";
  if (what.what) sql += " AND what = ?";
  if (!what.to.empty()) sql += " AND subject_kind = ? AND subject = ?";
  query rows(on, sql + " ORDER BY number DESC LIMIT ?");
  if (what.before > 0) rows.add(what.before);
  if (what.by) rows.add(what.by->value);
  if (what.what) rows.add(to_string(*what.what));
  if (!what.to.empty()) rows.add(what.to).add(what.subject);
  rows.add(what.limit);
  std::vector<audit_entry> found;
  while (rows.next()) found.push_back(read_entry(rows));
  return found;
}

}  // namespace

void note(connection& on, const actor& by, audit_action what, std::int64_t subject, std::string_view detail) {
  base::expects(detail.size() <= 400, "a detail is short");
  base::expects(by.address.size() <= 100, "an address is short");
  execute(
      on,
      "INSERT INTO audit (at, what, subject_kind, subject, detail, via, account_id, session_id, token_id, "
      "address) VALUES (now_ms(), ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      to_string(what), subject_of(what), subject, detail, static_cast<int>(by.via), by.account.value,
      by.session, by.token, by.address);
}

awaitable<result<void>> sql_audit::note(actor by, audit_action what, std::int64_t subject,
                                        std::string detail) {
  return driver_.write(
      "audit",
      [by = std::move(by), what, subject, detail = std::move(detail)](connection& on) -> result<void> {
        sql::note(on, by, what, subject, detail);
        return {};
      });
}

// Asks first without writing, because usually there is nothing to do.
awaitable<result<bool>> sql_audit::chain() {
  auto due = co_await driver_.read("audit_due", [](connection& on) -> result<bool> {
    query row(on, "SELECT id FROM audit WHERE number IS NULL LIMIT 1");
    return row.next();
  });
  if (!due || !*due) co_return due;
  co_return co_await driver_.write("chain_audit",
                                   [](connection& on) -> result<bool> { return chain_some(on); });
}

awaitable<result<std::vector<audit_entry>>> sql_audit::list(audit_query what) {
  base::expects(what.limit > 0 && what.limit <= most_listed, "a page has room for an entry");
  return driver_.read("list_audit",
                      [what = std::move(what)](connection& on) -> result<std::vector<audit_entry>> {
                        return find_entries(on, what);
                      });
}

awaitable<result<std::vector<audit_entry>>> sql_audit::scan(std::int64_t after, int limit) {
  base::expects(limit > 0 && limit <= most_listed, "a page has room for an entry");
  return driver_.read("scan_audit", [after, limit](connection& on) -> result<std::vector<audit_entry>> {
    std::vector<audit_entry> found;
    query rows(on, "SELECT " DOSSIER_AUDIT_COLUMNS " FROM audit WHERE number > ? ORDER BY number LIMIT ?",
               after, limit);
    while (rows.next()) found.push_back(read_entry(rows));
    return found;
  });
}

awaitable<result<audit_state>> sql_audit::state() {
  return driver_.read("audit_state", [](connection& on) -> result<audit_state> {
    auto state = sql::read_state(on, false);
    if (!state) return state;
    query row(on, "SELECT COUNT(*) FROM audit WHERE number IS NULL");
    if (row.next()) state->waiting = row.integer(0);
    return state;
  });
}

awaitable<result<std::int64_t>> sql_audit::cut(domain::milliseconds older_than) {
  base::expects(older_than > domain::milliseconds(0), "entries are kept for some time");
  return driver_.write(
      "cut_audit", [older_than](connection& on) -> result<std::int64_t> { return cut_some(on, older_than); });
}

}  // namespace dossier::stores::sql

#include "stores/sql/search/search_index.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/expects.h"
#include "stores/sql/query.h"
#include "stores/sql/rows.h"
#include "stores/sql/search/people_set.h"

namespace dossier::stores::sql {
namespace {

// How many words one statement inserts. There is a statement for each smaller number of words too; all stay
// prepared.
constexpr std::size_t most_words_at_once = 8;

bool has(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

// Several words go into one statement, because each statement is a message to a database that may be on
// another machine.
void add_former_words(connection& on, domain::person_id id, std::span<const std::string> words) {
  if (!on.has_former_nodes()) return;
  while (!words.empty()) {
    const auto count = std::min(words.size(), most_words_at_once);
    std::string sql = "INSERT IGNORE INTO person_word (word, person_id) VALUES (?, ?)";
    for (std::size_t i = 1; i < count; ++i) sql += ", (?, ?)";
    query insert(on, sql);
    for (const auto& word : words.first(count)) insert.add(word).add(id);
    insert.next();
    words = words.subspan(count);
  }
}

void change_former_words(connection& on, domain::person_id id, const std::vector<std::string>& before,
                         const std::vector<std::string>& after) {
  if (!on.has_former_nodes()) return;
  for (const auto& word : before) {
    if (has(after, word)) continue;
    execute(on, "DELETE FROM person_word WHERE word = ? AND person_id = ?", word, id);
  }
  std::vector<std::string> added;
  std::ranges::copy_if(after, std::back_inserter(added),
                       [&](const auto& word) { return !has(before, word); });
  add_former_words(on, id, added);
}

std::vector<std::string> split_words(std::string_view joined) {
  std::vector<std::string> words;
  while (!joined.empty()) {
    joined.remove_prefix(1);
    const auto end = std::min(joined.find(' '), joined.size());
    words.emplace_back(joined.substr(0, end));
    joined.remove_prefix(end);
  }
  return words;
}

namespace {

// Fewer pending people than this wait until there are more, because a batch writes as much for one person as
// for many. They wait for longest_wait_ms at most.
constexpr std::int64_t worth_a_batch = 64;
constexpr std::int64_t longest_wait_ms = 30'000;

struct index_state {
  std::int64_t policy = 0;
  std::int64_t swept_to = 0;
  std::int64_t sweep_end = 0;
  bool sweeping() const { return swept_to < sweep_end; }
};

struct pending_person {
  domain::details details;
  bool has_files = false;
  std::int64_t version = 0;
  search_text stored;
  search_text text;  // as this node's policy folds it
};

// A person in the batch: what the index has of them, and what it should have.
struct change {
  std::optional<search_entry> before;
  std::optional<pending_person> now;
};
using batch = std::map<std::int64_t, change>;

std::vector<std::int64_t> ids_of(query& rows) {
  std::vector<std::int64_t> ids;
  while (rows.next()) ids.push_back(rows.integer(0));
  return ids;
}

std::vector<std::int64_t> find_gone(connection& on, int most) {
  query rows(on, "SELECT person_id FROM search_gone ORDER BY person_id LIMIT ?", most);
  return ids_of(rows);
}

std::string select_pending() {
  std::string sql = "SELECT id";
  for (const auto& field : domain::detail_fields()) sql.append(", ").append(field.name);
  sql += ", has_files, version";
  for (const auto i : text_details()) sql += ", " + folded_column(i);
  return sql + ", words FROM person /*by pending*/ WHERE pending = 1 ORDER BY id LIMIT ? /*lock or skip*/";
}

// People whom another transaction is changing right now wait for the next batch.
int read_pending(connection& on, int most, batch& into) {
  static const std::string select = select_pending();
  query rows(on, select, most);
  int count = 0;
  for (; rows.next(); ++count) {
    pending_person one;
    int column = 0;
    const auto id = rows.integer(column++);
    one.details = read_details(rows, column);
    column += static_cast<int>(one.details.size());
    one.has_files = rows.truth(column++);
    one.version = rows.integer(column++);
    for (std::size_t i = 0; i < text_details().size(); ++i)
      one.stored.folded.push_back(rows.string(column++));
    one.stored.joined = rows.string(column++);
    one.text = search_text_of(one.details);
    into[id].now = std::move(one);
  }
  return count;
}

void read_entries(connection& on, batch& into) {
  std::vector<std::int64_t> ids;
  for (const auto& [id, one] : into) ids.push_back(id);
  in_lists(std::span<const std::int64_t>(ids), [&](std::span<const std::int64_t> some) {
    query rows(on, among("SELECT person_id, content, policy FROM search_entry WHERE person_id", some.size()));
    add_all(rows, some);
    while (rows.next()) into[rows.integer(0)].before = read_entry(rows.text(1), rows.integer(2));
  });
}

search_entry entry_of(const pending_person& who) {
  search_entry entry{
      .texts = who.text.folded, .numbers = {}, .has_files = who.has_files, .words = who.text.words};
  for (const auto i : number_details()) entry.numbers.push_back(who.details.number(i));
  return entry;
}

void add_changes(std::vector<posting_change>& to, std::int64_t id, const change& one) {
  const auto before = one.before ? terms_of(*one.before) : std::vector<std::string>();
  const auto after = one.now ? terms_of(entry_of(*one.now)) : std::vector<std::string>();
  std::vector<std::string> only;
  std::ranges::set_difference(before, after, std::back_inserter(only));
  for (auto& term : only) to.push_back({.term = std::move(term), .person = id, .has = false});
  only.clear();
  std::ranges::set_difference(after, before, std::back_inserter(only));
  for (auto& term : only) to.push_back({.term = std::move(term), .person = id, .has = true});
}

void write_postings(connection& on, const batch& all) {
  std::vector<posting_change> changes;
  for (const auto& [id, one] : all) add_changes(changes, id, one);
  if (!std::ranges::all_of(changes, &posting_change::has)) on.clear_log_soon();
  change_postings(on, std::move(changes));
}

void run_for(connection& on, const char* sql, std::span<const std::int64_t> ids) {
  in_lists(ids, [&](std::span<const std::int64_t> some) {
    query statement(on, among(sql, some.size()));
    add_all(statement, some);
    statement.next();
  });
}

void write_entry_rows(connection& on, const batch& all, std::int64_t policy) {
  constexpr std::size_t at_once = 16;
  std::vector<std::int64_t> kept;
  std::vector<std::int64_t> gone;
  for (const auto& [id, one] : all) (one.now ? kept : gone).push_back(id);
  for (std::span left(kept); !left.empty();) {
    const std::size_t count = left.size() < at_once ? 1 : at_once;
    std::string sql = "REPLACE INTO search_entry (person_id, version, policy, content) VALUES (?, ?, ?, ?)";
    for (std::size_t i = 1; i < count; ++i) sql += ", (?, ?, ?, ?)";
    query insert(on, sql);
    for (const auto id : left.first(count)) {
      const auto& who = *all.at(id).now;
      insert.add(id).add(who.version).add(policy).add(write_entry(entry_of(who)));
    }
    insert.next();
    left = left.subspan(count);
  }
  run_for(on, "DELETE FROM search_entry WHERE person_id", gone);
}

bool same_text(const search_text& a, const search_text& b) {
  return a.folded == b.folded && a.joined == b.joined;
}

void fold_again(connection& on, std::int64_t id, const pending_person& who) {
  change_former_words(on, {id}, split_words(who.stored.joined), who.text.words);
  static const std::string sql = [] {
    std::string update = "UPDATE person SET ";
    for (const auto i : text_details()) update += folded_column(i) + " = ?, ";
    return update + "words = ?, pending = 0 WHERE id = ?";
  }();
  query change(on, sql);
  for (const auto& folded : who.text.folded) change.add(folded);
  change.add(who.text.joined).add(id);
  change.next();
}

void write_people(connection& on, const batch& all) {
  std::vector<std::int64_t> as_they_are;
  for (const auto& [id, one] : all) {
    if (!one.now) continue;
    if (same_text(one.now->stored, one.now->text)) {
      as_they_are.push_back(id);
    } else {
      fold_again(on, id, *one.now);
    }
  }
  run_for(on, "UPDATE person SET pending = 0 WHERE id", as_they_are);
}

// The end of the next range of ids, which has `people` people, or all that are left.
std::int64_t end_of_stretch(connection& on, const index_state& state, int people) {
  query row(
      on,
      "SELECT COUNT(*), MAX(id) FROM (SELECT id FROM person WHERE id > ? AND id <= ? ORDER BY id LIMIT ?) s",
      state.swept_to, state.sweep_end, people);
  if (!row.next() || row.integer(0) < people) return state.sweep_end;
  return row.integer(1);
}

void sweep(connection& on, const index_state& state, int people) {
  const auto end = end_of_stretch(on, state, people);
  std::vector<std::int64_t> stale;
  {
    query rows(on,
               "SELECT p.id FROM person p LEFT JOIN search_entry e ON e.person_id = p.id WHERE p.id > ? AND "
               "p.id <= ? "
               "AND p.pending = 0 AND (e.person_id IS NULL OR e.policy <> ? OR e.version <> p.version)",
               state.swept_to, end, state.policy);
    stale = ids_of(rows);
  }
  run_for(on, "UPDATE person SET pending = 1 WHERE id", stale);
  std::vector<std::int64_t> gone;
  {
    query rows(on,
               "SELECT e.person_id FROM search_entry e LEFT JOIN person p ON p.id = e.person_id "
               "WHERE e.person_id > ? AND e.person_id <= ? AND p.id IS NULL",
               state.swept_to, end);
    gone = ids_of(rows);
  }
  for (const auto id : gone) execute(on, "REPLACE INTO search_gone (person_id) VALUES (?)", id);
  execute(on, "UPDATE search_state SET swept_to = ? WHERE id = 1", end);
}

void begin_sweep(connection& on, index_state& state, std::int64_t policy) {
  std::int64_t end = 0;
  {
    query row(on, "SELECT COALESCE(MAX(id), 0) FROM person");
    if (row.next()) end = row.integer(0);
  }
  execute(on,
          "UPDATE search_state SET policy = ?, swept_to = 0, sweep_end = ?, swept_at = now_ms() WHERE id = 1",
          policy, end);
  state = {.policy = policy, .swept_to = 0, .sweep_end = end};
}

std::optional<index_state> lock_state(connection& on) {
  query row(on, "SELECT policy, swept_to, sweep_end FROM search_state WHERE id = 1 /*lock or skip*/");
  if (!row.next()) return std::nullopt;
  return index_state{.policy = row.integer(0), .swept_to = row.integer(1), .sweep_end = row.integer(2)};
}

// Nodes of the previous version may change people without marking them as pending.
std::int64_t sweep_again_after_ms(connection& on) {
  return on.has_former_nodes() ? 600'000 : std::int64_t{1} << 60;
}

bool is_time_to_sweep(connection& on) {
  query row(on, "SELECT now_ms() - swept_at FROM search_state WHERE id = 1");
  return row.next() && row.integer(0) >= sweep_again_after_ms(on);
}

}  // namespace

bool is_index_due(connection& on, const tending& how) {
  base::expects(how.policy > 0, "a node has a text policy");
  query row(on,
            "SELECT policy, swept_to, sweep_end, now_ms() - tended_at, now_ms() - swept_at, "
            "(SELECT COUNT(*) FROM (SELECT id FROM person /*by pending*/ WHERE pending = 1 LIMIT 64) few), "
            "(SELECT COUNT(*) FROM (SELECT person_id FROM search_gone LIMIT 1) one) FROM search_state WHERE "
            "id = 1");
  if (!row.next()) return false;
  const auto policy = row.integer(0);
  if (policy > how.policy) return false;
  const bool waited = how.at_once || row.integer(3) >= longest_wait_ms || row.integer(3) < 0;
  const auto pending = row.integer(5);
  return policy < how.policy || row.integer(1) < row.integer(2) ||
         row.integer(4) >= sweep_again_after_ms(on) || row.integer(6) > 0 || pending >= worth_a_batch ||
         (pending > 0 && waited);
}

bool tend_index(connection& on, const tending& how) {
  base::expects(how.policy > 0, "a node has a text policy");
  base::expects(how.people_in_batch > 0 && how.people_in_sweep > 0, "a batch has room for a person");
  auto state = lock_state(on);
  if (!state || state->policy > how.policy) return false;
  if (!how.only_forget && (state->policy < how.policy || is_time_to_sweep(on)))
    begin_sweep(on, *state, how.policy);
  batch all;
  const auto gone = find_gone(on, how.people_in_batch);
  for (const auto id : gone) all[id];
  const auto pending = how.only_forget ? 0 : read_pending(on, how.people_in_batch, all);
  read_entries(on, all);
  write_postings(on, all);
  write_entry_rows(on, all, how.policy);
  write_people(on, all);
  run_for(on, "DELETE FROM search_gone WHERE person_id", gone);
  execute(on, "UPDATE search_state SET tended_at = now_ms() WHERE id = 1");
  if (pending == how.people_in_batch || std::ssize(gone) == how.people_in_batch) return true;
  if (how.only_forget || !state->sweeping()) return false;
  sweep(on, *state, how.people_in_sweep);
  return true;
}

}  // namespace dossier::stores::sql

#include "stores/sql/search/postings.h"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>

#include "stores/sql/in_list.h"
#include "stores/sql/query.h"

namespace dossier::stores::sql {
namespace {

using changes = std::span<const posting_change>;

// In one statement. Their bytes are at most eight thousand each.
constexpr std::size_t most_rows_at_once = 64;
constexpr std::size_t rows_in_one_insert = 16;

// Those of one block that are changed together: no term is in two of them.
struct rows_of_block {
  std::int64_t block = 0;
  std::map<std::string_view, people_block> rows;
};

std::vector<std::string_view> terms_in(const rows_of_block& some) {
  std::vector<std::string_view> terms;
  for (const auto& [term, members] : some.rows) terms.push_back(term);
  return terms;
}

void load(connection& on, rows_of_block& into) {
  const auto terms = terms_in(into);
  query rows(on, among("SELECT term, people FROM search_posting WHERE block = ? AND term", terms.size()));
  rows.add(into.block);
  add_all(rows, std::span<const std::string_view>(terms));
  while (rows.next()) {
    const auto at = into.rows.find(rows.text(0));
    if (at != into.rows.end()) at->second = people_block(rows.bytes(1));
  }
}

// Several rows in one statement, each of which is a message to a database elsewhere.
void write(connection& on, const rows_of_block& from) {
  std::vector<std::pair<std::string_view, std::vector<std::byte>>> kept;
  std::vector<std::string_view> empty;
  for (const auto& [term, members] : from.rows) {
    if (members.count() == 0) {
      empty.push_back(term);
    } else {
      kept.emplace_back(term, members.encode());
    }
  }
  for (std::span left(kept); !left.empty();) {
    const std::size_t count = left.size() < rows_in_one_insert ? 1 : rows_in_one_insert;
    std::string sql = "REPLACE INTO search_posting (term, block, people) VALUES (?, ?, ?)";
    for (std::size_t i = 1; i < count; ++i) sql += ", (?, ?, ?)";
    query insert(on, sql);
    for (const auto& [term, bytes] : left.first(count))
      insert.add(term).add(from.block).add(std::span<const std::byte>(bytes));
    insert.next();
    left = left.subspan(count);
  }
  if (empty.empty()) return;
  query remove(on, among("DELETE FROM search_posting WHERE block = ? AND term", empty.size()));
  remove.add(from.block);
  add_all(remove, std::span<const std::string_view>(empty));
  remove.next();
}

void apply(connection& on, rows_of_block& all, changes some) {
  for (const auto& one : some) all.rows.try_emplace(one.term);
  load(on, all);
  for (const auto& one : some) {
    auto& members = all.rows.find(one.term)->second;
    if (one.has) {
      members.add(place_of(one.person));
    } else {
      members.remove(place_of(one.person));
    }
  }
  write(on, all);
}

// How many of them belong to the first so many terms of the first block.
std::size_t first_part(changes sorted) {
  const auto block = block_of(sorted.front().person);
  std::size_t end = 0;
  for (std::size_t terms = 0; end < sorted.size() && block_of(sorted[end].person) == block; ++end) {
    const bool next_term = end == 0 || sorted[end].term != sorted[end - 1].term;
    if (next_term && terms++ == most_rows_at_once) break;
  }
  return end;
}

}  // namespace

void load_people(connection& on, const term_range& terms, people_set& into) {
  query rows(on, "SELECT block, people FROM search_posting WHERE term >= ? AND term < ?", terms.from,
             terms.to);
  while (rows.next()) into.add(rows.integer(0), people_block(rows.bytes(1)));
}

void change_postings(connection& on, std::vector<posting_change> all) {
  std::ranges::sort(all, [](const posting_change& a, const posting_change& b) {
    return std::tuple(block_of(a.person), std::string_view(a.term), a.person) <
           std::tuple(block_of(b.person), std::string_view(b.term), b.person);
  });
  for (changes left(all); !left.empty();) {
    const auto part = left.first(first_part(left));
    rows_of_block rows{.block = block_of(part.front().person), .rows = {}};
    apply(on, rows, part);
    left = left.subspan(part.size());
  }
}

}  // namespace dossier::stores::sql

#include "stores/sql/search/people_set.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <map>
#include <span>
#include <tuple>
#include <utility>

#include "base/expects.h"
#include "stores/sql/query.h"

namespace dossier::stores::sql {
namespace {

constexpr std::size_t words = (std::size_t{1} << block_bits) / 64;
constexpr std::size_t bytes_of_bits = words * 8;
// A list of this many people is as long as the bits. Only shorter lists are stored, so that the length shows
// which of the two forms it is.
constexpr std::size_t too_many_for_list = bytes_of_bits / 2;

std::uint64_t bit_of(std::uint16_t place) {
  return std::uint64_t{1} << (place % 64);
}

}  // namespace

people_block::people_block(std::span<const std::byte> stored) {
  const auto byte_at = [&](std::size_t i) {
    return std::to_integer<std::uint64_t>(stored[i]);
  };
  if (stored.size() == bytes_of_bits) {
    bits_.resize(words);
    for (std::size_t i = 0; i < stored.size(); ++i) bits_[i / 8] |= byte_at(i) << (i % 8 * 8);
    for (const auto word : bits_) count_ += static_cast<std::size_t>(std::popcount(word));
    return;
  }
  if (stored.size() > bytes_of_bits || stored.size() % 2 != 0) return;
  list_.resize(stored.size() / 2);
  for (std::size_t i = 0; i < list_.size(); ++i)
    list_[i] = static_cast<std::uint16_t>(byte_at(2 * i) | (byte_at(2 * i + 1) << 8));
  count_ = list_.size();
}

std::vector<std::byte> people_block::encode() const {
  std::vector<std::byte> stored;
  if (count_ >= too_many_for_list) {
    base::expects(bits_.size() == words, "a block of many people has bits");
    stored.reserve(bytes_of_bits);
    for (const auto word : bits_) {
      for (int shift = 0; shift < 64; shift += 8) stored.push_back(static_cast<std::byte>(word >> shift));
    }
    return stored;
  }
  stored.reserve(2 * count_);
  each([&](std::uint16_t place) {
    stored.push_back(static_cast<std::byte>(place));
    stored.push_back(static_cast<std::byte>(place >> 8));
  });
  return stored;
}

void people_block::use_bits() {
  if (!bits_.empty()) return;
  bits_.resize(words);
  for (const auto place : std::exchange(list_, {})) bits_[place / 64] |= bit_of(place);
}

void people_block::add(std::uint16_t place) {
  if (contains(place)) return;
  ++count_;
  if (bits_.empty() && count_ < too_many_for_list) {
    list_.insert(std::ranges::lower_bound(list_, place), place);
    return;
  }
  use_bits();
  bits_[place / 64] |= bit_of(place);
}

void people_block::remove(std::uint16_t place) {
  if (!contains(place)) return;
  --count_;
  if (bits_.empty()) {
    list_.erase(std::ranges::lower_bound(list_, place));
    base::expects(list_.size() == count_, "a list has as many people as were counted");
  } else {
    bits_[place / 64] &= ~bit_of(place);
  }
}

void people_block::add_all(const people_block& others) {
  if (bits_.empty() && others.bits_.empty() && count_ + others.count_ < too_many_for_list) {
    std::vector<std::uint16_t> both;
    both.reserve(count_ + others.count_);
    std::ranges::set_union(list_, others.list_, std::back_inserter(both));
    list_ = std::move(both);
    count_ = list_.size();
    return;
  }
  use_bits();
  if (others.bits_.empty()) {
    for (const auto place : others.list_) bits_[place / 64] |= bit_of(place);
  } else {
    for (std::size_t i = 0; i < words; ++i) bits_[i] |= others.bits_[i];
  }
  count_ = 0;
  for (const auto word : bits_) count_ += static_cast<std::size_t>(std::popcount(word));
}

void people_block::keep_common(const people_block& others) {
  if (!bits_.empty() && !others.bits_.empty()) {
    count_ = 0;
    for (std::size_t i = 0; i < words; ++i) {
      bits_[i] &= others.bits_[i];
      count_ += static_cast<std::size_t>(std::popcount(bits_[i]));
    }
    return;
  }
  std::vector<std::uint16_t> both;
  if (bits_.empty() && others.bits_.empty()) {
    std::ranges::set_intersection(list_, others.list_, std::back_inserter(both));
  } else {
    const auto& listed = bits_.empty() ? *this : others;
    const auto& longer = bits_.empty() ? others : *this;
    std::ranges::copy_if(listed.list_, std::back_inserter(both),
                         [&](std::uint16_t place) { return longer.contains(place); });
  }
  bits_.clear();
  list_ = std::move(both);
  count_ = list_.size();
}

bool people_block::contains(std::uint16_t place) const {
  if (bits_.empty()) return std::ranges::binary_search(list_, place);
  return (bits_[place / 64] & bit_of(place)) != 0;
}

void people_set::add(std::int64_t block, people_block members) {
  if (members.count() == 0) return;
  const auto [at, is_new] = blocks_.try_emplace(block);
  if (is_new) {
    at->second = std::move(members);
  } else {
    at->second.add_all(members);
  }
}

void people_set::keep_common(const people_set& others) {
  for (auto at = blocks_.begin(); at != blocks_.end();) {
    const auto same = others.blocks_.find(at->first);
    if (same != others.blocks_.end()) at->second.keep_common(same->second);
    const bool none = same == others.blocks_.end() || at->second.count() == 0;
    at = none ? blocks_.erase(at) : std::next(at);
  }
}

const people_block* people_set::find_block(std::int64_t number) const {
  const auto at = blocks_.find(number);
  return at == blocks_.end() ? nullptr : &at->second;
}

bool people_set::contains(std::int64_t id) const {
  const auto block = blocks_.find(block_of(id));
  return block != blocks_.end() && block->second.contains(place_of(id));
}

std::size_t people_set::count() const {
  std::size_t all = 0;
  for (const auto& [number, block] : blocks_) all += block.count();
  return all;
}

std::vector<std::int64_t> people_set::ids() const {
  std::vector<std::int64_t> all;
  all.reserve(count());
  for (const auto& [number, block] : blocks_) {
    block.each([&](std::uint16_t place) { all.push_back((number << block_bits) | place); });
  }
  return all;
}

std::vector<std::int64_t> people_set::after(std::int64_t id, std::size_t most) const {
  std::vector<std::int64_t> found;
  for (auto at = blocks_.lower_bound(block_of(id)); at != blocks_.end() && found.size() < most; ++at) {
    at->second.each([&](std::uint16_t place) {
      const auto one = (at->first << block_bits) | place;
      if (one > id && found.size() < most) found.push_back(one);
    });
  }
  return found;
}

std::vector<std::int64_t> people_set::before(std::int64_t id, std::size_t most) const {
  std::vector<std::int64_t> found;
  for (auto at = blocks_.upper_bound(block_of(id)); at != blocks_.begin() && found.size() < most;) {
    --at;
    std::vector<std::int64_t> here;
    at->second.each([&](std::uint16_t place) {
      const auto one = (at->first << block_bits) | place;
      if (one < id) here.push_back(one);
    });
    const auto some = std::min(here.size(), most - found.size());
    found.insert(found.end(), here.rbegin(), here.rbegin() + static_cast<std::ptrdiff_t>(some));
  }
  return found;
}

namespace {

using changes = std::span<const posting_change>;

// How many rows one statement reads. Each row has at most 8,192 bytes of people.
constexpr std::size_t most_rows_at_once = 64;
constexpr std::size_t rows_in_one_insert = 16;

// The rows of one block that are changed together, by their terms.
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

// Several rows go into one statement, because each statement is a message to a database that may be on
// another machine.
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
  base::expects(!all.rows.empty() && all.rows.size() <= most_rows_at_once,
                "1 to 64 rows are changed at once");
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

// How many of the changes belong to the first block, and there to the first most_rows_at_once terms.
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
    base::expects(!part.empty(), "some changes are made in each round");
    rows_of_block rows{.block = block_of(part.front().person), .rows = {}};
    apply(on, rows, part);
    left = left.subspan(part.size());
  }
}

}  // namespace dossier::stores::sql

// Sets of people as the search's index stores them. A block is 65,536 consecutive ids. It is stored as a
// sorted list of two bytes for each person in it, or as one bit for each id when that is shorter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "stores/sql/connection.h"
#include "stores/sql/search/search_terms.h"

namespace dossier::stores::sql {

inline constexpr int block_bits = 16;

inline std::int64_t block_of(std::int64_t id) {
  return id >> block_bits;
}
inline std::uint16_t place_of(std::int64_t id) {
  return static_cast<std::uint16_t>(id & 0xffff);
}

class people_block {
 public:
  people_block() = default;
  // Takes what encode() made; bytes of any other form make an empty block.
  explicit people_block(std::span<const std::byte> stored);

  void add(std::uint16_t place);
  void remove(std::uint16_t place);
  void add_all(const people_block& others);
  void keep_common(const people_block& others);
  bool contains(std::uint16_t place) const;
  std::size_t count() const { return count_; }

  std::vector<std::byte> encode() const;

  // Calls visit(place) for each, in order.
  template <class Visit>
  void each(Visit visit) const {
    if (bits_.empty()) {
      for (const auto place : list_) visit(place);
      return;
    }
    for (std::size_t i = 0; i < bits_.size(); ++i) {
      for (auto left = bits_[i]; left != 0; left &= left - 1)
        visit(static_cast<std::uint16_t>(i * 64 + static_cast<std::size_t>(__builtin_ctzll(left))));
    }
  }

 private:
  void use_bits();

  std::vector<std::uint16_t> list_;  // sorted; empty when there are bits
  std::vector<std::uint64_t> bits_;
  std::size_t count_ = 0;
};

class people_set {
 public:
  void add(std::int64_t block, people_block members);
  void keep_common(const people_set& others);
  bool contains(std::int64_t id) const;
  const people_block* find_block(std::int64_t number) const;  // null: nobody is in it
  std::size_t count() const;
  bool empty() const { return blocks_.empty(); }

  // All of them, in order.
  std::vector<std::int64_t> ids() const;
  // Up to `most` ids after `id` in ascending order, or before it in descending order.
  std::vector<std::int64_t> after(std::int64_t id, std::size_t most) const;
  std::vector<std::int64_t> before(std::int64_t id, std::size_t most) const;

 private:
  std::map<std::int64_t, people_block> blocks_;  // none of them empty
};

// The rows of the search's index say who has a term. There is one row for each term and block of people.

// Adds everybody who has at least one of these terms.
void load_people(connection& on, const term_range& terms, people_set& into);

struct posting_change {
  std::string term;
  std::int64_t person = 0;
  bool has = false;  // whether the person has the term from now on
};

// Makes all of these changes, and writes each row once.
void change_postings(connection& on, std::vector<posting_change> changes);

}  // namespace dossier::stores::sql

// Goes through the people of a set in an order, starting at a position, without reading all people in the
// database:
//
// When sorting by id, the set is in order already. For a number, like the age, the index has a set of people
// for each value. For a text, like the name, the index has the beginnings of the texts in order. A beginning
// that nobody in the set has is skipped. When few people have it, they are sorted by their texts; when many
// have it, they are divided by longer beginnings.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/people_query.h"
#include "stores/sql/connection.h"
#include "stores/sql/search/people_filter.h"
#include "stores/sql/search/people_set.h"

namespace dossier::stores::sql {

// The orders that people can be listed in, and walking the people in one of them.

// An order, and the direction in which it is read.
struct people_order {
  std::string column;  // of `person p`, to sort by before the id; empty: sort by id only
  bool descending = false;

  std::string by() const;
  std::string by_id() const;
  std::string beyond(const std::string& what) const;
};

people_order order_of(domain::people_sort sort, bool backwards);
// The key of a row in this order: a number or a text of that column.
parameter key_of(const query& row, int column, domain::people_sort sort);
// Whether people are sorted by a number.
bool is_by_number(domain::people_sort sort);

// A stretch of the order: all of it, the people with the same key as a position, or those beyond that key.
struct stretch {
  std::string condition;
  std::vector<parameter> values;
  std::string order_by;
};

// The place of a person in an order.
struct position {
  parameter key;  // empty where the order is that of the ids
  std::int64_t id = 0;
};

std::optional<position> position_of(const std::optional<domain::people_cursor>& cursor);

// The people beyond a position, or all people if there is none. There may be two stretches, each of them one
// range of an index, because databases do not read a single condition for both as a range.
std::vector<stretch> stretches_from(const people_order& way, const std::optional<position>& from);

// Answers the places of people in order, some at a time.
class order_walk {
 public:
  order_walk(connection& on, domain::people_sort sort, bool backwards, std::optional<position> from);

  // The next ones; fewer than `most` when there are no more.
  std::vector<position> next(std::size_t most);

 private:
  void read(const stretch& part, std::size_t most, std::vector<position>& into);

  connection& on_;
  const domain::people_sort sort_;
  const people_order way_;
  std::optional<position> at_;
};

class set_walk {
 public:
  // Takes the next ids, and answers whether it wants more.
  using taker = std::function<bool(std::span<const std::int64_t>)>;

  struct settings {
    domain::people_sort sort = domain::people_sort::newest;
    bool backwards = false;
    std::optional<position> from;
    std::size_t few = 1'000;  // up to this many people are sorted by reading their texts
  };

  set_walk(connection& on, const people_set& members, settings how, taker take);

  // Runs until all are taken, or no more are wanted.
  void run();

 private:
  struct group {
    std::string term;
    std::vector<std::int64_t> ids;  // of the set, in order
  };
  using ids = std::vector<std::int64_t>;

  bool by_id();
  bool by_number();
  bool by_text(const std::string& beginning, std::size_t level);
  bool take_texts(const group& one, std::size_t level);
  bool take_sorted(const ids& some);
  bool take_walking(const std::string& beginning);
  bool take_equal(const parameter& key, ids some);
  bool take(std::span<const std::int64_t> some);
  bool is_beyond(const parameter& key, std::int64_t id) const;
  std::vector<group> next_groups(term_range& left);

  connection& on_;
  const people_set& members_;
  const settings how_;
  const domain::field* const field_;  // that people are sorted by; null: sorted by id
  const bool descending_;
  const taker take_;
  std::size_t taken_ = 0;
};

}  // namespace dossier::stores::sql

// The orders that people can be listed in, and walking the people in one of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/people_query.h"
#include "stores/sql/connection.h"
#include "stores/sql/people_filter.h"

namespace dossier::stores::sql {

// The order asked for, and the direction it is read in.
struct people_order {
  std::string column;  // of `person p`, before the id; empty when the order is that of the ids
  bool descending = false;

  std::string by() const;
  std::string by_id() const;
  std::string beyond(const std::string& what) const;
};

people_order order_of(domain::people_sort sort, bool backwards);

// A stretch of the order: all of it, what lies at a position's key, or what lies beyond.
struct stretch {
  std::string condition;
  std::vector<parameter> values;
  std::string order_by;
};

// Where somebody stands in an order.
struct position {
  parameter key;  // empty where the order is that of the ids
  std::int64_t id = 0;
};

std::optional<position> position_of(const std::optional<domain::people_cursor>& cursor);

// What lies beyond a position; all of it without one. Two ranges of one index each, instead of one condition
// over both that databases walk in part.
std::vector<stretch> stretches_from(const people_order& way, const std::optional<position>& from);

// People in order, some at a time: where each stands.
class order_walk {
 public:
  order_walk(connection& on, domain::people_sort sort, bool backwards, std::optional<position> from);

  // Fewer than asked for: there are no more.
  std::vector<position> next(std::size_t most);

 private:
  void read(const stretch& part, std::size_t most, std::vector<position>& into);

  connection& on_;
  const domain::people_sort sort_;
  const people_order way_;
  std::optional<position> at_;
};

}  // namespace dossier::stores::sql

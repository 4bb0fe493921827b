// The people of a set, in an order, from a position on, without walking all people there are:
//
// By id the set is in order itself. By age, each age is a set in the index. By name, the index has the names'
// beginnings in order: those that none of the set has are passed over, those that few have are sorted by the
// names themselves, and those that many have are gone into, to longer beginnings.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "stores/sql/search/people_order.h"
#include "stores/sql/search/people_set.h"

namespace dossier::stores::sql {

class set_walk {
 public:
  // Takes the next ids, and answers whether it wants more.
  using taker = std::function<bool(std::span<const std::int64_t>)>;

  struct settings {
    domain::people_sort sort = domain::people_sort::newest;
    bool backwards = false;
    std::optional<position> from;
    std::size_t few = 1'000;  // people whose names are read to sort them
  };

  set_walk(connection& on, const people_set& members, settings how, taker take);

  // Until all are taken, or no more are wanted.
  void run();

 private:
  struct group {
    std::string term;
    std::vector<std::int64_t> ids;  // of the set, in order
  };
  using ids = std::vector<std::int64_t>;

  bool by_id();
  bool by_age();
  bool by_name(const std::string& beginning, std::size_t level);
  bool take_names(const group& one, std::size_t level);
  bool take_sorted(const ids& some);
  bool take_walking(const std::string& beginning);
  bool take_equal(const parameter& key, ids some);
  bool take(std::span<const std::int64_t> some);
  bool is_beyond(const parameter& key, std::int64_t id) const;
  std::vector<group> next_groups(term_range& left);

  connection& on_;
  const people_set& members_;
  const settings how_;
  const bool descending_;
  const taker take_;
  std::size_t taken_ = 0;
};

}  // namespace dossier::stores::sql

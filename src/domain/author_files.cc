#include "domain/author_files.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "base/encoding.h"
#include "base/sha256.h"
#include "base/text_policy.h"

namespace dossier::domain {
namespace {

constexpr int most_pages = 3;  // of the records, a hundred people each
constexpr std::size_t most_spellings = 20;
constexpr char of_several = '~';  // begins a `next` that says which spelling it belongs to
constexpr std::size_t mark_length = 16;

// In the order of their marks, which a `next` holds: a spelling that comes or goes leaves the others where
// they are.
using spellings = std::map<std::string, std::string>;

std::string mark_of(std::string_view name) {
  base::sha256 hash;
  hash.update(name);
  return base::to_hex(hash.finish()).substr(0, mark_length);
}

// Everybody of that name stands together in the order of names, the lowest id first.
awaitable<result<spellings>> spellings_of(records& people, const std::string& author) {
  spellings found{{mark_of(author), author}};
  const auto folded = base::fold(author);
  people_query query;
  query.sort = people_sort::name;
  query.limit = 100;
  query.cursor =
      people_cursor{.sort = people_sort::name, .backwards = false, .key = base::sort_key(author), .id = 0};
  for (int read = 0; read < most_pages; ++read) {
    auto page = co_await people.list_people(query);
    if (!page) co_return base::pass(page);
    for (const auto& who : page->items) {
      if (base::fold(who.details.name) != folded || found.size() == most_spellings) co_return found;
      found.emplace(mark_of(who.details.name), who.details.name);
    }
    if (!page->next) break;
    query.cursor = std::move(page->next);
  }
  co_return found;
}

struct position {
  std::string mark;
  std::string from;  // within that spelling
};

position position_of(const spellings& all, const std::string& author, const std::string& from) {
  if (from.empty()) return {all.begin()->first, ""};
  if (from.front() != of_several || from.size() <= mark_length) return {mark_of(author), from};
  return {from.substr(1, mark_length), from.substr(1 + mark_length)};
}

}  // namespace

awaitable<result<catalog_page>> list_author_files(records& people, catalog& items, std::string author,
                                                  std::string from, int limit) {
  auto all = co_await spellings_of(people, author);
  if (!all) co_return base::pass(all);
  if (all->size() == 1 && !from.starts_with(of_several))
    co_return co_await items.by_author(author, from, limit);
  auto at = position_of(*all, author, from);
  catalog_page shown;
  for (auto each = all->lower_bound(at.mark); each != all->end(); ++each) {
    const auto room = limit - static_cast<int>(shown.items.size());
    if (room <= 0) {
      shown.next = of_several + each->first;
      break;
    }
    auto page = co_await items.by_author(each->second, each->first == at.mark ? at.from : "", room);
    if (!page) co_return page;
    std::ranges::move(page->items, std::back_inserter(shown.items));
    if (page->next) {
      shown.next = of_several + each->first + *page->next;
      break;
    }
  }
  co_return shown;
}

}  // namespace dossier::domain

#include "domain/belonging.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/log.h"
#include "domain/catalog.h"
#include "domain/object_store.h"
#include "domain/records.h"

namespace dossier::domain {
namespace {

// Keys are random, so if the store holds any keys of these records, some are among the first that it lists.
constexpr int sample = 200;

constexpr std::string_view files = "files";
constexpr std::string_view catalog_of_files = "catalog";

std::unexpected<base::error> of_others(std::string_view what) {
  return base::fail(
      base::error_code::conflict,
      fmt::format(
          "The {0} that {1} configured belong{2} to other records than these. Name the right records or the "
          "right {0}; or run `dossier adopt`, and from then on {3} to these records.",
          what, what == files ? "are" : "is", what == files ? "" : "s",
          what == files ? "they belong" : "it belongs"));
}

std::unexpected<base::error> of_nobody_known(std::string_view what) {
  return base::fail(
      base::error_code::conflict,
      fmt::format("The {0} that {1} configured hold{2} nothing that these records know. Name the right "
                  "records or the right {0}; or run `dossier adopt`, and from then on {3} to these records.",
                  what, what == files ? "are" : "is", what == files ? "" : "s",
                  what == files ? "they belong" : "it belongs"));
}

awaitable<result<bool>> knows_some(records& people, std::vector<object_key> keys) {
  if (keys.empty()) co_return true;
  auto rows = co_await people.find_rows(std::move(keys));
  if (!rows) co_return base::pass(rows);
  co_return !rows->empty();
}

awaitable<result<bool>> have_files(records& people) {
  auto rows = co_await people.scan_files({}, sample);
  if (!rows) co_return base::pass(rows);
  co_return std::ranges::any_of(*rows, [](const file_row& row) { return row.state == file_state::stored; });
}

// If the store is empty although the records have files, a disk is not mounted or the name is wrong.
awaitable<result<bool>> may_adopt(records& people, object_store& objects) {
  auto listed = co_await objects.list({}, sample);
  if (!listed) co_return base::pass(listed);
  if (listed->empty()) {
    auto files_there = co_await have_files(people);
    if (!files_there) co_return base::pass(files_there);
    co_return !*files_there;
  }
  std::vector<object_key> keys;
  for (auto& one : *listed) keys.push_back(std::move(one.key));
  co_return co_await knows_some(people, std::move(keys));
}

// An empty catalog may be adopted: `catalog rebuild` fills it.
awaitable<result<bool>> may_adopt(records& people, catalog& items) {
  auto listed = co_await items.scan({}, sample);
  if (!listed) co_return base::pass(listed);
  std::vector<object_key> keys;
  for (auto& one : listed->items) keys.push_back(std::move(one.key));
  co_return co_await knows_some(people, std::move(keys));
}

template <class Store>
awaitable<result<void>> check(records& people, Store& store, std::string_view what, unmarked how) {
  auto who = co_await people.identity();
  if (!who) co_return base::pass(who);
  auto owner = co_await store.owner();
  if (!owner) co_return base::pass(owner);
  if (!*owner) {
    auto may = co_await may_adopt(people, store);
    if (!may) co_return base::pass(may);
    if (*may) {
      if (how == unmarked::look) co_return result<void>();
      auto claimed = co_await store.claim(*who);
      if (!claimed && claimed.error().code == base::error_code::no_space) {
        base::log_warning("no room to mark a store as belonging to these records", {{"store", what}});
        co_return result<void>();
      }
      if (!claimed) co_return base::pass(claimed);
      owner = std::move(*claimed);
    } else {
      // Meanwhile another node may have marked the store for these records and stored its first file.
      owner = co_await store.owner();
      if (!owner) co_return base::pass(owner);
      if (!*owner) co_return of_nobody_known(what);
    }
  }
  if (**owner != *who) co_return of_others(what);
  co_return result<void>();
}

}  // namespace

bool is_identity(std::string_view text) {
  return text.size() == 32 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

awaitable<result<void>> check_objects(records& people, object_store& objects, unmarked how) {
  return check(people, objects, files, how);
}

awaitable<result<void>> check_catalog(records& people, catalog& items, unmarked how) {
  return check(people, items, catalog_of_files, how);
}

awaitable<result<void>> check_stores(records& people, object_store& objects, catalog& items, unmarked how) {
  if (auto theirs = co_await check_objects(people, objects, how); !theirs) co_return theirs;
  co_return co_await check_catalog(people, items, how);
}

awaitable<result<void>> adopt_stores(records& people, object_store& objects, catalog& items) {
  auto who = co_await people.identity();
  if (!who) co_return base::pass(who);
  if (auto given = co_await objects.give(*who); !given) co_return given;
  co_return co_await items.give(*who);
}

}  // namespace dossier::domain

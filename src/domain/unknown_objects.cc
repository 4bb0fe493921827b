#include "domain/unknown_objects.h"

#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/expects.h"

namespace dossier::domain {
namespace {

constexpr int batch = 500;

// A row that was added since the objects were listed makes its object known. An object that was erased since,
// with its row, counts as unknown.
awaitable<result<std::int64_t>> unknown_among(records& people, std::vector<object_key> keys) {
  std::set<object_key> unknown(keys.begin(), keys.end());
  auto rows = co_await people.find_rows(std::move(keys));
  if (!rows) co_return base::pass(rows);
  for (const auto& row : *rows) unknown.erase(row.file.key);
  co_return static_cast<std::int64_t>(unknown.size());
}

}  // namespace

bool object_count::too_many_to_erase() const {
  base::expects(unknown >= 0 && unknown <= objects, "the unknown objects are among all of them");
  return unknown * 10 > objects;
}

awaitable<result<object_count>> count_unknown_objects(records& people, object_store& objects) {
  object_count count;
  object_key after;
  for (;;) {
    auto entries = co_await objects.list(after, batch);
    if (!entries) co_return base::pass(entries);
    if (entries->empty()) co_return count;
    after = entries->back().key;
    std::vector<object_key> keys;
    for (auto& entry : *entries) keys.push_back(std::move(entry.key));
    count.objects += static_cast<std::int64_t>(keys.size());
    auto unknown = co_await unknown_among(people, std::move(keys));
    if (!unknown) co_return base::pass(unknown);
    count.unknown += *unknown;
  }
}

awaitable<result<void>> check_unknown_objects(records& people, object_store& objects) {
  const auto count = co_await count_unknown_objects(people, objects);
  if (!count) co_return std::unexpected(count.error());
  if (!count->too_many_to_erase()) co_return result<void>();
  co_return base::fail(
      base::error_code::conflict,
      fmt::format(
          "No record names {} of the {} objects, and they would be erased. Nothing was changed. Look whether "
          "these are the right records (`dossier doctor` lists the objects); to erase the objects, say "
          "--erase-unknown.",
          count->unknown, count->objects));
}

}  // namespace dossier::domain

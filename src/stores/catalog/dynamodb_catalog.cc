#include "stores/catalog/dynamodb_catalog.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "base/expects.h"
#include "base/sha256.h"
#include "base/text.h"
#include "base/waiting.h"
#include "stores/aws_failure.h"

namespace dossier::stores {
namespace {

using aws::dynamodb::find_integer;
using aws::dynamodb::find_text;
using aws::dynamodb::item;
using aws::dynamodb::to_number;

std::string text_of(const item& from, std::string_view name) {
  const auto* text = find_text(from, name);
  return text != nullptr ? *text : std::string();
}

}  // namespace

item to_dynamodb(const domain::catalog_item& what) {
  base::expects(what.size <= std::uint64_t{INT64_MAX}, "a file's size is a number of DynamoDB");
  item all = key_of(what.key);
  if (!what.author.empty()) all.emplace(author_attribute, what.author);
  all.emplace("PersonId", to_number(what.person.value));
  all.emplace("FileId", to_number(what.file.value));
  all.emplace("Name", what.name);
  all.emplace("Size", to_number(static_cast<std::int64_t>(what.size)));
  all.emplace("Sha256", base::to_hex(what.digest));
  all.emplace("MediaType", what.media_type);
  all.emplace("CreatedAt", to_number(what.created_at.time_since_epoch().count()));
  return all;
}

std::optional<domain::catalog_item> from_dynamodb(const item& what) {
  const auto file = find_integer(what, "FileId");
  if (!file) return std::nullopt;
  domain::catalog_item read;
  read.key = {text_of(what, filename_attribute)};
  read.author = text_of(what, author_attribute);
  read.person = {find_integer(what, "PersonId").value_or(0)};
  read.file = {*file};
  read.name = text_of(what, "Name");
  read.size = static_cast<std::uint64_t>(find_integer(what, "Size").value_or(0));
  read.digest = base::digest_from_hex(text_of(what, "Sha256")).value_or(base::sha256_digest{});
  read.media_type = text_of(what, "MediaType");
  read.created_at = base::time_point(std::chrono::milliseconds(find_integer(what, "CreatedAt").value_or(0)));
  return read;
}

item mark_of(const domain::records_identity& who) {
  base::expects(domain::is_identity(who.value), "a mark names its records");
  item mark = key_of({std::string(mark_key)});
  mark.emplace(mark_attribute, who.value);
  return mark;
}

item key_of(const domain::object_key& key) {
  base::expects(!key.value.empty(), "an item has a key");
  item only;
  only.emplace(filename_attribute, key.value);
  return only;
}

namespace {

using base::error_code;
using base::result;
using domain::catalog_item;
using domain::catalog_page;
using domain::object_key;
using domain::records_identity;
namespace dynamodb = aws::dynamodb;

constexpr std::size_t longest_key = 1024;  // bytes, DynamoDB's limit for a range key
constexpr int largest_page = 1000;
constexpr int batch_attempts = 5;
constexpr std::chrono::milliseconds first_wait{50};  // doubled each time

// A random time between half of the wait and all of it, so that many nodes that wait do not all go on at
// once.
std::chrono::milliseconds at_least_half(std::chrono::milliseconds wait) {
  thread_local std::minstd_rand random{std::random_device()()};
  return std::chrono::milliseconds(
      std::uniform_int_distribution<std::int64_t>(wait.count() / 2, wait.count())(random));
}

// A page's `next` is the encoded key of its last item.
std::string encode_place(const object_key& last) {
  return base::base64url_encode(last.value);
}

result<std::optional<object_key>> decode_place(const std::string& from) {
  if (from.empty()) return std::nullopt;
  auto key = base::base64url_decode(from);
  if (!key || key->empty() || key->size() > longest_key || !base::is_valid_utf8(*key)) {
    return base::fail(error_code::invalid, "That is no page of this list. Start at the first one.");
  }
  return object_key{std::move(*key)};
}

}  // namespace

dynamodb_catalog::dynamodb_catalog(aws::client& via, dynamodb::table table, std::string author_index,
                                   base::call_observer observer)
    : client_(via),
      table_(std::move(table)),
      author_index_(std::move(author_index)),
      calls_("catalog", std::move(observer)) {}

awaitable<result<void>> dynamodb_catalog::send(aws::request what) {
  const auto answer = co_await client_.call(std::move(what));
  if (!answer) co_return store_failed(answer.error());
  co_return result<void>();
}

awaitable<result<void>> dynamodb_catalog::put(catalog_item item) {
  co_return co_await calls_.run("put", send(dynamodb::put_item(table_, to_dynamodb(item))));
}

// When too much comes at once, DynamoDB may do a part of a batch and return the rest.
awaitable<result<void>> dynamodb_catalog::write_batch(dynamodb::batch what) {
  base::expects(!what.puts.empty() && what.puts.size() <= dynamodb::batch_limit, "a batch has 1 to 25 items");
  auto wait = first_wait;
  for (int attempt = 0; attempt < batch_attempts; ++attempt) {
    if (attempt > 0) {
      base::sleeper pause;
      co_await pause.sleep(at_least_half(wait));
      wait *= 2;
    }
    const auto answer = co_await client_.call(dynamodb::batch_write(table_, what));
    if (!answer) co_return store_failed(answer.error());
    auto left = dynamodb::parse_unprocessed(*answer);
    if (!left) co_return store_failed(left.error());
    if (left->empty()) co_return result<void>();
    if (!left->deletes.empty() || left->puts.size() > what.puts.size())
      co_return store_failed(aws::invalid_answer("more is left of a batch than was sent"));
    what = std::move(*left);
  }
  co_return base::fail(error_code::unavailable, "The catalog has too much to do. Try again in a moment.");
}

awaitable<result<void>> dynamodb_catalog::write_all(std::vector<catalog_item> items) {
  for (std::size_t first = 0; first < items.size(); first += dynamodb::batch_limit) {
    dynamodb::batch what;
    const auto last = std::min(items.size(), first + dynamodb::batch_limit);
    for (auto i = first; i < last; ++i) what.puts.push_back(to_dynamodb(items[i]));
    auto written = co_await write_batch(std::move(what));
    if (!written) co_return written;
  }
  co_return result<void>();
}

awaitable<result<void>> dynamodb_catalog::put_all(std::vector<catalog_item> items) {
  if (items.size() == 1) co_return co_await put(std::move(items.front()));
  co_return co_await calls_.run("put_all", write_all(std::move(items)));
}

awaitable<result<void>> dynamodb_catalog::erase(object_key key) {
  co_return co_await calls_.run("erase", send(dynamodb::delete_item(table_, key_of(key))));
}

awaitable<result<std::optional<catalog_item>>> dynamodb_catalog::get(object_key key) {
  const auto answer = co_await client_.call(dynamodb::get_item(table_, key_of(key)));
  if (!answer) co_return store_failed(answer.error());
  const auto found = dynamodb::parse_item(*answer);
  if (!found) co_return store_failed(found.error());
  if (!*found) co_return std::nullopt;
  co_return from_dynamodb(**found);
}

awaitable<result<std::optional<catalog_item>>> dynamodb_catalog::find(object_key key) {
  co_return co_await calls_.run("find", get(std::move(key)));
}

// Reads one item more than the page holds, to know whether there is a next page.
awaitable<result<catalog_page>> dynamodb_catalog::read_page(page_request ask, dynamodb::item start,
                                                            int limit) {
  base::expects(limit > 0, "a page has room for an item");
  catalog_page page;
  bool nothing_yet = false;  // a table may have many items that are not Dossier's
  do {
    const int wanted = nothing_yet ? largest_page : limit + 1 - static_cast<int>(page.items.size());
    const auto answer = co_await client_.call(ask(start, wanted));
    if (!answer) co_return store_failed(answer.error());
    auto part = dynamodb::parse_page(*answer);
    if (!part) co_return store_failed(part.error());
    for (const auto& one : part->items) {
      if (auto ours = from_dynamodb(one)) page.items.push_back(std::move(*ours));
    }
    start = std::move(part->next);
    nothing_yet = page.items.empty();
  } while (!start.empty() && std::ssize(page.items) <= limit);
  if (std::ssize(page.items) > limit) {
    page.items.resize(static_cast<std::size_t>(limit));
    page.next = encode_place(page.items.back().key);
  }
  base::expects(std::ssize(page.items) <= limit, "a page has no more items than were asked for");
  co_return page;
}

awaitable<result<catalog_page>> dynamodb_catalog::author_page(std::string author, std::string from,
                                                              int limit) {
  if (author.empty()) co_return catalog_page();
  auto place = decode_place(from);
  if (!place) co_return base::pass(place);
  dynamodb::item start;
  if (*place) {
    start = key_of(**place);
    start.emplace(author_attribute, author);
  }
  dynamodb::query_options options{
      .index = author_index_,
      .key_condition = {.text = "#author = :author", .names = {{"#author", std::string(author_attribute)}}}};
  options.key_condition.values.emplace(":author", std::move(author));
  page_request ask = [&table = table_, options](const dynamodb::item& at, int count) {
    auto next = options;
    next.start = at;
    next.limit = count;
    return dynamodb::query(table, next);
  };
  co_return co_await read_page(std::move(ask), std::move(start), limit);
}

awaitable<result<catalog_page>> dynamodb_catalog::any_page(std::string from, int limit) {
  auto place = decode_place(from);
  if (!place) co_return base::pass(place);
  page_request ask = [&table = table_](const dynamodb::item& at, int count) {
    return dynamodb::scan(table, at, count);
  };
  co_return co_await read_page(std::move(ask), *place ? key_of(**place) : dynamodb::item(), limit);
}

awaitable<result<catalog_page>> dynamodb_catalog::by_author(std::string author, std::string from, int limit) {
  co_return co_await calls_.run(
      "by_author", author_page(std::move(author), std::move(from), std::clamp(limit, 1, largest_page)));
}

awaitable<result<catalog_page>> dynamodb_catalog::scan(std::string from, int limit) {
  co_return co_await calls_.run("scan", any_page(std::move(from), std::clamp(limit, 1, largest_page)));
}

awaitable<result<std::optional<records_identity>>> dynamodb_catalog::read_mark() {
  const auto answer = co_await client_.call(dynamodb::get_item(table_, key_of({std::string(mark_key)})));
  if (!answer) co_return store_failed(answer.error());
  const auto found = dynamodb::parse_item(*answer);
  if (!found) co_return store_failed(found.error());
  if (!*found) co_return std::nullopt;
  const auto* text = dynamodb::find_text(**found, mark_attribute);
  if (text == nullptr || !domain::is_identity(*text)) {
    co_return base::fail(
        error_code::internal,
        "The catalog's mark (dossier-records), which says which records it belongs to, cannot be understood. "
        "If it belongs to these records, run `dossier adopt`.");
  }
  co_return records_identity{*text};
}

awaitable<result<records_identity>> dynamodb_catalog::claim_mark(records_identity who) {
  auto there = co_await read_mark();
  if (there && !*there) {
    const dynamodb::expression absent{.text = "attribute_not_exists(#key)",
                                      .names = {{"#key", std::string(filename_attribute)}}};
    const auto answer = co_await client_.call(dynamodb::put_item(table_, mark_of(who), absent));
    if (!answer && answer.error().kind != error_code::stale) co_return store_failed(answer.error());
    there = co_await read_mark();
  }
  if (!there) co_return base::pass(there);
  if (!*there) co_return base::fail(error_code::unavailable, "The table does not keep what is put there.");
  co_return std::move(**there);
}

awaitable<result<std::optional<records_identity>>> dynamodb_catalog::owner() {
  co_return co_await calls_.run("owner", read_mark());
}

awaitable<result<records_identity>> dynamodb_catalog::claim(records_identity who) {
  co_return co_await calls_.run("claim", claim_mark(std::move(who)));
}

awaitable<result<void>> dynamodb_catalog::give(records_identity who) {
  co_return co_await calls_.run("give", send(dynamodb::put_item(table_, mark_of(who))));
}

// The item need not exist. This needs only the permission dynamodb:GetItem.
awaitable<result<void>> dynamodb_catalog::ask_table() {
  const auto found = co_await get({"dossier-check"});
  if (!found) co_return std::unexpected(found.error());
  co_return result<void>();
}

awaitable<result<void>> dynamodb_catalog::check() {
  co_return co_await calls_.run("check", ask_table());
}

}  // namespace dossier::stores

#include "stores/objects/s3_objects.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include "aws/services/s3.h"
#include "base/expects.h"
#include "stores/aws_failure.h"
#include "stores/objects/folder_mark.h"
#include "stores/objects/object_folder.h"
#include "stores/objects/s3_reader.h"

namespace dossier::stores {
namespace {

using base::error_code;
using base::result;
using domain::records_identity;
namespace s3 = aws::s3;

std::string name_in(const s3_place& place) {
  return place.prefix + std::string(mark_name);
}

// There was a mark already, or another node wrote one at the same time.
bool is_there_already(const aws::error& failed) {
  return failed.kind == error_code::stale || failed.kind == error_code::conflict;
}

// The answers of S3 clones that do not know conditional writes.
bool knows_no_conditions(const aws::error& failed) {
  return failed.code == "NotImplemented" || failed.code == "InvalidArgument" || failed.status == 501;
}

aws::request put_text(const s3_place& place, const std::string& text) {
  const s3::payload what{
      .bytes = aws::text_body(text), .digest = base::sha256_of(text), .send_checksum = place.checksums};
  return s3::put_object(place.bucket, name_in(place), place.traits, what);
}

}  // namespace

awaitable<result<std::optional<records_identity>>> s3_mark::read() {
  const auto answer = co_await client_.call(s3::get_object(place_.bucket, name_in(place_)));
  if (!answer) {
    if (answer.error().kind == error_code::not_found) co_return std::nullopt;
    co_return store_failed(answer.error());
  }
  auto who = parse_mark(answer->body);
  if (!who) co_return base::pass(who);
  co_return std::move(*who);
}

awaitable<result<void>> s3_mark::write(records_identity who, bool replace) {
  const auto text = text_of_mark(who);
  auto put = put_text(place_, text);
  if (!replace) put.headers.push_back({"If-None-Match", "*"});
  auto answer = co_await client_.call(std::move(put));
  if (!answer && !replace && knows_no_conditions(answer.error())) {
    answer = co_await client_.call(put_text(place_, text));
  }
  if (!answer && !(!replace && is_there_already(answer.error()))) co_return store_failed(answer.error());
  co_return result<void>();
}

namespace {

using domain::object_entry;
using domain::object_key;

std::unexpected<base::error> not_a_key() {
  return base::fail(error_code::internal, "That is not an object's key.");
}

// Empty when the name is not that of an object of Dossier.
std::optional<object_key> key_in(const s3_place& place, std::string_view name) {
  if (!name.starts_with(place.prefix)) return std::nullopt;
  object_key key{std::string(name.substr(place.prefix.size()))};
  if (!is_object_key(key)) return std::nullopt;
  return key;
}

bool is_mark_of(const s3_place& place, std::string_view name) {
  return name.starts_with(place.prefix) && name.substr(place.prefix.size()) == mark_name;
}

// The source of an empty object.
class nothing final : public base::byte_source {
 public:
  awaitable<result<base::byte_view>> next() override { co_return base::byte_view(); }
};

}  // namespace

s3_objects::s3_objects(aws::client& via, s3_place place, upload_options options, base::blocking_pool& pool,
                       link_options links, base::call_observer observer)
    : client_(via),
      place_(std::move(place)),
      means_(via, pool, std::move(options)),
      eraser_(via, place_),
      mark_(via, place_),
      links_(links),
      calls_("objects", std::move(observer)) {
  base::expects(!place_.bucket.name.empty(), "a bucket has a name");
  base::expects(place_.prefix.empty() || place_.prefix.ends_with('/'), "a prefix ends with a slash");
}

s3_objects::~s3_objects() = default;

awaitable<result<void>> s3_objects::put(object_key key, base::byte_source& bytes) {
  if (!is_object_key(key)) co_return not_a_key();
  co_return co_await calls_.run_pulling("put", bytes, [&](base::byte_source& source) {
    return upload_to_s3(means_, place_, place_.name_of(key), source);
  });
}

awaitable<result<std::unique_ptr<base::byte_source>>> s3_objects::open_range(const object_key& key,
                                                                             std::uint64_t offset,
                                                                             std::uint64_t length) {
  if (length == 0) {
    // With an offset above zero, the object's size has to be looked up.
    if (offset > 0) {
      const auto size = co_await size_of(key);
      if (!size) co_return std::unexpected(size.error());
      if (!*size) co_return base::fail(error_code::not_found, "The file's bytes are not there.");
      if (offset > **size) co_return base::fail(error_code::internal, "The file's bytes are not all there.");
    }
    co_return std::make_unique<nothing>();
  }
  auto reader = co_await s3_reader::open(
      client_, {.bucket = place_.bucket, .name = place_.name_of(key), .offset = offset, .length = length});
  if (!reader) co_return base::pass(reader);
  co_return std::move(*reader);
}

// Opening an object that is missing counts as a failure: the file's row says that it exists.
awaitable<result<std::unique_ptr<base::byte_source>>> s3_objects::open(object_key key, std::uint64_t offset,
                                                                       std::uint64_t length) {
  if (!is_object_key(key)) co_return not_a_key();
  co_return co_await calls_.run("open", open_range(key, offset, length));
}

awaitable<result<std::optional<std::string>>> s3_objects::link(object_key key, domain::link_headers shown) {
  if (!is_object_key(key)) co_return not_a_key();
  if (links_.valid.count() == 0) co_return std::nullopt;
  auto url = co_await client_.presigned(s3::get_object_as(place_.bucket, place_.name_of(key),
                                                          {.content_type = shown.content_type,
                                                           .content_disposition = shown.content_disposition}),
                                        links_.valid);
  if (!url) co_return store_failed(url.error());
  co_return std::move(*url);
}

awaitable<result<void>> s3_objects::erase(object_key key) {
  if (!is_object_key(key)) co_return not_a_key();
  co_return co_await calls_.run("erase", eraser_.erase(place_.name_of(key)));
}

awaitable<result<std::optional<std::uint64_t>>> s3_objects::size_of(const object_key& key) {
  const auto answer = co_await client_.call(s3::head_object(place_.bucket, place_.name_of(key)));
  if (answer) {
    const auto head = s3::parse_head(*answer);
    if (!head) co_return store_failed(head.error());
    co_return head->size;
  }
  if (answer.error().kind != error_code::not_found) co_return store_failed(answer.error());
  // The answer to HEAD is the same for a missing object and a missing bucket, because it has no body.
  if (auto there = co_await ask_bucket(); !there) co_return base::pass(there);
  co_return std::nullopt;
}

awaitable<result<std::optional<std::uint64_t>>> s3_objects::stat(object_key key) {
  if (!is_object_key(key)) co_return not_a_key();
  co_return co_await calls_.run("stat", size_of(key));
}

// Skips objects under the prefix that are not Dossier's.
awaitable<result<std::vector<object_entry>>> s3_objects::list_some(const object_key& after,
                                                                   std::size_t limit) {
  base::expects(limit > 0, "a list has room for an object");
  std::vector<object_entry> entries;
  auto last = place_.name_of(after);
  for (bool more = true; more && entries.empty();) {
    const auto answer = co_await client_.call(s3::list_objects(
        place_.bucket, place_.prefix, last, static_cast<int>(std::min<std::size_t>(limit, 1000))));
    if (!answer) co_return store_failed(answer.error());
    const auto listed = s3::parse_objects(*answer);
    if (!listed) co_return store_failed(listed.error());
    for (const auto& object : listed->objects) {
      if (auto key = key_in(place_, object.key)) entries.push_back({std::move(*key), object.size});
    }
    more = listed->more && !listed->objects.empty();
    if (more) last = listed->objects.back().key;
  }
  co_return entries;
}

awaitable<result<std::vector<object_entry>>> s3_objects::list(object_key after, int limit) {
  co_return co_await calls_.run("list", list_some(after, static_cast<std::size_t>(std::max(limit, 1))));
}

awaitable<result<domain::object_remains>> s3_objects::look_for_remains(std::size_t limit) {
  domain::object_remains found;
  std::optional<s3::list_marker> marker = s3::list_marker{};
  while (marker && found.unfinished.size() < limit) {
    const auto answer =
        co_await client_.call(s3::list_multipart_uploads(place_.bucket, place_.prefix, *marker));
    if (!answer) co_return store_failed(answer.error());
    const auto listed = s3::parse_uploads(*answer);
    if (!listed) co_return store_failed(listed.error());
    // One key may have several uploads.
    for (const auto& upload : listed->uploads) {
      auto key = key_in(place_, upload.key);
      const bool is_new = key && std::ranges::find(found.unfinished, *key) == found.unfinished.end();
      if (is_new && found.unfinished.size() < limit) {
        found.unfinished.push_back(std::move(*key));
      }
    }
    marker = listed->next;
  }
  std::string last;
  for (bool more = true; more && found.strangers.size() < limit;) {
    const auto answer = co_await client_.call(s3::list_objects(place_.bucket, place_.prefix, last));
    if (!answer) co_return store_failed(answer.error());
    const auto listed = s3::parse_objects(*answer);
    if (!listed) co_return store_failed(listed.error());
    for (const auto& object : listed->objects) {
      const bool ours = key_in(place_, object.key) || is_mark_of(place_, object.key);
      if (!ours && found.strangers.size() < limit) {
        found.strangers.push_back(printable(object.key));
      }
    }
    more = listed->more && !listed->objects.empty();
    if (more) last = listed->objects.back().key;
  }
  co_return found;
}

awaitable<result<domain::object_remains>> s3_objects::remains(int limit) {
  co_return co_await calls_.run("remains", look_for_remains(static_cast<std::size_t>(std::max(limit, 1))));
}

awaitable<result<std::optional<domain::records_identity>>> s3_objects::owner() {
  co_return co_await calls_.run("owner", mark_.read());
}

awaitable<result<domain::records_identity>> s3_objects::claim_mark(domain::records_identity who) {
  auto there = co_await mark_.read();
  if (there && !*there) {
    if (auto written = co_await mark_.write(who, false); !written) co_return base::pass(written);
    there = co_await mark_.read();
  }
  if (!there) co_return base::pass(there);
  if (!*there) co_return base::fail(error_code::unavailable, "The bucket does not keep what is put there.");
  co_return std::move(**there);
}

awaitable<result<domain::records_identity>> s3_objects::claim(domain::records_identity who) {
  co_return co_await calls_.run("claim", claim_mark(std::move(who)));
}

awaitable<result<void>> s3_objects::give(domain::records_identity who) {
  co_return co_await calls_.run("give", mark_.write(std::move(who), true));
}

// Needs the permission s3:ListBucket. So does every call that has to find out that an object is missing.
awaitable<result<void>> s3_objects::ask_bucket() {
  const auto answer = co_await client_.call(s3::head_bucket(place_.bucket));
  if (!answer) co_return store_failed(answer.error());
  co_return result<void>();
}

awaitable<result<void>> s3_objects::check() {
  co_return co_await calls_.run("check", ask_bucket());
}

}  // namespace dossier::stores

#include "stores/objects/s3_objects.h"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "aws/s3.h"
#include "stores/aws_failure.h"
#include "stores/objects/folder_mark.h"
#include "stores/objects/object_folder.h"
#include "stores/objects/remembering_source.h"
#include "stores/objects/s3_reader.h"

namespace dossier::stores {
namespace {

using base::error_code;
using base::result;
using domain::object_entry;
using domain::object_key;
namespace s3 = aws::s3;

std::unexpected<base::error> not_a_key() {
  return base::fail(error_code::internal, "That is not an object's key.");
}

// Nothing when it is the name of none of ours.
std::optional<object_key> key_in(const s3_place& place, std::string_view name) {
  if (!name.starts_with(place.prefix)) return std::nullopt;
  object_key key{std::string(name.substr(place.prefix.size()))};
  if (!is_object_key(key)) return std::nullopt;
  return key;
}

bool is_mark_of(const s3_place& place, std::string_view name) {
  return name.starts_with(place.prefix) && name.substr(place.prefix.size()) == mark_name;
}

// What is read of an empty object.
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
      observer_(std::move(observer)) {}

s3_objects::~s3_objects() = default;

void s3_objects::tell(const char* operation, std::chrono::steady_clock::time_point start, bool worked) const {
  if (observer_) observer_("objects", operation, std::chrono::steady_clock::now() - start, worked);
}

// An object that is opened and is not there has failed, too: its row says that it is.
template <class Answer>
awaitable<result<Answer>> s3_objects::observed(const char* operation, awaitable<result<Answer>> work) {
  const auto start = std::chrono::steady_clock::now();
  auto answer = co_await std::move(work);
  tell(operation, start, answer.has_value());
  co_return answer;
}

awaitable<result<void>> s3_objects::put(object_key key, base::byte_source& bytes) {
  if (!is_object_key(key)) co_return not_a_key();
  const auto start = std::chrono::steady_clock::now();
  remembering_source source(bytes);
  auto answer = co_await upload_to_s3(means_, place_, place_.name_of(key), source);
  // A client that went away, or sends too much: the store did all that it was asked.
  tell("put", start, answer || source.failed());
  co_return answer;
}

awaitable<result<std::unique_ptr<base::byte_source>>> s3_objects::open_range(const object_key& key,
                                                                             std::uint64_t offset,
                                                                             std::uint64_t length) {
  if (length == 0) {
    // Only past the start it takes a look to know that the object is so long.
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

awaitable<result<std::unique_ptr<base::byte_source>>> s3_objects::open(object_key key, std::uint64_t offset,
                                                                       std::uint64_t length) {
  if (!is_object_key(key)) co_return not_a_key();
  co_return co_await observed("open", open_range(key, offset, length));
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
  co_return co_await observed("erase", eraser_.erase(place_.name_of(key)));
}

awaitable<result<std::optional<std::uint64_t>>> s3_objects::size_of(const object_key& key) {
  const auto answer = co_await client_.call(s3::head_object(place_.bucket, place_.name_of(key)));
  if (answer) {
    const auto head = s3::parse_head(*answer);
    if (!head) co_return store_failed(head.error());
    co_return head->size;
  }
  if (answer.error().kind != error_code::not_found) co_return store_failed(answer.error());
  // The answer has no body that tells an object that is not there from a bucket that is not.
  if (auto there = co_await ask_bucket(); !there) co_return base::pass(there);
  co_return std::nullopt;
}

awaitable<result<std::optional<std::uint64_t>>> s3_objects::stat(object_key key) {
  if (!is_object_key(key)) co_return not_a_key();
  co_return co_await observed("stat", size_of(key));
}

// What else lies under the prefix is not ours.
awaitable<result<std::vector<object_entry>>> s3_objects::list_some(const object_key& after,
                                                                   std::size_t limit) {
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
  co_return co_await observed("list", list_some(after, static_cast<std::size_t>(std::max(limit, 1))));
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
    // There may be several of one key.
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
  co_return co_await observed("remains", look_for_remains(static_cast<std::size_t>(std::max(limit, 1))));
}

awaitable<result<std::optional<domain::records_identity>>> s3_objects::owner() {
  co_return co_await observed("owner", mark_.read());
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
  co_return co_await observed("claim", claim_mark(std::move(who)));
}

awaitable<result<void>> s3_objects::give(domain::records_identity who) {
  co_return co_await observed("give", mark_.write(std::move(who), true));
}

// Needs s3:ListBucket, as does knowing that an object is not there.
awaitable<result<void>> s3_objects::ask_bucket() {
  const auto answer = co_await client_.call(s3::head_bucket(place_.bucket));
  if (!answer) co_return store_failed(answer.error());
  co_return result<void>();
}

awaitable<result<void>> s3_objects::check() {
  co_return co_await observed("check", ask_bucket());
}

}  // namespace dossier::stores

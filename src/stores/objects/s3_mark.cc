#include "stores/objects/s3_mark.h"

#include <string>

#include "aws/s3.h"
#include "stores/aws_failure.h"
#include "stores/objects/folder_mark.h"

namespace dossier::stores {
namespace {

using base::error_code;
using base::result;
using domain::records_identity;
namespace s3 = aws::s3;

std::string name_in(const s3_place& place) {
  return place.prefix + std::string(mark_name);
}

// Another one was there, or came at the same time.
bool is_there_already(const aws::error& failed) {
  return failed.kind == error_code::stale || failed.kind == error_code::conflict;
}

// Clones of S3 that know no conditions on writing.
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

}  // namespace dossier::stores

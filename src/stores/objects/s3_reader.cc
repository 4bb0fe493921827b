#include "stores/objects/s3_reader.h"

#include <algorithm>
#include <utility>

#include "base/expects.h"
#include "base/log.h"
#include "stores/aws_failure.h"

namespace dossier::stores {
namespace {

using base::byte_view;
using base::error_code;
using base::result;
namespace s3 = aws::s3;

// A download is given up when it breaks off more often than this, with fewer bytes than this in between.
constexpr int most_tries = 3;
constexpr std::uint64_t goes_on_well = std::uint64_t{1} << 20;

std::unexpected<base::error> not_all_there() {
  return base::fail(error_code::internal, "The file's bytes are not all there.");
}

}  // namespace

s3_reader::s3_reader(aws::client& via, s3_stretch what) : client_(via), left_(std::move(what)) {
  base::expects(left_.length > 0, "a stretch has at least one byte");
}

awaitable<result<std::unique_ptr<s3_reader>>> s3_reader::open(aws::client& via, s3_stretch what) {
  if (what.length > ~what.offset) co_return not_all_there();
  auto reader = std::make_unique<s3_reader>(via, std::move(what));
  auto asked = co_await reader->ask();
  if (!asked) co_return base::pass(asked);
  co_return reader;
}

awaitable<result<void>> s3_reader::ask() {
  const s3::byte_range range{left_.offset, left_.length};
  auto request = s3::get_object(left_.bucket, left_.name, range);
  if (!etag_.empty()) request.headers.push_back({"If-Match", etag_});
  auto answer = co_await client_.open(std::move(request));
  if (!answer) {
    const auto& why = answer.error();
    if (why.kind == error_code::not_found) {
      co_return base::fail(error_code::not_found, "The file's bytes are not there.");
    }
    if (why.status == 416) co_return not_all_there();
    co_return store_failed(why);
  }
  if (auto checked = check_head(*answer); !checked) co_return checked;
  if (const auto* etag = answer->find("ETag"); etag != nullptr && etag_.empty()) etag_ = *etag;
  body_ = std::move(answer->body);
  co_return result<void>();
}

// Without this check, bytes from another place in the object could be taken for the requested ones.
result<void> s3_reader::check_head(const aws::streamed_response& head) const {
  const auto size = s3::parse_object_size(head.headers);
  if (!size) return store_failed(size.error());
  if (left_.offset + left_.length > *size) return not_all_there();
  if (head.status != 206) {
    if (left_.offset == 0 && left_.length == *size) return {};
    return store_failed(aws::invalid_answer("a range was asked for, the whole object came"));
  }
  const auto range = s3::parse_content_range(head.headers);
  if (!range) return store_failed(range.error());
  if (range->first != left_.offset) {
    return store_failed(aws::invalid_answer("another range came than was asked for"));
  }
  return {};
}

awaitable<result<byte_view>> s3_reader::next() {
  while (left_.length > 0) {
    base::expects(body_ != nullptr, "a reader that is read is open and has not failed");
    auto view = co_await body_->next();
    if (view && !view->empty()) {
      const auto bytes = view->first(std::min<std::uint64_t>(view->size(), left_.length));
      left_.offset += bytes.size();
      left_.length -= bytes.size();
      went_on_ += bytes.size();
      co_return bytes;
    }
    body_.reset();
    if (std::exchange(went_on_, 0) >= goes_on_well) tries_ = 0;
    if (++tries_ > most_tries) {
      if (!view) co_return base::pass(view);
      co_return not_all_there();
    }
    base::log_info("a download broke off and is taken up again",
                   {{"object", left_.name}, {"bytes_left", left_.length}});
    if (auto asked = co_await ask(); !asked) co_return base::pass(asked);
  }
  body_.reset();
  co_return byte_view();
}

}  // namespace dossier::stores

#include "stores/objects/s3_upload.h"

#include <algorithm>
#include <exception>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/expects.h"
#include "base/log.h"
#include "base/sha256.h"
#include "base/waiting.h"
#include "stores/aws_failure.h"
#include "stores/objects/piece.h"
#include "stores/objects/staging.h"

namespace dossier::stores {

using aws::s3::uploaded_part;
using base::result;

// Shared with every running part, because a part may outlive its parallel_parts.
struct parallel_parts::state {
  void end(std::list<asio::cancellation_signal>::iterator which) {
    // The signal is not destroyed here: the part may have ended in the middle of its emit().
    ended.splice(ended.end(), running, which);
    changed.wake();
  }

  std::vector<uploaded_part> arrived;
  std::optional<base::error> failure;
  std::exception_ptr thrown;
  std::list<asio::cancellation_signal> running;
  std::list<asio::cancellation_signal> ended;
  base::sleeper changed;
};

parallel_parts::parallel_parts() : state_(std::make_shared<state>()) {}

parallel_parts::~parallel_parts() = default;

awaitable<void> parallel_parts::start(awaitable<result<uploaded_part>> part) {
  const auto executor = co_await asio::this_coro::executor;
  state_->ended.clear();
  const auto mine = state_->running.emplace(state_->running.end());
  auto ended = [state = state_, mine](const std::exception_ptr& thrown, result<uploaded_part> answer) {
    if (thrown) {
      if (!state->thrown) state->thrown = thrown;
    } else if (answer) {
      state->arrived.push_back(std::move(*answer));
    } else if (!state->failure) {
      state->failure = std::move(answer.error());
    }
    state->end(mine);
  };
  asio::co_spawn(executor, std::move(part), asio::bind_cancellation_slot(mine->slot(), std::move(ended)));
}

awaitable<void> parallel_parts::wait_below(int count) {
  base::expects(count > 0, "a wait for parts can come to its end");
  while (std::ssize(state_->running) >= count) co_await state_->changed.sleep(std::chrono::hours(1));
  if (state_->thrown) std::rethrow_exception(state_->thrown);
}

awaitable<void> parallel_parts::cancel() {
  for (auto at = state_->running.begin(); at != state_->running.end();) {
    auto& signal = *at++;
    signal.emit(asio::cancellation_type::terminal);
  }
  while (!state_->running.empty()) co_await state_->changed.sleep(std::chrono::hours(1));
}

const base::error* parallel_parts::failure() const {
  return state_->failure ? &*state_->failure : nullptr;
}

std::vector<uploaded_part> parallel_parts::arrived() const {
  auto all = state_->arrived;
  std::ranges::sort(all, {}, &uploaded_part::number);
  return all;
}

namespace {

using aws::s3::payload;
using staged_ptr = std::shared_ptr<const staged_part>;
namespace s3 = aws::s3;

constexpr int most_parts = 10'000;
constexpr int parts_before_doubling = 1'000;
constexpr std::uint64_t largest_part = std::uint64_t{5} << 30;  // S3's limit
constexpr std::chrono::seconds abort_limit{5};
constexpr std::chrono::seconds look_limit{5};  // of one attempt
constexpr std::uint64_t slowest = 64 << 10;    // bytes a second
// While other uploads wait for room, a client may send nothing for a fifth of `wait`.
constexpr int patience_of_disk = 5;
constexpr int disk_patience = 3;               // an upload waits this many times `wait` for disk
constexpr std::chrono::seconds when_busy{10};  // the client may try again after this time
constexpr auto too_slow =
    "This file came too slowly, while others waited for its room. Send it again in a moment.";

std::unexpected<base::error> busy(const char* why) {
  return std::unexpected(base::error{base::error_code::unavailable, why, {}, when_busy});
}

// The coroutine owns what it sends, because the upload may end first.
awaitable<result<uploaded_part>> send_part(upload_means& means, aws::request what, uploaded_part sent,
                                           staged_ptr part) {
  const auto place = co_await means.sends.take(1);
  const auto answer = co_await means.client.call(std::move(what));
  co_await means.pool.run([&] { part.reset(); });  // freeing its blocks takes the disk a while
  if (!answer) co_return store_failed(answer.error());
  auto stored = s3::parse_stored(*answer);
  if (!stored) co_return store_failed(stored.error());
  sent.etag = std::move(stored->etag);
  co_return sent;
}

class upload {
 public:
  upload(upload_means& means, const s3_place& place, std::string name, base::byte_source& bytes)
      : means_(means), place_(place), name_(std::move(name)), source_(bytes), gathered_(first_piece()) {}

  awaitable<result<void>> run();

 private:
  awaitable<result<void>> send();
  awaitable<result<void>> send_gathered();
  awaitable<result<void>> send_parts();
  awaitable<result<std::shared_ptr<staged_part>>> stage(std::uint64_t size);
  awaitable<result<void>> append(staged_part& part, base::byte_view bytes);
  awaitable<result<void>> send_whole(payload what);
  awaitable<result<void>> begin_parts();
  awaitable<void> start_part(int number, staged_ptr part);
  awaitable<result<void>> complete();
  awaitable<bool> is_complete(std::size_t parts);
  awaitable<void> give_up();
  std::size_t first_piece() const {
    return static_cast<std::size_t>(std::min<std::uint64_t>(means_.sizes.piece, means_.sizes.part));
  }

  upload_means& means_;
  const s3_place& place_;
  std::string name_;
  pulled_bytes source_;
  piece gathered_;
  std::optional<quota::share> memory_;  // for gathered_
  std::uint64_t total_ = 0;
  std::string upload_id_;  // empty: nothing that needs to be aborted
  parallel_parts line_;
};

awaitable<result<void>> upload::run() {
  result<void> done;
  std::exception_ptr thrown;
  try {
    done = co_await send();
  } catch (...) {
    thrown = std::current_exception();
  }
  if (!thrown && done) co_return done;
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  co_await give_up();
  if (thrown) std::rethrow_exception(thrown);
  co_return done;
}

awaitable<result<void>> upload::send() {
  // A client that has sent nothing yet takes no memory.
  if (const auto any = co_await source_.more(); !any) co_return std::unexpected(any.error());
  memory_ = co_await means_.memory.take_within(means_.wait, means_.sizes.piece);
  if (!memory_) co_return busy("Too many files are being stored. Try again in a moment.");
  auto filled = co_await source_.fill(gathered_);
  if (!filled) co_return filled;
  if (!gathered_.full() && !source_.ready()) co_return co_await send_parts();
  const auto more = co_await source_.more();
  if (!more) co_return std::unexpected(more.error());
  if (*more) co_return co_await send_parts();
  co_return co_await send_gathered();
}

awaitable<result<void>> upload::send_gathered() {
  auto text = gathered_.take();
  payload what;
  what.digest = base::sha256_of(text);
  what.send_checksum = place_.checksums;
  what.bytes = aws::text_body(std::move(text));
  co_return co_await send_whole(std::move(what));
}

awaitable<result<void>> upload::send_parts() {
  for (int number = 1;; ++number) {
    co_await line_.wait_below(means_.sizes.parts_at_once);
    auto part = co_await stage(part_size(means_.sizes, number));
    if (!part) co_return base::pass(part);
    const auto more = co_await source_.more();
    if (!more) co_return std::unexpected(more.error());
    if (number == 1 && !*more) {
      co_return co_await send_whole(staged_part::payload_of(std::move(*part), place_.checksums));
    }
    if (number == 1) {
      if (auto begun = co_await begin_parts(); !begun) co_return begun;
    }
    co_await start_part(number, std::move(*part));
    if (!*more) break;
    if (number == most_parts) co_return base::fail(base::error_code::too_large, "The file is too large.");
  }
  co_await line_.wait_below(1);
  if (const auto* failed = line_.failure()) co_return std::unexpected(*failed);
  co_return co_await complete();
}

// The part begins with what was gathered already.
awaitable<result<std::shared_ptr<staged_part>>> upload::stage(std::uint64_t size) {
  auto room = co_await means_.disk.take_within(disk_patience * means_.wait, size);
  if (!room) co_return busy("Too many files are being stored. Try again in a moment.");
  const auto part = std::make_shared<staged_part>(means_.staging, std::move(*room));
  if (!gathered_.empty()) {
    if (auto written = co_await append(*part, gathered_.view()); !written) co_return base::pass(written);
    gathered_.give_back();
    memory_.reset();
  }
  while (part->length() < size) {
    // A part has failed, so the client need not send more.
    if (const auto* failed = line_.failure()) co_return std::unexpected(*failed);
    part->room().begin_waiting();
    const auto more = co_await source_.more();
    part->room().end_waiting();
    if (!more) co_return std::unexpected(more.error());
    if (!*more) break;
    const auto view =
        source_.view().first(std::min<std::uint64_t>(source_.view().size(), size - part->length()));
    if (auto written = co_await append(*part, view); !written) co_return base::pass(written);
    source_.take(view.size());
  }
  if (!part->seal()) co_return busy(too_slow);
  total_ += part->length();
  co_return part;
}

awaitable<result<void>> upload::append(staged_part& part, base::byte_view bytes) {
  if (!co_await part.room().use(bytes.size(), disk_patience * means_.wait)) co_return busy(too_slow);
  co_return co_await means_.pool.run([&] { return part.append(bytes); });
}

awaitable<result<void>> upload::send_whole(payload what) {
  const auto place = co_await means_.sends.take(1);
  const auto answer = co_await means_.client.call(s3::put_object(place_.bucket, name_, place_.traits, what));
  if (!answer) co_return store_failed(answer.error());
  co_return result<void>();
}

// If the answer is lost, the request is sent again. Then an upload without parts is left until the object is
// erased.
awaitable<result<void>> upload::begin_parts() {
  const auto answer = co_await means_.client.call(
      s3::create_multipart_upload(place_.bucket, name_, place_.traits, place_.checksums));
  if (!answer) co_return store_failed(answer.error());
  auto id = s3::parse_upload_id(*answer);
  if (!id) co_return store_failed(id.error());
  upload_id_ = std::move(*id);
  co_return result<void>();
}

awaitable<void> upload::start_part(int number, staged_ptr part) {
  const auto what = staged_part::payload_of(part, place_.checksums);
  uploaded_part sent{.number = number, .etag = {}};
  if (place_.checksums) sent.digest = what.digest;
  co_await line_.start(send_part(means_, s3::upload_part(place_.bucket, name_, upload_id_, number, what),
                                 std::move(sent), std::move(part)));
}

awaitable<result<void>> upload::complete() {
  const auto parts = line_.arrived();
  base::expects(!parts.empty() && parts.back().number == std::ssize(parts), "every part has arrived");
  const auto answer =
      co_await means_.client.call(s3::complete_multipart_upload(place_.bucket, name_, upload_id_, parts));
  if (answer) {
    const auto completed = s3::parse_completed(*answer);
    if (!completed) co_return store_failed(completed.error());
    co_return result<void>();
  }
  // An attempt whose answer was lost (a time-out, a cut connection, a 5xx) may have completed the upload,
  // even if the last attempt was refused. Without this check the stored object would be erased.
  if (co_await is_complete(parts.size())) co_return result<void>();
  co_return store_failed(answer.error());
}

// If an object was sent in parts, its ETag in S3 ends with their number.
awaitable<bool> upload::is_complete(std::size_t parts) {
  auto look = s3::head_object(place_.bucket, name_);
  look.limits.whole = look_limit;
  const auto answer = co_await means_.client.call(std::move(look));
  if (!answer) co_return false;
  const auto head = s3::parse_head(*answer);
  if (!head || head->size != total_) co_return false;
  std::string_view etag = head->stored.etag;
  if (etag.ends_with('"')) etag.remove_suffix(1);
  co_return etag.ends_with(fmt::format("-{}", parts));
}

// Best effort: the `reap` task erases what is left.
awaitable<void> upload::give_up() {
  co_await line_.cancel();
  if (upload_id_.empty()) co_return;
  auto abort = s3::abort_multipart_upload(place_.bucket, name_, upload_id_);
  abort.limits.whole = abort_limit;
  const auto aborted = co_await means_.client.call(std::move(abort));
  if (!aborted)
    base::log_warning("an unfinished upload was not aborted; erasing its object does", {{"object", name_}});
}

}  // namespace

upload_means::upload_means(aws::client& via, base::blocking_pool& disk_pool, upload_options chosen)
    : client(via),
      pool(disk_pool),
      staging(std::move(chosen.staging)),
      sizes(chosen.sizes),
      wait(chosen.wait),
      memory(sizes.memory),
      disk(sizes.disk, {.least = chosen.wait / patience_of_disk, .rate = slowest}),
      sends(static_cast<std::uint64_t>(sizes.sends_at_once)) {}

std::uint64_t part_size(const upload_sizes& sizes, int number) {
  base::expects(number >= 1 && number <= most_parts, "parts are numbered from 1 to 10,000");
  const auto doublings = (number - 1) / parts_before_doubling;
  return std::min({sizes.part << doublings, sizes.disk, largest_part});
}

awaitable<result<void>> upload_to_s3(upload_means& means, const s3_place& place, std::string name,
                                     base::byte_source& bytes) {
  base::expects(!name.empty(), "an object has a name");
  upload one(means, place, std::move(name), bytes);
  co_return co_await one.run();
}

}  // namespace dossier::stores

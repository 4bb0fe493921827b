#include "web/receive_submission.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/byte_source.h"
#include "base/expects.h"
#include "base/sizes.h"
#include "base/text.h"
#include "http/multipart.h"
#include "http/url.h"
#include "web/json_body.h"
#include "web/submission_fields.h"

namespace dossier::web {
namespace {

using base::error;
using base::error_code;
using base::result;

// Bytes for boundaries and the headers of parts.
constexpr std::uint64_t multipart_slack = 1024 * 1024;

error fields_too_large(std::uint64_t limit) {
  return {error_code::too_large,
          fmt::format("The fields are longer than {} together.", base::size_limit(limit))};
}

// Returns the bytes that were read ahead (none: the source has ended), and then the rest of the source that
// they came from.
class resumed_source final : public base::byte_source, public base::waiting_source {
 public:
  resumed_source(base::byte_view first, base::byte_source& rest) : first_(first), rest_(rest) {}

  awaitable<result<base::byte_view>> next() override {
    // The view is still valid: the source has not been asked again since.
    if (!resumed_) {
      resumed_ = true;
      co_return first_;
    }
    co_return co_await rest_.next();
  }
  bool ready() const override { return !resumed_ || base::is_ready(rest_); }

 private:
  base::byte_view first_;
  base::byte_source& rest_;
  bool resumed_ = false;
};

// One request's submission as it comes in.
class receiver {
 public:
  receiver(http::request& req, const context& ctx, std::optional<domain::person_id> person, sender from,
           domain::actor by)
      : req_(req),
        ctx_(ctx),
        person_(person),
        from_(from),
        by_(std::move(by)),
        fields_(from, !person),
        field_bytes_left_(ctx.settings.field_bytes) {}

  awaitable<result<domain::submission_outcome>> receive();
  domain::details_draft typed() const;
  const std::string& key() const { return fields_.key; }

 private:
  awaitable<result<void>> read_body();
  awaitable<result<void>> read_json();
  awaitable<result<void>> read_form();
  awaitable<result<void>> read_multipart(std::string boundary);
  awaitable<result<void>> read_field(const http::part& part, base::byte_source& bytes);
  awaitable<result<void>> read_file(const http::part& part, base::byte_source& bytes);
  result<void> refuse_early(std::uint64_t limit) const;
  std::uint64_t largest_multipart() const;
  void begin();

  http::request& req_;
  const context& ctx_;
  std::optional<domain::person_id> person_;
  sender from_;
  domain::actor by_;
  submission_fields fields_;
  std::uint64_t field_bytes_left_;
  bool files_optional_ = false;
  bool owner_is_known_ = false;
  std::unique_ptr<domain::submission> submission_;  // set at the first file, or at the end of the body
};

awaitable<result<domain::submission_outcome>> receiver::receive() {
  if (const auto key = req_.header("idempotency-key")) fields_.take_key_header(*key);
  if (!fields_.all_well()) co_return std::unexpected(fields_.problem(false));
  // A program learns that the person is gone before it sends its files. A page sends the key in the form, so
  // the form is read first.
  if (person_ && from_ == sender::program) {
    auto owner = co_await ctx_.intake.find_owner(*person_, fields_.key, by_);
    if (!owner) co_return base::pass(owner);
    owner_is_known_ = true;
  }
  auto read = co_await read_body();
  if (read && !fields_.all_well()) read = std::unexpected(fields_.problem(true));
  result<domain::submission_outcome> outcome;
  if (read) {
    begin();
    outcome = co_await submission_->commit(fields_.draft);
  } else {
    outcome = base::pass(read);
  }
  if (!outcome && submission_) co_await submission_->abandon();
  co_return outcome;
}

awaitable<result<void>> receiver::read_body() {
  const auto type = media_type_of(req_);
  if (type == "multipart/form-data") {
    auto boundary = http::boundary_of(req_.header("content-type").value_or(""));
    if (!boundary)
      co_return base::fail(error_code::malformed, "The form has no valid boundary between its parts.");
    co_return co_await read_multipart(std::move(*boundary));
  }
  const bool takes_json = from_ == sender::program && !person_;
  if (type == "application/json" && takes_json) co_return co_await read_json();
  if (type == "application/x-www-form-urlencoded") co_return co_await read_form();
  co_return base::fail(error_code::malformed, takes_json ? "Send multipart/form-data or application/json."
                                                         : "Send the form as multipart/form-data.");
}

awaitable<result<void>> receiver::read_json() {
  if (auto fits = refuse_early(ctx_.settings.field_bytes); !fits) co_return fits;
  auto text = co_await http::read_all(req_.body(), ctx_.settings.field_bytes);
  if (!text) co_return base::pass(text);
  auto parsed = parse_details(*text);
  if (!parsed) co_return base::pass(parsed);
  fields_.draft = parsed->draft;
  files_optional_ = true;
  if (!parsed->wrong.empty()) co_return std::unexpected(all_errors(*parsed, true));
  co_return result<void>();
}

awaitable<result<void>> receiver::read_form() {
  if (auto fits = refuse_early(ctx_.settings.field_bytes); !fits) co_return fits;
  auto text = co_await http::read_all(req_.body(), ctx_.settings.field_bytes);
  if (!text) co_return base::pass(text);
  auto pairs = http::parse_form(*text);
  if (!pairs) co_return base::pass(pairs);
  for (auto& [name, value] : *pairs) fields_.take_from_text(name, std::move(value));
  co_return result<void>();
}

awaitable<result<void>> receiver::read_multipart(std::string boundary) {
  if (auto fits = refuse_early(largest_multipart()); !fits) co_return fits;
  http::multipart_reader form(req_.body(), std::move(boundary));
  while (true) {
    auto part = co_await form.next_part();
    if (!part) co_return base::pass(part);
    if (!*part) co_return result<void>();
    const http::part& current = **part;
    auto read = current.filename ? co_await read_file(current, form.content())
                                 : co_await read_field(current, form.content());
    if (!read) co_return read;
  }
}

awaitable<result<void>> receiver::read_field(const http::part& part, base::byte_source& bytes) {
  if (part.filename_unreadable) {
    fields_.refuse_unreadable_name(part.name);
    co_return std::unexpected(fields_.problem(false));
  }
  const bool refused = fields_.refuse_nameless(part.name, part.content_type);
  field_bytes_left_ -= std::min<std::uint64_t>(field_bytes_left_, part.name.size());
  auto value = co_await http::read_all(bytes, field_bytes_left_);
  if (!value && value.error().code == error_code::too_large) {
    // A field that is refused already may hold the bytes of a file, however many.
    co_return std::unexpected(fields_.all_well() ? fields_too_large(ctx_.settings.field_bytes)
                                                 : fields_.problem(false));
  }
  if (!value) co_return base::pass(value);
  base::expects(value->size() <= field_bytes_left_, "a field takes no more than the fields have left");
  field_bytes_left_ -= value->size();
  if (!refused) fields_.take(part.name, std::move(*value), submission_ != nullptr);
  co_return result<void>();
}

awaitable<result<void>> receiver::read_file(const http::part& part, base::byte_source& bytes) {
  auto first = co_await bytes.next();
  if (!first) co_return base::pass(first);
  // What a browser sends for an input in which nothing was chosen.
  if (part.filename->empty() && first->empty()) {
    fields_.pass_over_file(part.name);
    co_return result<void>();
  }
  // No file is stored for a form that is refused already.
  if (!fields_.accept_file(part.name) || !fields_.all_well())
    co_return std::unexpected(fields_.problem(false));
  begin();
  resumed_source whole(*first, bytes);
  co_return co_await submission_->add_file(*part.filename, whole);
}

// Refuses a body that is too large before it is read, if Content-Length shows it.
result<void> receiver::refuse_early(std::uint64_t limit) const {
  if (!req_.content_length || *req_.content_length <= limit) return {};
  return base::fail(error_code::too_large, fmt::format("This is larger than the {} that may be sent at once.",
                                                       base::size_limit(limit)));
}

std::uint64_t receiver::largest_multipart() const {
  const auto& limits = ctx_.intake.limits();
  const auto others = ctx_.settings.field_bytes + multipart_slack;
  const auto files = static_cast<std::uint64_t>(std::max(limits.files, 0));
  const auto most = std::numeric_limits<std::uint64_t>::max() - others;
  if (files != 0 && limits.file_bytes > most / files) return std::numeric_limits<std::uint64_t>::max();
  return files * limits.file_bytes + others;
}

void receiver::begin() {
  base::expects(fields_.all_well(), "nothing is stored of a form that is refused");
  if (!submission_) {
    submission_ = ctx_.intake.begin({.person = person_,
                                     .by = by_,
                                     .key = fields_.key,
                                     .files_optional = files_optional_,
                                     .owner_is_known = owner_is_known_});
  }
}

domain::details_draft receiver::typed() const {
  auto draft = fields_.draft;
  for (std::size_t i = 0; i < draft.size(); ++i) {
    if (draft[i]) draft[i] = base::readable_text(*draft[i]);
  }
  return draft;
}

}  // namespace

awaitable<received_submission> receive_submission(http::request& req, const context& ctx,
                                                  std::optional<domain::person_id> person, sender from,
                                                  domain::actor by) {
  receiver incoming(req, ctx, person, from, std::move(by));
  auto outcome = co_await incoming.receive();
  co_return received_submission{
      .typed = incoming.typed(), .idempotency_key = incoming.key(), .outcome = std::move(outcome)};
}

std::string key_to_go_on(const received_submission& received) {
  if (received.outcome) return {};
  switch (received.outcome.error().code) {
    case error_code::conflict:
    case error_code::unavailable:
    case error_code::timed_out:
    case error_code::internal:
      return received.idempotency_key;
    default:
      return {};
  }
}

std::string media_type_of(const http::request& req) {
  const auto type = req.header("content-type").value_or("");
  return base::ascii_lower(base::trim_blanks(type.substr(0, type.find(';'))));
}

}  // namespace dossier::web

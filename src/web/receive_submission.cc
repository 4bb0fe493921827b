#include "web/receive_submission.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/sizes.h"
#include "base/source_abilities.h"
#include "http/multipart.h"
#include "http/query.h"
#include "web/json_body.h"
#include "web/readable_text.h"

namespace dossier::web {
namespace {

using base::error;
using base::error_code;
using base::result;

// For boundaries and the headers of parts.
constexpr std::uint64_t multipart_slack = 1024 * 1024;

error field_problem(std::string field, std::string message) {
  return {error_code::invalid, "Some details need another look.", {{std::move(field), std::move(message)}}};
}

error fields_too_large(std::uint64_t limit) {
  return {error_code::too_large,
          fmt::format("The fields are longer than {} together.", base::size_limit(limit))};
}

bool is_valid_key(std::string_view key) {
  return !key.empty() && key.size() <= 255 &&
         std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7f; });
}

constexpr std::string_view key_rule = "Send 1 to 255 visible ASCII characters";

// Bytes that were read to look at them (none: the source has ended), and then the rest of where they came
// from.
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
  receiver(http::request& req, const context& ctx, std::optional<domain::person_id> person)
      : req_(req), ctx_(ctx), person_(person), field_bytes_left_(ctx.settings.field_bytes) {}

  awaitable<result<domain::submission_outcome>> receive(bool allow_json);
  domain::details_draft typed() const;
  const std::string& key() const { return key_; }

 private:
  awaitable<result<void>> read_body(bool allow_json);
  awaitable<result<void>> read_json();
  awaitable<result<void>> read_form();
  awaitable<result<void>> read_multipart(std::string boundary);
  awaitable<result<void>> read_field(std::string name, base::byte_source& bytes);
  awaitable<result<void>> read_file(const http::part& part, base::byte_source& bytes);
  result<void> take_key_header();
  result<void> take_field(std::string_view name, std::string value);
  result<void> refuse_early(std::uint64_t limit) const;
  std::uint64_t largest_multipart() const;
  void begin();

  http::request& req_;
  const context& ctx_;
  std::optional<domain::person_id> person_;
  std::uint64_t field_bytes_left_;
  domain::details_draft draft_;
  std::string key_;
  bool files_optional_ = false;
  std::unique_ptr<domain::submission> submission_;  // from the first file on, or from the end of the body
};

awaitable<result<domain::submission_outcome>> receiver::receive(bool allow_json) {
  if (auto key = take_key_header(); !key) co_return base::pass(key);
  auto read = co_await read_body(allow_json);
  result<domain::submission_outcome> outcome;
  if (read) {
    begin();
    outcome = co_await submission_->commit(draft_);
  } else {
    outcome = base::pass(read);
  }
  if (!outcome && submission_) co_await submission_->abandon();
  co_return outcome;
}

awaitable<result<void>> receiver::read_body(bool allow_json) {
  const auto type = media_type_of(req_);
  if (type == "multipart/form-data") {
    auto boundary = http::boundary_of(req_.header("content-type").value_or(""));
    if (!boundary)
      co_return base::fail(error_code::malformed, "The form has no valid boundary between its parts.");
    co_return co_await read_multipart(std::move(*boundary));
  }
  if (type == "application/json" && allow_json) co_return co_await read_json();
  if (type == "application/x-www-form-urlencoded") co_return co_await read_form();
  co_return base::fail(error_code::malformed, allow_json ? "Send multipart/form-data or application/json."
                                                         : "Send the form as multipart/form-data.");
}

awaitable<result<void>> receiver::read_json() {
  if (auto fits = refuse_early(ctx_.settings.field_bytes); !fits) co_return fits;
  auto text = co_await http::read_all(req_.body(), ctx_.settings.field_bytes);
  if (!text) co_return base::pass(text);
  auto parsed = parse_details(*text);
  if (!parsed) co_return base::pass(parsed);
  draft_ = parsed->draft;
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
  for (auto& [name, value] : *pairs) {
    if (auto taken = take_field(name, std::move(value)); !taken) co_return taken;
  }
  co_return result<void>();
}

awaitable<result<void>> receiver::read_multipart(std::string boundary) {
  if (auto fits = refuse_early(largest_multipart()); !fits) co_return fits;
  http::multipart_reader form(req_.body(), std::move(boundary));
  while (true) {
    auto part = co_await form.next_part();
    if (!part) co_return base::pass(part);
    if (!*part) co_return result<void>();
    http::part& current = **part;
    auto read = current.filename ? co_await read_file(current, form.content())
                                 : co_await read_field(std::move(current.name), form.content());
    if (!read) co_return read;
  }
}

awaitable<result<void>> receiver::read_field(std::string name, base::byte_source& bytes) {
  field_bytes_left_ -= std::min<std::uint64_t>(field_bytes_left_, name.size());
  auto value = co_await http::read_all(bytes, field_bytes_left_);
  if (!value && value.error().code == error_code::too_large) {
    co_return std::unexpected(fields_too_large(ctx_.settings.field_bytes));
  }
  if (!value) co_return base::pass(value);
  field_bytes_left_ -= value->size();
  co_return take_field(name, std::move(*value));
}

awaitable<result<void>> receiver::read_file(const http::part& part, base::byte_source& bytes) {
  auto first = co_await bytes.next();
  if (!first) co_return base::pass(first);
  // What a browser sends for an input in which nothing was chosen.
  if (part.filename->empty() && first->empty()) co_return result<void>();
  if (part.name != "file_name" && part.name != "photo") {
    co_return std::unexpected(field_problem(readable_text(part.name), "Send files in the field file_name"));
  }
  begin();
  resumed_source whole(*first, bytes);
  co_return co_await submission_->add_file(*part.filename, whole);
}

result<void> receiver::take_key_header() {
  const auto header = req_.header("idempotency-key");
  if (!header) return {};
  if (!is_valid_key(*header)) return std::unexpected(field_problem("Idempotency-Key", std::string(key_rule)));
  key_ = *header;
  return {};
}

result<void> receiver::take_field(std::string_view name, std::string value) {
  const auto take = [&value](std::optional<std::string>& field) {
    if (!field) field = std::move(value);
  };
  if (name == "name") take(draft_.name);
  if (name == "location") take(draft_.location);
  if (name == "age") take(draft_.age);
  if (name == "technology") take(draft_.technology);
  if (name == "idempotency_key" && key_.empty() && !value.empty()) {
    // The files before it were stored without it: passing it over would make two records of one.
    if (submission_)
      return std::unexpected(field_problem("idempotency_key", "Send this field before the files"));
    if (!is_valid_key(value)) return std::unexpected(field_problem("idempotency_key", std::string(key_rule)));
    key_ = std::move(value);
  }
  return {};
}

// Before a byte of the body is read, where Content-Length tells.
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
  if (!submission_) {
    submission_ = ctx_.intake.begin({.person = person_, .key = key_, .files_optional = files_optional_});
  }
}

domain::details_draft receiver::typed() const {
  const auto readable = [](const std::optional<std::string>& field) {
    return field ? std::optional(readable_text(*field)) : std::nullopt;
  };
  return {readable(draft_.name), readable(draft_.location), readable(draft_.age),
          readable(draft_.technology)};
}

}  // namespace

awaitable<received_submission> receive_submission(http::request& req, const context& ctx,
                                                  std::optional<domain::person_id> person, bool allow_json) {
  receiver incoming(req, ctx, person);
  auto outcome = co_await incoming.receive(allow_json);
  co_return received_submission{
      .typed = incoming.typed(), .idempotency_key = incoming.key(), .outcome = std::move(outcome)};
}

std::string media_type_of(const http::request& req) {
  auto type = req.header("content-type").value_or("");
  type = type.substr(0, type.find(';'));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
  std::string lower(type);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return lower;
}

}  // namespace dossier::web

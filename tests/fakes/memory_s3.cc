#include "fakes/memory_s3.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include "fakes/memory_s3_call.h"
#include "fakes/memory_source.h"

namespace dossier::fakes {
namespace {

aws::response with_status(int status, std::string body = {}) {
  return {.status = status, .headers = {{"x-amz-request-id", "memory"}}, .body = std::move(body)};
}

aws::response error_answer(int status, std::string_view code, std::string_view message = "as told") {
  return with_status(status, fmt::format("<?xml version=\"1.0\"?><Error><Code>{}</Code>"
                                         "<Message>{}</Message></Error>",
                                         code, message));
}

std::size_t occurrences(std::string_view text, std::string_view of) {
  std::size_t count = 0;
  for (auto at = text.find(of); at != text.npos; at = text.find(of, at + of.size())) ++count;
  return count;
}

}  // namespace

memory_s3::fault memory_s3::answer(int status, const std::string& code) {
  return {.answer = error_answer(status, code)};
}

memory_s3::fault memory_s3::refused(const std::string& message) {
  return {.answer = error_answer(403, "AccessDenied", message)};
}

void memory_s3::hold(const std::string& key, lock how) {
  for (auto& one : objects_[key]) {
    if (!one.marker) one.held = how;
  }
}

memory_s3::fault memory_s3::lost(bool happened) {
  return {.answer = std::unexpected(aws::transport_error{aws::transport_problem::cut, "cut off"}),
          .happens_all_the_same = happened};
}

void memory_s3::on(const std::string& operation, int number, fault what) {
  faults_[operation].insert_or_assign(number, std::move(what));
}

void memory_s3::during(const std::string& operation, std::function<awaitable<void>()> wait) {
  waits_[operation] = std::move(wait);
}

std::optional<memory_s3::fault> memory_s3::fault_of(const std::string& operation) {
  const int number = counts_[operation]++;
  const int call = static_cast<int>(calls_.size()) - 1;
  if (at_ && call >= at_->first && call < at_->first + at_->count) return at_->what;
  const auto& planned = faults_[operation];
  if (const auto at = planned.find(number); at != planned.end()) return at->second;
  if (const auto each = planned.find(-1); each != planned.end()) return each->second;
  return std::nullopt;
}

int memory_s3::count(const std::string& operation) const {
  return static_cast<int>(std::ranges::count(calls_, operation));
}

const memory_s3::version* memory_s3::find(const std::string& key) const {
  const auto at = objects_.find(key);
  if (at == objects_.end() || at->second.empty() || at->second.back().marker) return nullptr;
  return &at->second.back();
}

std::size_t memory_s3::versions() const {
  std::size_t all = 0;
  for (const auto& [key, versions] : objects_) all += versions.size();
  return all;
}

std::set<std::string> memory_s3::names() const {
  std::set<std::string> all;
  for (const auto& [key, versions] : objects_) all.insert(key);
  return all;
}

bool memory_s3::only_marked(const std::string& name) const {
  return std::ranges::all_of(objects_.at(name), &version::marker);
}

std::vector<std::string> memory_s3::uploading() const {
  std::vector<std::string> keys;
  for (const auto& [id, one] : uploads_) keys.push_back(one.key);
  return keys;
}

std::size_t memory_s3::parts() const {
  std::size_t all = 0;
  for (const auto& [id, one] : uploads_) all += one.parts.size();
  return all;
}

std::string memory_s3::begin_upload(const std::string& key) {
  auto id = fmt::format("upload-{}", ++numbers_);
  uploads_[id].key = key;
  return id;
}

awaitable<aws::sent<aws::response>> memory_s3::send(aws::http_request request) {
  const call what(request);
  request.body.reset();
  last_.insert_or_assign(what.operation(), std::move(request));
  co_return co_await serve(what);
}

awaitable<aws::sent<aws::response>> memory_s3::serve(const call& what) {
  const auto operation = what.operation();
  calls_.push_back(operation);
  auto wrong = fault_of(operation);
  if (const auto wait = waits_.find(operation); wait != waits_.end()) {
    most_at_once_ = std::max(most_at_once_, ++at_once_);
    co_await wait->second();
    --at_once_;
  }
  if (wrong && !wrong->happens_all_the_same) co_return wrong->answer;
  auto done = perform(what);
  if (wrong) co_return wrong->answer;
  co_return done;
}

awaitable<aws::sent<aws::streamed_response>> memory_s3::open(aws::http_request request) {
  const call what(request);
  last_.insert_or_assign(what.operation(), std::move(request));
  auto whole = co_await serve(what);
  if (!whole) co_return std::unexpected(whole.error());
  const auto size = whole->body.size();
  auto body = std::make_unique<memory_source>(std::move(whole->body), 1'000);
  if (break_after_ && whole->status < 300 && size > *break_after_) {
    body->fail_after(*break_after_, {base::error_code::unavailable, "cut off"});
  }
  co_return aws::streamed_response{whole->status, std::move(whole->headers), std::move(body)};
}

aws::response memory_s3::perform(const call& what) {
  const auto operation = what.operation();
  if (operation == "PutObject") {
    const auto* condition = aws::find_header(what.headers, "If-None-Match");
    if (condition != nullptr && find(what.key) != nullptr) return error_answer(412, "PreconditionFailed");
    return put(what.key, what.body, fmt::format("\"put-{}\"", ++numbers_), what.headers);
  }
  if (operation == "CreateMultipartUpload") {
    return with_status(200, fmt::format("<InitiateMultipartUploadResult><UploadId>{}</UploadId>"
                                        "</InitiateMultipartUploadResult>",
                                        begin_upload(what.key)));
  }
  if (operation == "UploadPart") {
    const auto at = uploads_.find(what.value("uploadId"));
    if (at == uploads_.end()) return error_answer(404, "NoSuchUpload");
    at->second.parts[number_in(what.value("partNumber"))] = what.body;
    auto done = with_status(200);
    done.headers.push_back({"ETag", fmt::format("\"part-{}\"", what.value("partNumber"))});
    return done;
  }
  if (operation == "CompleteMultipartUpload") return complete(what);
  if (operation == "AbortMultipartUpload") {
    return uploads_.erase(what.value("uploadId")) > 0 ? with_status(204) : error_answer(404, "NoSuchUpload");
  }
  if (operation == "DeleteObject") return erase(what);
  if (operation == "HeadObject" && what.asks("versionId")) return head_version(what);
  if (operation == "GetObjectLockConfiguration")
    return error_answer(404, "ObjectLockConfigurationNotFoundError");
  if (operation == "GetObject" || operation == "HeadObject") return get(what, operation == "GetObject");
  if (operation == "ListMultipartUploads") return with_status(200, list_uploads(what));
  if (operation == "ListObjectVersions") {
    return with_status(200, lists_versions ? list_versions(what) : list_objects(what));
  }
  if (operation == "ListObjectsV2") return with_status(200, list_objects(what));
  return with_status(200);
}

aws::response memory_s3::put(const std::string& key, std::string bytes, const std::string& etag,
                             const aws::headers& headers) {
  auto& added = add_version(key);
  added.bytes = std::move(bytes);
  added.etag = etag;
  added.headers = headers;
  auto done = with_status(200);
  done.headers.push_back({"ETag", etag});
  return done;
}

// Without versioning the only version is called "null"; so is the version that a suspended bucket overwrites.
memory_s3::version& memory_s3::add_version(const std::string& key) {
  auto& all = objects_[key];
  const int number = ++numbers_;
  if (!versioned) std::erase_if(all, [](const version& one) { return one.id == "null"; });
  all.push_back({.id = versioned ? fmt::format("version-{}", number) : "null", .number = number});
  return all.back();
}

int memory_s3::number_of_version(const std::string& key, const std::string& id) const {
  if (id != "null") return number_in(std::string_view(id).substr(id.find('-') + 1));
  const auto at = objects_.find(key);
  if (at == objects_.end()) return 0;
  const auto found = std::ranges::find(at->second, id, &version::id);
  return found == at->second.end() ? 0 : found->number;
}

aws::response memory_s3::complete(const call& what) {
  const auto at = uploads_.find(what.value("uploadId"));
  if (at == uploads_.end()) return error_answer(404, "NoSuchUpload");
  std::string all;
  const auto listed = occurrences(what.body, "<PartNumber>");
  if (listed != at->second.parts.size()) return error_answer(400, "InvalidPart");
  for (const auto& [number, bytes] : at->second.parts) {
    if (!what.body.contains(fmt::format("<PartNumber>{}</PartNumber>", number))) {
      return error_answer(400, "InvalidPart");
    }
    all += bytes;
  }
  const auto etag = fmt::format("\"whole{}-{}\"", ++numbers_, at->second.parts.size());
  put(at->second.key, std::move(all), etag, {});
  uploads_.erase(at);
  return with_status(200, fmt::format("<CompleteMultipartUploadResult><ETag>{}</ETag>"
                                      "</CompleteMultipartUploadResult>",
                                      etag));
}

aws::response memory_s3::get(const call& what, bool with_body) const {
  const auto* found = find(what.key);
  if (found == nullptr) return with_body ? error_answer(404, "NoSuchKey") : with_status(404);
  if (const auto* match = aws::find_header(what.headers, "If-Match"); match && *match != found->etag) {
    return error_answer(412, "PreconditionFailed");
  }
  auto answer = with_status(200);
  answer.headers.push_back({"ETag", found->etag});
  const auto size = found->bytes.size();
  const auto* range = aws::find_header(what.headers, "Range");
  if (!with_body || range == nullptr) {
    answer.headers.push_back({"Content-Length", std::to_string(size)});
    if (with_body) answer.body = found->bytes;
    return answer;
  }
  const auto first = static_cast<std::size_t>(number_in(range->substr(6)));
  if (first >= size) return error_answer(416, "InvalidRange");
  const auto last = std::min<std::size_t>(
      static_cast<std::size_t>(number_in(range->substr(range->find('-') + 1))), size - 1);
  answer.status = 206;
  answer.body = found->bytes.substr(first, last - first + 1);
  answer.headers.push_back({"Content-Length", std::to_string(answer.body.size())});
  answer.headers.push_back({"Content-Range", fmt::format("bytes {}-{}/{}", first, last, size)});
  return answer;
}

aws::response memory_s3::head_version(const call& what) const {
  const auto at = objects_.find(what.key);
  if (at == objects_.end()) return with_status(404);
  const auto found = std::ranges::find(at->second, what.value("versionId"), &version::id);
  if (found == at->second.end()) return with_status(404);
  auto answer = with_status(found->marker ? 405 : 200);
  if (!shows_locks || found->held == lock::none) return answer;
  if (found->held == lock::legal_hold) {
    answer.headers.push_back({"x-amz-object-lock-legal-hold", "ON"});
  } else {
    answer.headers.push_back({"x-amz-object-lock-mode", "COMPLIANCE"});
    answer.headers.push_back({"x-amz-object-lock-retain-until-date", "2027-01-01T00:00:00.000Z"});
  }
  return answer;
}

aws::response memory_s3::erase(const call& what) {
  auto done = with_status(204);
  auto& all = objects_[what.key];
  if (what.asks("versionId")) {
    const auto found = std::ranges::find(all, what.value("versionId"), &version::id);
    if (found != all.end() && found->held != lock::none)
      return error_answer(403, "AccessDenied", "Access Denied");
    if (found != all.end()) all.erase(found);
    done.headers.push_back({"x-amz-version-id", what.value("versionId")});
  } else if (versioned || suspended) {
    auto& added = add_version(what.key);
    added.marker = true;
    if (versioned || names_versions) {
      done.headers.push_back({"x-amz-delete-marker", "true"});
      done.headers.push_back({"x-amz-version-id", added.id});
    }
  } else {
    // A bucket that never kept versions has only this one.
    std::erase_if(all, [](const version& one) { return one.id == "null"; });
  }
  if (all.empty()) objects_.erase(what.key);
  return done;
}

}  // namespace dossier::fakes

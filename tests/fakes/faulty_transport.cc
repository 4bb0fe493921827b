#include "fakes/faulty_transport.h"

#include <memory>

#include "fakes/memory_s3_call.h"
#include "fakes/memory_source.h"

namespace dossier::fakes {
namespace {

using enum call_fault;

const std::string* target_of(const aws::http_request& request) {
  return aws::find_header(request.headers, "X-Amz-Target");
}

std::string name_of(const aws::http_request& request) {
  const auto* target = target_of(request);
  return target != nullptr ? *target : request.method + ' ' + request.url;
}

std::unexpected<aws::transport_error> lost(aws::transport_problem how) {
  return std::unexpected(aws::transport_error{how, "as told"});
}

aws::response error_answer(const aws::http_request& asked, int status, const std::string& code) {
  if (target_of(asked) != nullptr) {
    return {.status = status, .body = R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + code + R"("})"};
  }
  // An answer to HEAD has no body.
  if (asked.method == "HEAD") return {.status = status};
  return {.status = status, .body = "<Error><Code>" + code + "</Code><Message>as told</Message></Error>"};
}

aws::response throttled_answer(const aws::http_request& asked) {
  if (target_of(asked) != nullptr) return error_answer(asked, 400, "ProvisionedThroughputExceededException");
  return error_answer(asked, 503, "SlowDown");
}

aws::response failed_answer(const aws::http_request& asked) {
  return error_answer(asked, 500, target_of(asked) != nullptr ? "InternalServerError" : "InternalError");
}

bool happens(call_fault kind) {
  return kind == timed_out_after || kind == failing_after || kind == cut || kind == half;
}

// What the client sees of the fault; `whole` is the real answer.
aws::sent<aws::response> seen(call_fault kind, const aws::http_request& asked, aws::response whole) {
  switch (kind) {
    case refused:
      return lost(aws::transport_problem::connect);
    case timed_out:
    case timed_out_after:
    case timed_out_late:
      return lost(aws::transport_problem::timed_out);
    case failing:
    case failing_after:
      return failed_answer(asked);
    case throttled:
      return throttled_answer(asked);
    case cut:
      return lost(aws::transport_problem::cut);
    case half:
      whole.body.resize(whole.body.size() / 2);
      return whole;
  }
  std::unreachable();
}

// With its body in memory, because the body's source may be gone when the request lands.
aws::http_request copy_of(const aws::http_request& request) {
  auto copy = request;
  if (copy.body) copy.body = aws::text_body(bytes_of(copy.body));
  return copy;
}

}  // namespace

awaitable<aws::sent<aws::response>> faulty_transport::send(aws::http_request request) {
  const auto* planned = plan_.next(name_of(request));
  if (planned == nullptr) co_return co_await real_.send(std::move(request));
  const auto kind = *planned;
  if (kind == timed_out_late) late_.push_back(copy_of(request));
  aws::response whole;
  if (happens(kind)) {
    auto answered = co_await real_.send(request);
    if (!answered) co_return answered;
    whole = std::move(*answered);
  }
  co_return seen(kind, request, std::move(whole));
}

// For `cut` and `half`: the head of the answer comes, with its length, and the body breaks off.
awaitable<aws::sent<aws::streamed_response>> faulty_transport::open(aws::http_request request) {
  const auto* planned = plan_.next(name_of(request));
  if (planned == nullptr) co_return co_await real_.open(std::move(request));
  const auto kind = *planned;
  if (kind == cut || kind == half) {
    auto answered = co_await real_.open(std::move(request));
    if (!answered) co_return answered;
    auto bytes = co_await read_all(*answered->body);
    const auto size = bytes.value_or("").size();
    auto broken = std::make_unique<memory_source>(std::move(bytes).value_or(""), 1'000);
    broken->fail_after(size / 2, {base::error_code::unavailable, "cut off"});
    answered->body = std::move(broken);
    co_return answered;
  }
  auto answer = seen(kind, request, {});
  if (!answer) co_return std::unexpected(answer.error());
  co_return aws::streamed_response{answer->status, std::move(answer->headers),
                                   std::make_unique<memory_source>(std::move(answer->body))};
}

awaitable<std::size_t> faulty_transport::land() {
  auto all = std::exchange(late_, {});
  for (auto& request : all) co_await real_.send(std::move(request));
  co_return all.size();
}

}  // namespace dossier::fakes

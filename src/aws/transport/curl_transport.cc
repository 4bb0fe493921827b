#include "aws/transport/curl_transport.h"

#include <utility>

#include "aws/transport/answers.h"
#include "aws/transport/curl_loop.h"
#include "base/waiting.h"

namespace dossier::aws {

curl_transport::curl_transport(curl_options options)
    : buffer_(options.download_buffer), loop_(std::make_shared<curl_loop>(std::move(options))) {}

curl_transport::~curl_transport() {
  stop();
}

void curl_transport::stop() {
  loop_->stop();
}

awaitable<sent<response>> curl_transport::send(http_request request) {
  const auto loop = loop_;
  // Set when the transfer starts, so before anything can cancel it.
  const auto going = std::make_shared<std::shared_ptr<transfer>>();
  const auto limit = request.max_response;
  co_return co_await base::suspend<sent<response>>(
      [&](base::resumption<sent<response>> resume) {
        auto answer = std::make_shared<whole_answer>(limit, std::move(resume));
        *going = std::make_shared<transfer>(std::move(request), std::move(answer), false);
        loop->start(*going);
      },
      [loop, going] { loop->cancel(*going); });
}

awaitable<sent<streamed_response>> curl_transport::open(http_request request) {
  const auto loop = loop_;
  const auto going = std::make_shared<std::shared_ptr<transfer>>();
  co_return co_await base::suspend<sent<streamed_response>>(
      [&](base::resumption<sent<streamed_response>> resume) {
        auto answer = std::make_shared<streamed_answer>(loop, buffer_, std::move(resume));
        *going = std::make_shared<transfer>(std::move(request), answer, true);
        answer->set_transfer(*going);
        loop->start(*going);
      },
      [loop, going] { loop->cancel(*going); });
}

}  // namespace dossier::aws

// The transport over libcurl. Its own thread runs all transfers. Connections are kept and used again.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "aws/transport/transport.h"

namespace dossier::aws {

struct curl_options {
  std::string ca_bundle = {};                     // a file of trusted certificates; empty: the system's
  int max_calls = 128;                            // whole answers at the same time; further ones wait
  int max_downloads = 128;                        // pulled answers at the same time
  std::chrono::milliseconds queue_limit{10'000};  // longest wait for a free place
  std::size_t download_buffer = std::size_t{128} << 10;  // bytes of an answer that are not pulled yet
};

class curl_transport final : public transport {
 public:
  // load_libcurl() must have succeeded; otherwise this throws.
  explicit curl_transport(curl_options options = {});
  // Calls stop().
  ~curl_transport() override;
  curl_transport(const curl_transport&) = delete;
  curl_transport& operator=(const curl_transport&) = delete;

  // Ends all transfers, and those that would begin later. Callers that wait get `cancelled`, on their own
  // event loops, which must still run.
  void stop();

  awaitable<sent<response>> send(http_request request) override;
  awaitable<sent<streamed_response>> open(http_request request) override;

 private:
  std::size_t buffer_;
  std::shared_ptr<class curl_loop> loop_;
};

}  // namespace dossier::aws

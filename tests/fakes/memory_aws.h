// AWS in memory: an S3 and a DynamoDB behind one client, whose calls go wrong as the plan says. Their
// contents stay when a node starts again; what the client knew does not.
#pragma once

#include <memory>

#include "aws/client.h"
#include "aws/credentials/credentials.h"
#include "base/clock.h"
#include "fakes/faulty_transport.h"
#include "fakes/impatient.h"
#include "fakes/memory_dynamodb.h"
#include "fakes/memory_s3.h"
#include "fakes/seeded_random.h"

namespace dossier::fakes {

class memory_aws {
 public:
  explicit memory_aws(const base::clock& clock) : clock_(clock) {}

  memory_s3 s3;
  memory_dynamodb dynamodb;
  call_plan plan;

  // Called at each start of a node. The stores that used the client before are gone by then.
  aws::client& start_node() {
    client_ = std::make_unique<aws::client>(aws::client_parts{calls_, who_, clock_, random_, waits_});
    return *client_;
  }
  // Lets the calls happen that timed out and are still on their way. Answers how many there were.
  awaitable<std::size_t> land() { return calls_.land(); }

 private:
  // Passes each request to the service that it is for.
  class both final : public aws::transport {
   public:
    explicit both(memory_aws& all) : all_(all) {}
    awaitable<aws::sent<aws::response>> send(aws::http_request request) override {
      return service_of(request).send(std::move(request));
    }
    awaitable<aws::sent<aws::streamed_response>> open(aws::http_request request) override {
      return service_of(request).open(std::move(request));
    }

   private:
    aws::transport& service_of(const aws::http_request& request) {
      if (aws::find_header(request.headers, "X-Amz-Target") != nullptr) return all_.dynamodb;
      return all_.s3;
    }
    memory_aws& all_;
  };

  const base::clock& clock_;
  aws::static_credentials who_{{.access_key = "key", .secret_key = "secret"}};
  seeded_random random_;
  impatient waits_;
  both services_{*this};
  faulty_transport calls_{services_, plan};
  std::unique_ptr<aws::client> client_;
};

}  // namespace dossier::fakes

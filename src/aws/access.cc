#include "aws/access.h"

#include <utility>

#include "aws/chain.h"
#include "aws/curl_library.h"
#include "aws/curl_transport.h"
#include "aws/instance_region.h"

namespace dossier::aws {

struct access::parts {
  parts(aws::settings given, const base::clock& clock, base::random_source& random, access_options options)
      : all(std::move(given)),
        transport({.ca_bundle = all.ca_bundle,
                   .max_calls = options.max_calls,
                   .max_downloads = options.max_downloads}),
        credentials(default_credentials(all, transport, clock)),
        client({transport, *credentials, clock, random, waiter, std::move(options.observer)},
               {.attempts = all.attempts}) {}

  aws::settings all;
  timer_waiter waiter;
  curl_transport transport;
  std::unique_ptr<credentials_provider> credentials;
  aws::client client;
};

base::result<std::unique_ptr<access>> make_access(settings all, const base::clock& clock,
                                                  base::random_source& random, access_options options) {
  if (const auto& library = load_libcurl(); !library) return std::unexpected(library.error());
  if (needs_instance_region(all)) all.region = instance_region(all);
  return std::make_unique<access>(std::move(all), clock, random, std::move(options));
}

access::access(aws::settings all, const base::clock& clock, base::random_source& random,
               access_options options)
    : parts_(std::make_unique<parts>(std::move(all), clock, random, std::move(options))) {}

access::~access() = default;

void access::stop() {
  parts_->credentials->stop();
  parts_->transport.stop();
}

client& access::calls() {
  return parts_->client;
}

const settings& access::settings() const {
  return parts_->all;
}

credentials_provider& access::credentials() {
  return *parts_->credentials;
}

}  // namespace dossier::aws

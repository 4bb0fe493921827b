#include "aws/session.h"

#include <utility>

#include "aws/credentials/default_credentials.h"
#include "aws/credentials/instance_metadata.h"
#include "aws/transport/curl_library.h"
#include "aws/transport/curl_transport.h"

namespace dossier::aws {

struct session::parts {
  parts(aws::settings given, const base::clock& clock, base::random_source& random, session_options options)
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

base::result<std::unique_ptr<session>> make_session(settings all, const base::clock& clock,
                                                    base::random_source& random, session_options options) {
  if (const auto& library = load_libcurl(); !library) return std::unexpected(library.error());
  if (needs_instance_region(all)) all.region = instance_region(all);
  return std::make_unique<session>(std::move(all), clock, random, std::move(options));
}

session::session(aws::settings all, const base::clock& clock, base::random_source& random,
                 session_options options)
    : parts_(std::make_unique<parts>(std::move(all), clock, random, std::move(options))) {}

session::~session() = default;

void session::stop() {
  parts_->credentials->stop();
  parts_->transport.stop();
}

client& session::calls() {
  return parts_->client;
}

const settings& session::settings() const {
  return parts_->all;
}

credentials_provider& session::credentials() {
  return *parts_->credentials;
}

}  // namespace dossier::aws

#include "aws/credentials/default_credentials.h"

#include <atomic>
#include <utility>
#include <vector>

#include "aws/credentials/cached_credentials.h"
#include "aws/credentials/container_credentials.h"
#include "aws/credentials/environment.h"
#include "aws/credentials/instance_metadata.h"
#include "aws/credentials/profile_credentials.h"
#include "aws/credentials/web_identity_credentials.h"
#include "aws/endpoints.h"

namespace dossier::aws {
namespace {

class chain final : public credentials_provider {
 public:
  explicit chain(std::vector<std::unique_ptr<credentials_provider>> links) : links_(std::move(links)) {}

  awaitable<outcome<credentials>> get() override {
    for (const auto& each : links_) {
      auto found = co_await each->get();
      const bool not_here = !found && found.error().code == "NoCredentials";
      if (not_here) continue;
      answered_ = each.get();
      co_return found;
    }
    co_return pass_error(
        no_credentials("there are none in the environment, in a profile, or at an endpoint"));
  }

  void stop() override {
    for (const auto& each : links_) each->stop();
  }

  std::string name() const override {
    const auto* link = answered_.load();
    return link != nullptr ? link->name() : "nowhere";
  }

 private:
  std::vector<std::unique_ptr<credentials_provider>> links_;
  std::atomic<const credentials_provider*> answered_{nullptr};
};

web_identity_credentials::source web_identity_of(const settings& all) {
  const auto value = [&](const char* name) {
    return all.variables(name).value_or("");
  };
  return {value("AWS_WEB_IDENTITY_TOKEN_FILE"), {value("AWS_ROLE_ARN"), value("AWS_ROLE_SESSION_NAME")}};
}

}  // namespace

std::unique_ptr<credentials_provider> default_credentials(const settings& all, transport& via,
                                                          const base::clock& clock) {
  std::vector<std::unique_ptr<credentials_provider>> links;
  links.push_back(std::make_unique<environment_credentials>(all.variables));
  links.push_back(
      std::make_unique<web_identity_credentials>(web_identity_of(all), endpoint_of(all, service::sts), via));
  links.push_back(std::make_unique<profile_credentials>(all, via, clock));
  links.push_back(std::make_unique<container_credentials>(all.variables, via));
  links.push_back(std::make_unique<instance_credentials>(all.variables, via));
  return std::make_unique<cached_credentials>(std::make_unique<chain>(std::move(links)), clock);
}

}  // namespace dossier::aws

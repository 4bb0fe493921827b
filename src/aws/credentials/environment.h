// Environment variables that are passed in, so that tests can set them, and the credentials in them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "aws/credentials/credentials.h"

namespace dossier::aws {

// The value of a variable; nullopt when it is not set or empty.
using environment = std::function<std::optional<std::string>(std::string_view name)>;

// The variables of this process.
environment process_environment();

// Credentials from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
class environment_credentials final : public credentials_provider {
 public:
  explicit environment_credentials(environment variables) : variables_(std::move(variables)) {}
  awaitable<outcome<credentials>> get() override;
  std::string name() const override { return "environment"; }

 private:
  environment variables_;
};

// Functions for small files that other programs write: profiles, tokens, caches.

// The whole file; nullopt when it cannot be read or is larger than a MiB.
std::optional<std::string> read_text_file(const std::string& path);

// Replaces the "~" of "~/x" by the home folder. Any other path is returned unchanged.
std::string expand_home(std::string path, const std::optional<std::string>& home);

}  // namespace dossier::aws

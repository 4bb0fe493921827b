// The process's environment variables as a dependency.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "aws/credentials/credentials.h"

namespace dossier::aws {

// The value of a variable; nullopt when it is not set or empty.
using environment = std::function<std::optional<std::string>(std::string_view name)>;

// Of this process.
environment process_environment();

// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
class environment_credentials final : public credentials_provider {
 public:
  explicit environment_credentials(environment variables) : variables_(std::move(variables)) {}
  awaitable<outcome<credentials>> get() override;
  std::string name() const override { return "environment"; }

 private:
  environment variables_;
};

// Small files that other programs write: profiles, tokens, caches.

// The whole file; nullopt when it cannot be read or is larger than a MiB.
std::optional<std::string> read_text_file(const std::string& path);

// "~/x" under the home folder; all else as it is.
std::string expand_home(std::string path, const std::optional<std::string>& home);

}  // namespace dossier::aws

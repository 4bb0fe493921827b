#include "aws/credentials/environment.h"

#include <cstdlib>
#include <fstream>
#include <utility>

namespace dossier::aws {

environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
  };
}

awaitable<outcome<credentials>> environment_credentials::get() {
  auto key = variables_("AWS_ACCESS_KEY_ID");
  auto secret = variables_("AWS_SECRET_ACCESS_KEY");
  if (!key && !secret) co_return pass_error(no_credentials("no keys in the environment"));
  if (!key || !secret) {
    co_return pass_error({base::error_code::unauthorized,
                          "PartialCredentials",
                          "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together",
                          {},
                          0,
                          {}});
  }
  co_return credentials{std::move(*key), std::move(*secret), variables_("AWS_SESSION_TOKEN").value_or("")};
}

namespace {

constexpr std::streamsize largest = std::streamsize{1} << 20;

}  // namespace

std::optional<std::string> read_text_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text(static_cast<std::size_t>(largest) + 1, '\0');
  file.read(text.data(), largest + 1);
  if (file.bad() || file.gcount() > largest) return std::nullopt;
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

std::string expand_home(std::string path, const std::optional<std::string>& home) {
  if (home && path.starts_with("~/")) path.replace(0, 1, *home);
  return path;
}

}  // namespace dossier::aws

#include "aws/settings.h"

#include <algorithm>
#include <utility>

#include "aws/ascii.h"
#include "aws/text_file.h"
#include "aws/xml.h"

namespace dossier::aws {
namespace {

using base::error_code;

struct service_names {
  std::string_view host;
  std::string_view variable;
};

service_names names_of(service which) {
  switch (which) {
    case service::s3:
      return {"s3", "AWS_ENDPOINT_URL_S3"};
    case service::dynamodb:
      return {"dynamodb", "AWS_ENDPOINT_URL_DYNAMODB"};
    case service::ssm:
      return {"ssm", "AWS_ENDPOINT_URL_SSM"};
    case service::secrets_manager:
      return {"secretsmanager", "AWS_ENDPOINT_URL_SECRETS_MANAGER"};
    case service::sts:
      return {"sts", "AWS_ENDPOINT_URL_STS"};
  }
  std::unreachable();
}

struct shared_file {
  const char* variable;
  const char* usual;
  profile_file_kind kind;
};

// A file at its usual place may be missing; one that was named may not.
base::result<void> read_shared(settings& into, const shared_file& which) {
  const auto named = into.variables(which.variable);
  const auto path = expand_home(named.value_or(which.usual), into.variables("HOME"));
  const auto text = read_text_file(path);
  if (!text && named) {
    return base::fail(error_code::invalid, std::string(which.variable) + ": cannot read " + path);
  }
  if (!text) return {};
  const auto read = add_profiles(into.files, *text, which.kind);
  if (!read) return base::fail(error_code::invalid, path + ", " + read.error());
  return {};
}

std::string profile_value(const settings& all, std::string_view name) {
  const auto* chosen = all.files.find(all.profile);
  if (chosen == nullptr) return {};
  const auto found = chosen->find(name);
  return found == chosen->end() ? std::string() : found->second;
}

std::string first_of(const settings& all, std::initializer_list<const char*> variables,
                     std::string_view name) {
  for (const auto* each : variables) {
    if (auto value = all.variables(each)) return *value;
  }
  return profile_value(all, name);
}

// It becomes part of host names.
bool is_region(std::string_view text) {
  return !text.empty() && text.size() <= 40 && std::ranges::all_of(text, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
  });
}

}  // namespace

base::result<settings> load_settings(environment variables) {
  settings all{.variables = std::move(variables)};
  for (const auto& file :
       {shared_file{"AWS_CONFIG_FILE", "~/.aws/config", profile_file_kind::config},
        shared_file{"AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", profile_file_kind::credentials}}) {
    if (auto read = read_shared(all, file); !read) return base::pass(read);
  }
  auto named = all.variables("AWS_PROFILE");
  if (!named) named = all.variables("AWS_DEFAULT_PROFILE");
  all.profile = named.value_or("default");
  if (named && all.files.find(all.profile) == nullptr) {
    return base::fail(error_code::invalid, "AWS_PROFILE: there is no profile " + all.profile);
  }
  all.region = first_of(all, {"AWS_REGION", "AWS_DEFAULT_REGION"}, "region");
  if (!all.region.empty() && !is_region(all.region)) {
    return base::fail(error_code::invalid, "AWS_REGION: " + all.region + " is not the name of a region");
  }
  all.ca_bundle = first_of(all, {"AWS_CA_BUNDLE"}, "ca_bundle");
  const auto attempts = first_of(all, {"AWS_MAX_ATTEMPTS"}, "max_attempts");
  if (!attempts.empty()) {
    const auto count = to_number(attempts);
    if (!count || *count < 1 || *count > 100) {
      return base::fail(error_code::invalid, "AWS_MAX_ATTEMPTS: enter a number from 1 to 100");
    }
    all.attempts = static_cast<int>(*count);
  }
  return all;
}

base::result<endpoint> endpoint_of(const settings& all, service which) {
  return endpoint_of(all, which, all.region);
}

base::result<endpoint> endpoint_of(const settings& all, service which, std::string region) {
  const auto names = names_of(which);
  const auto given = first_of(all, {names.variable.data(), "AWS_ENDPOINT_URL"}, "endpoint_url");
  if (!given.empty()) {
    // Clones rarely care for the region, but the signature has one.
    auto found = parse_endpoint(given, region.empty() ? "us-east-1" : std::move(region));
    if (!found) {
      // What stands there instead may hold a password, and is not repeated.
      return base::fail(
          error_code::invalid,
          std::string(names.variable) +
              " (or AWS_ENDPOINT_URL, or endpoint_url of the profile) is not an http(s) URL of a "
              "host and a port");
    }
    return std::move(*found);
  }
  if (!is_region(region)) return base::fail(error_code::invalid, "AWS_REGION: name the region");
  const auto suffix = region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
  endpoint found{.host = std::string(names.host) + '.' + region + suffix};
  found.region = std::move(region);
  return found;
}

}  // namespace dossier::aws

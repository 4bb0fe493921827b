#include "aws/settings.h"

#include <algorithm>
#include <utility>

#include "aws/credentials/environment.h"
#include "aws/services/xml.h"
#include "base/ascii.h"

namespace dossier::aws {
namespace {

using base::error_code;

struct shared_file {
  const char* variable;
  const char* usual;
  profile_file_kind kind;
};

// A file at its usual place may be missing. A file that a variable names may not.
base::result<void> read_shared(profiles& into, const environment& variables, const shared_file& which) {
  const auto named = variables(which.variable);
  const auto path = expand_home(named.value_or(which.usual), variables("HOME"));
  const auto text = read_text_file(path);
  if (!text && named) {
    return base::fail(error_code::invalid, std::string(which.variable) + ": cannot read " + path);
  }
  if (!text) return {};
  const auto read = add_profiles(into, *text, which.kind);
  if (!read) return base::fail(error_code::invalid, path + ", " + read.error());
  return {};
}

std::string first_of(const settings& all, std::initializer_list<const char*> variables,
                     std::string_view name) {
  for (const auto* each : variables) {
    if (auto value = all.variables(each)) return *value;
  }
  return profile_value(all, name);
}

base::result<void> read_switch(const settings& all, const char* variable, std::string_view name, bool& into) {
  const auto value = base::ascii_lower(first_of(all, {variable}, name));
  into = value == "true";
  if (into || value.empty() || value == "false") return {};
  return base::fail(error_code::invalid, std::string(variable) + ": enter true or false");
}

base::result<void> read_switches(settings& all) {
  const auto fips = read_switch(all, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", all.kind.fips);
  if (!fips) return fips;
  const auto dual =
      read_switch(all, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", all.kind.dual_stack);
  if (!dual) return dual;
  return read_switch(all, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls",
                     all.ignore_endpoints);
}

base::result<void> read_addressing(settings& all) {
  const auto value = base::ascii_lower(profile_value(all, "s3.addressing_style"));
  if (value.empty() || value == "auto") return {};
  if (value != "path" && value != "virtual") {
    return base::fail(error_code::invalid, "s3.addressing_style: enter auto, path or virtual");
  }
  all.buckets = value == "path" ? addressing::path : addressing::virtual_host;
  return {};
}

base::result<void> read_attempts(settings& all) {
  const auto attempts = first_of(all, {"AWS_MAX_ATTEMPTS"}, "max_attempts");
  if (attempts.empty()) return {};
  const auto count = to_number(attempts);
  if (!count || *count < 1 || *count > 100) {
    return base::fail(error_code::invalid, "AWS_MAX_ATTEMPTS: enter a number from 1 to 100");
  }
  all.attempts = static_cast<int>(*count);
  return {};
}

}  // namespace

std::string profile_value(const settings& all, std::string_view name) {
  const auto* chosen = all.files.find(all.profile);
  if (chosen == nullptr) return {};
  const auto found = chosen->find(name);
  return found == chosen->end() ? std::string() : found->second;
}

bool is_region(std::string_view text) {
  return !text.empty() && text.size() <= 40 && std::ranges::all_of(text, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
  });
}

base::result<profiles> read_profiles(const environment& variables) {
  profiles all;
  for (const auto& file :
       {shared_file{"AWS_CONFIG_FILE", "~/.aws/config", profile_file_kind::config},
        shared_file{"AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", profile_file_kind::credentials}}) {
    if (auto read = read_shared(all, variables, file); !read) return base::pass(read);
  }
  return all;
}

base::result<settings> load_settings(environment variables) {
  auto files = read_profiles(variables);
  if (!files) return base::pass(files);
  settings all{.variables = std::move(variables), .files = std::move(*files)};
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
  if (auto read = read_switches(all); !read) return base::pass(read);
  if (auto read = read_addressing(all); !read) return base::pass(read);
  if (auto read = read_attempts(all); !read) return base::pass(read);
  return all;
}

}  // namespace dossier::aws

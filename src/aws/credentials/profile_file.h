// The shared files ~/.aws/config and ~/.aws/credentials: sections of `name = value`.
// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>

namespace dossier::aws {

using profile = std::map<std::string, std::string, std::less<>>;  // names in lower case

struct profiles {
  std::map<std::string, profile, std::less<>> by_name = {};
  std::map<std::string, profile, std::less<>> sso_sessions = {};

  const profile* find(std::string_view name) const;
};

enum class profile_file_kind { config, credentials };

// Adds the values of a file's text. A value of the same name is overwritten. The error says which line is
// wrong. Nested values (indented lines) are kept as "name.inner".
std::expected<void, std::string> add_profiles(profiles& all, std::string_view text, profile_file_kind kind);

}  // namespace dossier::aws

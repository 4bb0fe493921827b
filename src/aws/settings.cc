#include "aws/settings.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "aws/credentials/environment.h"
#include "aws/services/xml.h"
#include "base/ascii.h"

namespace dossier::aws {
namespace {

std::unexpected<std::string> wrong(std::size_t line, std::string_view what) {
  return std::unexpected("line " + std::to_string(line) + ": " + std::string(what));
}

// A line may end with a comment, if white space stands before the comment.
std::string_view without_comment(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    if ((text[at] == '#' || text[at] == ';') && base::ascii_space(text[at - 1])) return text.substr(0, at);
  }
  return text;
}

std::string_view unquoted(std::string_view name) {
  const bool quoted =
      name.size() >= 2 && (name.front() == '"' || name.front() == '\'') && name.front() == name.back();
  return quoted ? name.substr(1, name.size() - 2) : name;
}

struct section_name {
  std::string_view type;  // "profile" or "sso-session"; others are skipped
  std::string_view name;
};

// "profile \"dev box\"" → {profile, dev box}
section_name read_section(std::string_view inner, profile_file_kind kind) {
  inner = base::ascii_trim(inner);
  if (kind == profile_file_kind::credentials) return {"profile", unquoted(inner)};
  if (inner == "default") return {"profile", inner};
  std::size_t end = 0;
  while (end < inner.size() && !base::ascii_space(inner[end])) ++end;
  return {inner.substr(0, end), unquoted(base::ascii_trim(inner.substr(end)))};
}

class reader {
 public:
  reader(profiles& all, profile_file_kind kind) : all_(all), kind_(kind) {}

  std::expected<void, std::string> line(std::size_t number, std::string_view text) {
    const bool nested = !text.empty() && base::ascii_space(text.front());
    const auto bare = base::ascii_trim(text);
    if (bare.empty() || bare.front() == '#' || bare.front() == ';') return {};
    if (nested && !last_.empty()) return inner_line(bare);
    if (bare.front() == '[') return section(number, bare);
    return property(number, bare);
  }

 private:
  std::expected<void, std::string> section(std::size_t number, std::string_view text) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return wrong(number, "a section without its closing bracket");
    const auto [type, name] = read_section(text.substr(1, end - 1), kind_);
    last_.clear();
    started_ = true;
    current_ = nullptr;
    if (name.empty()) return {};  // no one looks for a section without a name
    if (type == "profile") current_ = &all_.by_name[std::string(name)];
    if (type == "sso-session") current_ = &all_.sso_sessions[std::string(name)];
    return {};
  }

  std::expected<void, std::string> property(std::size_t number, std::string_view text) {
    if (!started_) return wrong(number, "a value before the first section");
    const auto equals = text.find('=');
    const auto name = base::ascii_trim(text.substr(0, std::min(equals, text.size())));
    if (equals == std::string_view::npos || name.empty())
      return wrong(number, "neither a section nor name = value");
    last_ = base::ascii_lower(name);
    if (current_ != nullptr) (*current_)[last_] = base::ascii_trim(without_comment(text.substr(equals + 1)));
    return {};
  }

  // An indented line belongs to the value above it: it is a nested name and value, or continues that value.
  std::expected<void, std::string> inner_line(std::string_view text) {
    if (current_ == nullptr) return {};
    const auto equals = text.find('=');
    auto& value = (*current_)[last_];
    if (value.empty() && equals != std::string_view::npos) {
      const auto name = last_ + '.' + base::ascii_lower(base::ascii_trim(text.substr(0, equals)));
      (*current_)[name] = base::ascii_trim(without_comment(text.substr(equals + 1)));
    } else {
      value.append("\n").append(text);
    }
    return {};
  }

  profiles& all_;
  profile_file_kind kind_;
  profile* current_ = nullptr;  // null in a section that is skipped
  bool started_ = false;
  std::string last_;
};

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

const profile* profiles::find(std::string_view name) const {
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : &found->second;
}

std::expected<void, std::string> add_profiles(profiles& all, std::string_view text, profile_file_kind kind) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  reader reads(all, kind);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (auto read = reads.line(number, line); !read) return read;
  }
  return {};
}

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

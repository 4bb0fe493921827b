#include "app/references.h"

#include <algorithm>

#include <fmt/format.h>

namespace dossier::app {
namespace {

constexpr std::string_view parameter_scheme = "ssm:";
constexpr std::string_view secret_scheme = "secretsmanager:";
constexpr std::size_t longest_name = 2048;  // of an ARN

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_name && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/_+=.@-:!").contains(c);
  });
}

// The value is not repeated: it may be a password that happens to begin like a reference.
std::unexpected<base::error> wrong(std::string_view form) {
  return base::fail(base::error_code::invalid, fmt::format("a reference is {}", form));
}

}  // namespace

bool is_reference(std::string_view text) {
  return text.starts_with(parameter_scheme) || text.starts_with(secret_scheme);
}

base::result<reference> parse_reference(std::string_view text) {
  if (text.starts_with(parameter_scheme)) {
    const auto name = text.substr(parameter_scheme.size());
    if (!is_name(name)) return wrong("ssm:NAME");
    return reference{reference::place::parameter, std::string(name), ""};
  }
  if (!text.starts_with(secret_scheme)) return wrong("ssm:NAME or secretsmanager:ID#KEY");
  const auto rest = text.substr(secret_scheme.size());
  const auto hash = rest.find('#');
  const auto id = rest.substr(0, hash);
  const auto key = hash == std::string_view::npos ? std::string_view() : rest.substr(hash + 1);
  if (!is_name(id) || (hash != std::string_view::npos && key.empty())) {
    return wrong("secretsmanager:ID or secretsmanager:ID#KEY");
  }
  return reference{reference::place::secret, std::string(id), std::string(key)};
}

base::result<std::string> read_reference(std::string_view text, reference_reader& reader) {
  auto which = parse_reference(text);
  if (!which) return base::pass(which);
  auto value = reader.read(*which);
  while (value && (value->ends_with('\n') || value->ends_with('\r'))) value->pop_back();
  return value;
}

}  // namespace dossier::app

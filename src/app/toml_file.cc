// The TOML file as a layer of settings. toml++ is included here and nowhere else.
#include <fmt/format.h>
#include <toml++/toml.h>

#include "app/configuration.h"

namespace dossier::app {
namespace {

// A value as it would be written in the environment; nothing when it has no such form.
std::optional<std::string> as_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* array = node.as_array()) {
    std::string joined;
    for (const auto& entry : *array) {
      const auto* text = entry.as_string();
      if (!text) return std::nullopt;
      joined += (joined.empty() ? "" : ",") + text->get();
    }
    return joined;
  }
  return std::nullopt;
}

base::result<void> collect(const toml::table& table, const std::string& above, std::string_view file_name,
                           std::vector<given_value>& values) {
  for (const auto& [key, node] : table) {
    const auto name = above + std::string(key.str());
    if (const auto* inner = node.as_table()) {
      if (auto done = collect(*inner, name + ".", file_name, values); !done) return done;
      continue;
    }
    const auto origin = fmt::format("{}, line {}", file_name, node.source().begin.line);
    auto text = as_text(node);
    if (!text) {
      return base::fail(
          base::error_code::invalid,
          fmt::format("{}: {} must be a text, a whole number, true or false, or a list of texts", origin,
                      name));
    }
    values.push_back({name, std::move(*text), origin});
  }
  return {};
}

}  // namespace

base::result<std::vector<given_value>> read_toml(std::string_view text, std::string_view file_name) {
  std::vector<given_value> values;
  try {
    const toml::table table = toml::parse(text);
    if (auto done = collect(table, "", file_name, values); !done) return base::pass(done);
  } catch (const toml::parse_error& problem) {
    return base::fail(
        base::error_code::invalid,
        fmt::format("{}, line {}: {}", file_name, problem.source().begin.line, problem.description()));
  }
  return values;
}

}  // namespace dossier::app

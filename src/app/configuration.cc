#include "app/configuration.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "app/nearest.h"

namespace dossier::app {
namespace {

constexpr std::string_view prefix = "DOSSIER_";
constexpr std::string_view config_variable = "DOSSIER_CONFIG";
constexpr const char* usual_file = "dossier.toml";

// Errors of all layers, told together.
class complaints {
 public:
  void add(std::string sentence) { text_ += (text_.empty() ? "" : "\n") + std::move(sentence); }
  bool none() const { return text_.empty(); }
  std::unexpected<base::error> fail() const { return base::fail(base::error_code::invalid, text_); }

 private:
  std::string text_;
};

std::string unknown(std::string_view origin, std::string_view what, std::string_view meant) {
  return fmt::format("{}: there is no setting {}; did you mean {}?", origin, what, meant);
}

base::result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return base::fail(base::error_code::not_found,
                      fmt::format("The configuration file {} cannot be read.", path));
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// The file that counts, or empty.
std::string find_file(std::string from_flag) {
  if (!from_flag.empty()) return from_flag;
  if (const char* named = std::getenv(config_variable.data()); named && *named) return named;
  std::error_code ignored;
  return std::filesystem::exists(usual_file, ignored) ? usual_file : "";
}

}  // namespace

base::result<std::vector<given_value>> read_environment(std::span<const setting> table,
                                                        std::span<const char* const> variables) {
  std::vector<std::string> names;
  for (const auto& row : table) names.push_back(variable_of(row));

  std::vector<given_value> given;
  complaints wrong;
  for (const std::string_view variable : variables) {
    if (!variable.starts_with(prefix)) continue;
    const auto equals = std::min(variable.find('='), variable.size());
    const auto name = variable.substr(0, equals);
    if (name == config_variable) continue;
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) {
      std::vector<std::string_view> candidates(names.begin(), names.end());
      candidates.push_back(config_variable);
      wrong.add(unknown("environment", name, nearest(name, candidates)));
      continue;
    }
    const auto& row = table[static_cast<std::size_t>(found - names.begin())];
    given.push_back({std::string(row.name),
                     std::string(variable.substr(std::min(equals + 1, variable.size()))), std::string(name)});
  }
  if (!wrong.none()) return wrong.fail();
  return given;
}

base::result<configuration> resolve(std::span<const setting> table,
                                    std::span<const std::vector<given_value>> layers) {
  configuration effective;
  std::vector<std::string_view> names;
  for (const auto& row : table) {
    names.push_back(row.name);
    effective.table.push_back({std::string(row.name), "", "default"});
  }

  complaints wrong;
  for (const auto& layer : layers) {
    for (const auto& value : layer) {
      const auto found = std::ranges::find(names, value.name);
      if (found == names.end()) {
        wrong.add(unknown(value.origin, value.name, nearest(value.name, names)));
        continue;
      }
      const auto index = static_cast<std::size_t>(found - names.begin());
      const auto& row = table[index];
      if (const auto done = row.assign(effective.values, value.text); !done) {
        // What a secret holds is not told, wrong or not.
        wrong.add(row.secret ? fmt::format("{}: {} cannot be read", value.origin, row.name)
                             : fmt::format("{}: {}: {}", value.origin, row.name, done.error().message));
        continue;
      }
      effective.table[index].origin = value.origin;
    }
  }
  if (!wrong.none()) return wrong.fail();

  for (std::size_t i = 0; i < table.size(); ++i) {
    auto shown = table[i].show(effective.values);
    effective.table[i].text = table[i].secret && !shown.empty() ? "(hidden)" : std::move(shown);
  }
  return effective;
}

base::result<configuration> load_configuration(std::string config_file, std::vector<given_value> flags) {
  const auto table = all_settings();
  std::vector<std::vector<given_value>> layers;

  if (const auto path = find_file(std::move(config_file)); !path.empty()) {
    auto text = read_file(path);
    if (!text) return base::pass(text);
    auto values = read_toml(*text, path);
    if (!values) return base::pass(values);
    layers.push_back(std::move(*values));
  }

  std::span<const char* const> variables;
  if (environ) {
    std::size_t count = 0;
    while (environ[count]) ++count;
    variables = {environ, count};
  }
  auto from_environment = read_environment(table, variables);
  if (!from_environment) return base::pass(from_environment);
  layers.push_back(std::move(*from_environment));
  layers.push_back(std::move(flags));
  return resolve(table, layers);
}

std::string to_text(const configuration& effective) {
  std::size_t name_width = 0;
  std::size_t text_width = 0;
  for (const auto& value : effective.table) {
    name_width = std::max(name_width, value.name.size());
    text_width = std::max(text_width, value.text.size());
  }
  std::string text;
  for (const auto& value : effective.table) {
    text += fmt::format("{:<{}}  {:<{}}  {}\n", value.name, name_width, value.text, text_width, value.origin);
  }
  return text;
}

}  // namespace dossier::app

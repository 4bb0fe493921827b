#include "app/configuration.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>
#include <unistd.h>

#include "base/expects.h"
#include "base/text.h"

namespace dossier::app {
namespace {

constexpr std::string_view prefix = "DOSSIER_";
constexpr std::string_view config_variable = "DOSSIER_CONFIG";
constexpr const char* usual_file = "dossier.toml";

// Collects the errors of all layers.
class complaints {
 public:
  void add(std::string sentence) { text_ += (text_.empty() ? "" : "\n") + std::move(sentence); }
  bool none() const { return text_.empty(); }
  std::unexpected<base::error> fail() const { return base::fail(base::error_code::invalid, text_); }

 private:
  std::string text_;
};

std::string unknown(std::string_view origin, std::string_view what,
                    const std::vector<std::string_view>& known) {
  const auto meant = nearest(what, known);
  if (is_near(what, meant))
    return fmt::format("{}: there is no setting {}; did you mean {}?", origin, what, meant);
  const auto table = what.substr(0, what.find('.') + 1);  // with its dot; empty without one
  std::vector<std::string_view> others;
  std::ranges::copy_if(known, std::back_inserter(others),
                       [&](std::string_view name) { return !table.empty() && name.starts_with(table); });
  if (others.empty()) {
    return fmt::format("{}: there is no setting {}; dossier config check lists them all.", origin, what);
  }
  return fmt::format("{}: there is no setting {}; there are {}.", origin, what, fmt::join(others, ", "));
}

base::result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return base::fail(base::error_code::not_found,
                      fmt::format("The configuration file {} cannot be read.", path));
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// The configuration file to read; empty when there is none.
std::string find_file(std::string from_flag) {
  if (!from_flag.empty()) return from_flag;
  if (const char* named = std::getenv(config_variable.data()); named && *named) return named;
  std::error_code ignored;
  return std::filesystem::exists(usual_file, ignored) ? usual_file : "";
}

// The value of a secret is never shown, even when it is wrong.
void assign(settings& to, const setting& row, const given_value& value, complaints& wrong) {
  const auto done = row.assign(to, value.text);
  if (done) return;
  wrong.add(row.secret && !row.read_late && !row.quiet
                ? fmt::format("{}: {} cannot be read", value.origin, row.name)
                : fmt::format("{}: {}: {}", value.origin, row.name, done.error().message));
}

// No password is read here, so spaces at the ends do not belong to the value.
base::result<std::string> follow(std::string_view text, reference_reader* reader) {
  if (!reader) return base::fail(base::error_code::invalid, "a reference cannot be read here");
  auto value = read_reference(text, *reader);
  if (value) value = std::string(base::trim(*value));
  return value;
}

}  // namespace

std::vector<given_value> read_environment(std::span<const setting> table,
                                          std::span<const char* const> variables) {
  std::vector<given_value> given;
  for (const std::string_view variable : variables) {
    const auto equals = variable.find('=');
    if (!variable.starts_with(prefix) || equals == std::string_view::npos) continue;
    const auto name = variable.substr(0, equals);
    const auto found = std::ranges::find(table, name, variable_of);
    if (found == table.end()) continue;
    given.push_back({std::string(found->name), std::string(variable.substr(equals + 1)), std::string(name)});
  }
  return given;
}

std::vector<std::string> unknown_variables(std::span<const setting> table,
                                           std::span<const char* const> variables) {
  std::vector<std::string> names = {std::string(config_variable)};
  for (const auto& row : table) names.push_back(variable_of(row));
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  std::vector<std::string> sentences;
  for (const std::string_view variable : variables) {
    const auto name = variable.substr(0, variable.find('='));
    if (!name.starts_with(prefix) || std::ranges::find(names, name) != names.end()) continue;
    sentences.push_back(unknown("environment", name, candidates));
  }
  return sentences;
}

base::result<configuration> resolve(std::span<const setting> table,
                                    std::span<const std::vector<given_value>> layers,
                                    reference_reader* reader) {
  configuration effective;
  std::vector<std::string_view> names;
  for (const auto& row : table) {
    base::expects(row.assign && row.show, "every setting can be read and shown");
    names.push_back(row.name);
    effective.table.push_back({std::string(row.name), "", "default"});
  }

  complaints wrong;
  std::map<std::size_t, given_value> references;  // by index in the table; read after all layers
  for (const auto& layer : layers) {
    for (const auto& value : layer) {
      const auto found = std::ranges::find(names, value.name);
      if (found == names.end()) {
        wrong.add(unknown(value.origin, value.name, names));
        continue;
      }
      const auto index = static_cast<std::size_t>(found - names.begin());
      effective.table[index].origin = value.origin;
      references.erase(index);
      if (is_reference(value.text) && !table[index].read_late) {
        references.emplace(index, value);
      } else {
        assign(effective.values, table[index], value, wrong);
      }
    }
  }
  for (const auto& [index, value] : references) {
    auto text = follow(value.text, reader);
    if (!text) {
      wrong.add(fmt::format("{}: {}: {}", value.origin, value.name, text.error().message));
      continue;
    }
    assign(effective.values, table[index], {value.name, std::move(*text), value.origin}, wrong);
    effective.table[index].origin += ", " + value.text;
  }
  if (!wrong.none()) return wrong.fail();

  for (std::size_t i = 0; i < table.size(); ++i) {
    auto shown = table[i].show(effective.values);
    const bool hidden = table[i].secret && !shown.empty() && !is_reference(shown);
    effective.table[i].text = hidden ? "(hidden)" : std::move(shown);
  }
  return effective;
}

namespace {

std::span<const char* const> environment_of_this_process() {
  std::size_t count = 0;
  while (environ && environ[count]) ++count;
  return {environ, count};
}

// Empty when there is no file.
base::result<std::vector<given_value>> read_configuration_file(const std::string& path) {
  if (path.empty()) return {};
  auto text = read_file(path);
  if (!text) return base::pass(text);
  return read_toml(*text, path);
}

}  // namespace

base::result<configuration> load_configuration(std::string config_file, std::vector<given_value> flags,
                                               reference_reader& reader) {
  const auto table = all_settings();
  const auto variables = environment_of_this_process();
  complaints wrong;
  auto from_file = read_configuration_file(find_file(std::move(config_file)));
  if (!from_file) {
    wrong.add(from_file.error().message);
    from_file.emplace();
  }
  for (auto& sentence : unknown_variables(table, variables)) wrong.add(std::move(sentence));

  const std::vector layers = {std::move(*from_file), read_environment(table, variables), std::move(flags)};
  auto effective = resolve(table, layers, &reader);
  if (!effective) wrong.add(effective.error().message);
  if (!wrong.none()) return wrong.fail();
  return effective;
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

// The TOML file as a layer of settings. toml++ is included here and nowhere else.

namespace {

// A value as it would be written in the environment; empty if it has no such form.
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

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Three rows of the usual table: swaps look two rows back.
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = a[i - 1] == b[j - 1];
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

bool is_near(std::string_view name, std::string_view candidate) {
  const auto close = [](std::string_view a, std::string_view b) {
    return 3 * edit_distance(a, b) <= a.size();
  };
  return close(name, candidate) ||
         close(name.substr(name.rfind('.') + 1), candidate.substr(candidate.rfind('.') + 1));
}

std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t best_distance = std::numeric_limits<std::size_t>::max();
  for (const auto candidate : candidates) {
    std::size_t distance = edit_distance(name, candidate);
    if (const auto dot = candidate.rfind('.'); dot != std::string_view::npos) {
      distance = std::min(distance, edit_distance(name, candidate.substr(dot + 1)) + 1);
    }
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace dossier::app

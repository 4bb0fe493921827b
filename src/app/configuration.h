// Effective settings from their four layers: built-in defaults < TOML file < DOSSIER_… environment < flags.
//
// An unknown key, in the file or in the environment, is an error that names the nearest known one; so is a
// value that cannot be read. All errors are reported together.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/references.h"
#include "app/settings.h"
#include "base/result.h"

namespace dossier::app {

// A value as one layer gives it, not parsed yet.
struct given_value {
  std::string name;  // of the setting: http.idle_time
  std::string text;
  std::string origin;  // where it is written: "dossier.toml, line 3", "DOSSIER_LISTEN"
};

struct effective_value {
  std::string name;
  std::string text;  // "(hidden)" for a secret that is set
  std::string origin;
};

struct configuration {
  settings values;
  std::vector<effective_value> table;  // in the order of all_settings()
};

// The values of a TOML file: tables become dotted names, arrays become lists. Errors name the file.
base::result<std::vector<given_value>> read_toml(std::string_view text, std::string_view file_name);

// The values of the DOSSIER_… variables among these ("NAME=value"). DOSSIER_CONFIG, which names the file,
// is left out.
std::vector<given_value> read_environment(std::span<const setting> table,
                                          std::span<const char* const> variables);
// A sentence for each DOSSIER_… variable among these that no setting has, with the nearest one that exists.
std::vector<std::string> unknown_variables(std::span<const setting> table,
                                           std::span<const char* const> variables);

// Later layers win. Once all layers are known, `reader` reads the values that are references; without it a
// reference is an error. References of settings that are read late (settings.h) stay as they are.
base::result<configuration> resolve(std::span<const setting> table,
                                    std::span<const std::vector<given_value>> layers,
                                    reference_reader* reader = nullptr);

// All layers of this process. `config_file` is what --config says; when it is empty the file is what
// DOSSIER_CONFIG says, or ./dossier.toml when there is one.
base::result<configuration> load_configuration(std::string config_file, std::vector<given_value> flags,
                                               reference_reader& reader);

// What `config check` prints.
std::string to_text(const configuration& effective);

// "Did you mean …": the known name that is nearest to an unknown one.

// How many insertions, removals, replacements and swaps of neighbours turn one into the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

// Whether `name` may be `candidate` mistyped: at most a third of it differs, or a third of what follows its
// last dot.
bool is_near(std::string_view name, std::string_view candidate);

// Compares `name` with whole candidates, and with what follows their last dot. Empty when there are none.
std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace dossier::app

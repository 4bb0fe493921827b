// Effective settings from their four layers: built-in defaults < TOML file < DOSSIER_… environment < flags.
//
// An unknown key, in the file or in the environment, is an error that names the nearest known one; so is a
// value that cannot be read. Every error is told at once.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/references.h"
#include "app/settings.h"
#include "base/result.h"

namespace dossier::app {

// A value as one layer gives it, before it is read.
struct given_value {
  std::string name;  // of the setting: http.idle_time
  std::string text;
  std::string origin;  // where it stands, as people find it again: "dossier.toml, line 3", "DOSSIER_LISTEN"
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

// The values of a TOML file (toml_file.cc): tables become dotted names, arrays lists. The name appears in
// errors.
base::result<std::vector<given_value>> read_toml(std::string_view text, std::string_view file_name);

// What the DOSSIER_… variables among these ("NAME=value") give. DOSSIER_CONFIG, which names the file, is left
// out.
std::vector<given_value> read_environment(std::span<const setting> table,
                                          std::span<const char* const> variables);
// A sentence for each DOSSIER_… variable among these that nothing reads, with the nearest one.
std::vector<std::string> unknown_variables(std::span<const setting> table,
                                           std::span<const char* const> variables);

// Later layers win. A value that is a reference is read there, once all layers are known; without a reader
// that is an error. Those of settings that are read late stay as they are.
base::result<configuration> resolve(std::span<const setting> table,
                                    std::span<const std::vector<given_value>> layers,
                                    reference_reader* elsewhere = nullptr);

// All layers of this process. `config_file`: as --config gave it, or empty: DOSSIER_CONFIG, or ./dossier.toml
// when there is one.
base::result<configuration> load_configuration(std::string config_file, std::vector<given_value> flags,
                                               reference_reader& elsewhere);

// What `config check` prints.
std::string to_text(const configuration& effective);

}  // namespace dossier::app

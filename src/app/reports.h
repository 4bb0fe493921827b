// The reports of the doctor and of an import, for people and for programs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/doctor.h"
#include "domain/origin_import.h"
#include "domain/store_check.h"

namespace dossier::app {

// Writes the doctor's report, for people and for programs.

// Everything that the doctor found.
struct examination {
  std::vector<domain::store_report> stores;
  std::optional<domain::doctor_report> compared = {};
  std::string not_compared = {};  // why they were not compared; empty if they were
  // Warnings and notes do not count.
  bool in_order() const { return compared && compared->in_step() && !domain::has_errors(stores); }
};

// How each store is by itself, then how they differ.
std::string to_text(const examination& found);
// One JSON object:
//
//   in_step, files, objects, items, in_progress, repaired, total_findings, strangers,
//   findings: [{kind, key, file, person, mendable, what_to_do}],
//   compared, not_compared (why not),
//   stores: [{store, where, reached, findings: [{severity, what, is, to_do}]}]
std::string to_json(const examination& found);

// What differs, by kind, with what to do; what was compared; a last line with the result.
std::string to_text(const domain::doctor_report& report);

// The report of an import, for people and for programs.

std::string to_text(const domain::import_report& report);
std::string to_json(const domain::import_report& report);

// One line without its end, as "People 120 of 500, files 3 of 40, 12 MB".
std::string to_line(const domain::import_progress& progress);

}  // namespace dossier::app

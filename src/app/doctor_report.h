// The doctor's report for people and for programs. Pure.
#pragma once

#include <string>

#include "domain/doctor.h"

namespace dossier::app {

// What differs, per kind, with what to do; what was compared; a last line that says how it stands.
std::string to_text(const domain::doctor_report& report);

// One JSON object: in_step, files, objects, items, in_progress, repaired, total_findings, strangers,
// findings: [{kind, key, file, person, mendable, what_to_do}].
std::string to_json(const domain::doctor_report& report);

}  // namespace dossier::app

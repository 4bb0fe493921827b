// The report of an import, for people and for programs.
#pragma once

#include <string>

#include "domain/origin_import.h"

namespace dossier::app {

std::string to_text(const domain::import_report& report);
std::string to_json(const domain::import_report& report);

// One line without its end, as "People 120 of 500, files 3 of 40, 12 MB".
std::string to_line(const domain::import_progress& progress);

}  // namespace dossier::app

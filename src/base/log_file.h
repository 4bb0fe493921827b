// What becomes of the lines of the log (log.h) where they are written.
#pragma once

#include <cstdint>

namespace dossier::base {

// Lines that were dropped since the start, or could not be written.
std::uint64_t lost_log_lines();

// Opens the file again that standard error led to when the log was started, under the name that it had then:
// it was moved away, to be kept. False when it was none, or cannot be opened.
bool reopen_log_file();

}  // namespace dossier::base

// What the kernel tells about this process, for /metrics.
#pragma once

#include <cstdint>

namespace dossier::app {

struct process_facts {
  std::uint64_t resident_bytes = 0;
  double cpu_seconds = 0;  // user and system
  int descriptors = 0;
  int threads = 0;
};

process_facts read_process_facts();

// When this process was started, in seconds since 1970.
double process_start_time();

}  // namespace dossier::app

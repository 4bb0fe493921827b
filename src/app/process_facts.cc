#include "app/process_facts.h"

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace dossier::app {
namespace {

// The fields of /proc/self/stat from the third on ("state" is 0): the second, the name, may hold spaces.
std::vector<std::string> stat_fields() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  const auto end = line.rfind(')');
  if (end == std::string::npos) return {};
  std::istringstream rest(line.substr(end + 1));
  std::vector<std::string> fields;
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

double ticks(const std::string& field) {
  return std::stod(field) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

process_facts read_process_facts() {
  process_facts facts;
  if (const auto fields = stat_fields(); fields.size() > 21) {
    facts.cpu_seconds = ticks(fields[11]) + ticks(fields[12]);
    facts.threads = std::stoi(fields[17]);
    facts.resident_bytes = std::stoull(fields[21]) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  }
  std::error_code ignored;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", ignored)) {
    ++facts.descriptors;
  }
  return facts;
}

double process_start_time() {
  const auto fields = stat_fields();
  std::ifstream uptime("/proc/uptime");
  double up = 0;
  if (fields.size() <= 19 || !(uptime >> up)) return 0;
  const double now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  return now - up + ticks(fields[19]);
}

}  // namespace dossier::app

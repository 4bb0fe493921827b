// How the doctor checks each store by itself, before it compares the stores: whether it answers, whether it
// is set up as Dossier needs it, and which permissions are missing. Stores implement store_check.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"

namespace dossier::domain {

enum class severity {
  note,     // for information
  warning,  // works, but data may be lost, or be seen by others
  error,    // does not work
};

struct store_finding {
  severity level = severity::note;
  std::string what;   // a word for programs: "versioning"
  std::string is;     // one sentence, safe to print
  std::string to_do;  // one sentence; empty: nothing is to be done
};

struct store_report {
  std::string store;       // records, objects, catalog; or aws, staging, which these need
  std::string where = {};  // "s3://files"
  bool reached = false;    // it answered, even if with an error
  std::vector<store_finding> findings = {};
};

struct check_depth {
  bool read_bytes = false;    // also make checks that take as long as reading all data
  bool probe_writes = false;  // also make checks that write an object and erase it
};

class store_check {
 public:
  virtual ~store_check() = default;
  // Changes nothing, except with probe_writes. A store that cannot be reached is a finding.
  virtual awaitable<store_report> look(check_depth how) = 0;
};

const char* to_string(severity level);
// True for records, objects and catalog; false for what they need (aws, staging).
bool is_about_a_store(const store_report& report);
bool has_errors(const std::vector<store_report>& reports);

}  // namespace dossier::domain

// The stores of data that exists already, for commands that work on the data itself.
#pragma once

#include <memory>
#include <optional>

#include "app/aws_session.h"
#include "app/settings.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "domain/doctor.h"
#include "domain/worker.h"
#include "stores/open.h"

namespace dossier::app {

// How a command checks that the stores belong to the records. made_sure_of: it may erase, so a store
// without a mark gets one. looked_at: it only looks, and writes no mark. unchecked: it uses the records
// alone, or sets the mark itself.
enum class whose { made_sure_of, looked_at, unchecked };

enum class if_none { refuse, make };

class existing_data {
 public:
  // not_found: there is none. conflict: an older version wrote it, and `dossier migrate` must come first.
  // Nothing is migrated here: nodes of the version before may still serve it.
  static base::result<std::unique_ptr<existing_data>> open(const settings& chosen, whose how,
                                                           if_none otherwise = if_none::refuse);

  domain::records& records() { return *stores_.records; }
  domain::object_store& objects() { return *stores_.objects; }
  domain::catalog& catalog() { return *stores_.catalog; }
  base::random_source& random() { return random_; }

  awaitable<base::result<domain::doctor_report>> examine(domain::doctor_options how);
  awaitable<base::result<void>> adopt();
  awaitable<base::result<int>> run_due() { return tasks_->run_due(); }

 private:
  existing_data() = default;
  base::result<void> make_sure(whose how);

  base::system_clock clock_;
  base::system_random random_;
  aws_session aws_;
  stores::opened_stores stores_;
  std::optional<domain::worker> tasks_;
};

// The flags that name the same stores to another command.
std::string flags_for(const settings& chosen);

}  // namespace dossier::app

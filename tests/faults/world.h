// One node in a small world: the real stores, in any mix (backends.h), behind decorators that fail on
// command; the use cases over them; a clock that the test moves. After each fault, recover() lets the worker
// do all tasks, and expect_in_step() asserts I2 and I3 (docs/architecture.md) by comparing the stores itself,
// without the doctor.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "domain/intake.h"
#include "domain/lease_keeper.h"
#include "domain/people.h"
#include "domain/worker.h"
#include "fakes/details.h"
#include "fakes/faults.h"
#include "fakes/faulty_catalog.h"
#include "fakes/faulty_objects.h"
#include "fakes/faulty_records.h"
#include "fakes/manual_clock.h"
#include "fakes/run.h"
#include "fakes/seeded_random.h"
#include "fakes/temporary_folder.h"
#include "faults/backends.h"
#include "stores/embedded.h"

namespace dossier {

struct upload {
  std::string name;
  std::string bytes;
};

class world {
  fakes::temporary_folder own_folder_;  // the first member, so that it is removed last

 public:
  explicit world(mix where = chosen_mix());
  ~world();

  // --- What clients do, through the stores that may fail.
  base::result<domain::submission_outcome> submit(domain::details_draft draft, std::vector<upload> uploads,
                                                  std::string key = {},
                                                  std::optional<domain::person_id> person = {});

  // --- What happens after a fault.
  // The stores answer again, leases end, and the worker works until no task is left.
  void recover();
  // As after the death of the process: its memory is gone, its stores are not.
  void restart();

  // --- What must be true.
  // I2 and I3: every stored row has its object and its item, which is found by its author. There is no other
  // object or item, and no task is left.
  void expect_in_step();
  // I1: the person is as acknowledged, every byte of the files is there, and the catalog has the author.
  void expect_whole(domain::person_id id, const domain::details& details, const std::vector<upload>& uploads);
  std::string bytes_of(const domain::file& which);
  std::vector<domain::person> everybody();
  std::map<std::string, std::uint64_t> objects_there();
  // The keys of an author's files, from the catalog.
  std::set<std::string> keys_by_author(const std::string& author);

  fakes::fault_plan plan;
  fakes::manual_clock clock;
  fakes::seeded_random random;
  backends below;
  stores::opened_stores real;
  std::unique_ptr<fakes::faulty_records> records;
  std::unique_ptr<fakes::faulty_objects> objects;
  std::unique_ptr<fakes::faulty_catalog> catalog;
  std::unique_ptr<domain::worker> worker;
  std::unique_ptr<domain::lease_keeper> leases;
  std::unique_ptr<domain::intake> intake;
  std::unique_ptr<domain::people> people;

 private:
  void build();
};

inline const domain::details_draft anna_draft =
    fakes::typed{.name = "Anna Berg", .location = "Oslo", .age = "41", .technology = "C++"};
inline const domain::details anna =
    fakes::known{.name = "Anna Berg", .location = "Oslo", .age = 41, .technology = "C++"};

// Random bytes: the same for the same length and seed, others for another seed.
std::string some_bytes(std::size_t length, unsigned seed);

// Runs `attempt` in a new world with operation 0, 1, 2, … going wrong in each way, until there are no more
// operations. `prepare` runs before, without faults. `judge` runs after the fault, and sees what `attempt`
// left in variables that both capture.
struct fault_scenario {
  std::function<void(world&)> prepare;
  std::function<void(world&)> attempt;
  std::function<void(world&)> judge;
};
void at_every_operation(const std::function<fault_scenario()>& make);

}  // namespace dossier

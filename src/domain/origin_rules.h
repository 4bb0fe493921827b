// Decides what of the origin may be imported, and whom each file belongs to. Pure functions, for
// origin_import.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/origin.h"
#include "domain/records.h"
#include "domain/values.h"

namespace dossier::domain {

// What is wrong with one field of a person's row.
struct origin_problem {
  std::string field;  // id, or a detail's name
  std::optional<std::string> given;
  std::string message;  // what it must be
  bool operator==(const origin_problem&) const = default;
};

struct importable_person {
  person_id id;
  domain::details details;
  bool operator==(const importable_person&) const = default;
};

// A person is imported whole or not at all: an invented age would be worse than none.
std::variant<importable_person, std::vector<origin_problem>> check_person(const origin_person& row);

// Whether the key looks like one that the origin made.
bool is_origin_key(std::string_view key);

// The key under which something that was imported is remembered. These keys are never forgotten (records.h),
// so that it is imported once, even when it is changed or deleted here afterwards.
idempotency_key import_key(person_id id);
idempotency_key import_key(const origin_object& object);

// Why a file stays where it is. The origin kept no link from a person to a file, only the author's name.
enum class file_obstacle {
  no_item,          // nothing says who its author is
  unknown_author,   // nobody has this name
  several_people,   // more than one person has this name
  person_left_out,  // the person with this name is not imported
  person_gone,      // the person was imported, and deleted here
  too_large,
  person_full,  // the person has as many files as a person may have
  vanished,     // the file or the person went while the import ran
};
std::string_view to_string(file_obstacle why);

enum class standing { here, left_out, gone };

// All people of the origin, by name: one who is not imported makes a name ambiguous, too.
class people_by_name {
 public:
  void add(const origin_person& row, standing how);

  struct match {
    std::variant<person_id, file_obstacle> answer;
    std::vector<std::string> ids;  // of all who have the name, as the origin has them
  };
  match find(const std::optional<std::string>& author) const;

 private:
  struct entry {
    std::vector<std::string> ids;
    standing how = standing::here;
  };
  std::map<std::string, entry, std::less<>> names_;
};

}  // namespace dossier::domain

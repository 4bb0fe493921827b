// Decides what may be imported from the origin, and to which person each file belongs. Used by
// origin_import.h; calls no store.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/origin_reader.h"
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

// Returns the person, or all problems. A person with a problem is not imported: an invented age would be
// worse than no person.
std::variant<importable_person, std::vector<origin_problem>> check_person(const origin_person& row);

// Whether the key looks like one that the origin made.
bool is_origin_key(std::string_view key);

// The idempotency key by which the records remember an import. These keys are never forgotten (records.h), so
// nothing is imported twice, even if it is changed or deleted in Dossier afterwards.
idempotency_key import_key(person_id id);
idempotency_key import_key(const origin_object& object);

// Why a file is not imported. The origin kept no link from a person to a file, only the author's name.
enum class file_obstacle {
  no_item,          // nothing says who its author is
  unknown_author,   // nobody has this name
  several_people,   // more than one person has this name
  person_left_out,  // the person with this name is not imported
  person_gone,      // the person was imported, and deleted in Dossier since
  too_large,
  person_full,  // the person has as many files as a person may have
  vanished,     // the file or the person was deleted while the import ran
};
std::string_view to_string(file_obstacle why);

// A person of the origin is in Dossier, is not imported, or was imported and deleted in Dossier since.
enum class standing { here, left_out, gone };

// All people of the origin by name, also those who are not imported: they make a name ambiguous, too.
class people_by_name {
 public:
  void add(const origin_person& row, standing how);

  struct match {
    std::variant<person_id, file_obstacle> answer;
    std::vector<std::string> ids;  // of all people with this name, as the origin writes them
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

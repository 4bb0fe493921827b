// What of the origin may come over, and whose file is whose. Pure; origin_import.h does it.
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

// What is wrong with a person's row, a field at a time.
struct origin_problem {
  std::string field;  // id, name, location, age, technology
  std::optional<std::string> given;
  std::string message;  // what it must be
  bool operator==(const origin_problem&) const = default;
};

struct importable_person {
  person_id id;
  domain::details details;
  bool operator==(const importable_person&) const = default;
};

// A person comes over whole or not at all: an invented age would be worse than none.
std::variant<importable_person, std::vector<origin_problem>> check_person(const origin_person& row);

// Whether the origin made an object of this key, as far as the key tells.
bool is_origin_key(std::string_view key);

// What is remembered of everything that came over: these keys are never forgotten (records.h), so that it
// comes once, also when it is changed or deleted here afterwards.
idempotency_key import_key(person_id id);
idempotency_key import_key(const origin_object& object);
sha256_digest fingerprint_of(const details& what);

// Why a file stays where it is. The origin kept no link from a person to a file, only the author's name.
enum class file_obstacle {
  no_item,          // nothing says who its author is
  unknown_author,   // nobody has this name
  several_people,   // more than one has
  person_left_out,  // the one who has it does not come over
  person_gone,      // they came over, and were deleted here
  too_large,
  person_full,  // they have as many files as a person may have
  vanished,     // the file or the person, while the import ran
};
std::string_view to_string(file_obstacle why);

enum class standing { here, left_out, gone };

// People by name, all of the origin's: also one who does not come over makes a name ambiguous.
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

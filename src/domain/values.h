// The values of the domain: ids, keys, people and files. The rules for them are in validation.h.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/expects.h"
#include "base/sha256.h"
#include "domain/field.h"

namespace dossier::domain {

using base::sha256_digest;
using base::time_point;

// The number of a person's record, as people say it: "no. 1042". The records store gives these numbers, from
// 1 on, and gives none twice.
struct person_id {
  std::int64_t value = 0;
  auto operator<=>(const person_id&) const = default;
};

struct file_id {
  std::int64_t value = 0;
  auto operator<=>(const file_id&) const = default;
};

// Where a file's bytes are in the object store: 32 random hexadecimal digits, chosen before the first byte.
// Never the user's file name, never a counter.
struct object_key {
  std::string value;
  auto operator<=>(const object_key&) const = default;
};

// Names the holder of a lease. Random. A write whose token is not that of the row has no effect (fencing).
struct lease_token {
  std::string value;
  auto operator<=>(const lease_token&) const = default;
};

// The details of a person after validate(): a value for each of detail_fields(), in the same order. A text is
// UTF-8, trimmed and without control characters; a number is in decimal digits; a field that was left empty
// is an empty text.
class details {
 public:
  details() : values_(detail_fields().size()) {}
  // One value for each field.
  explicit details(std::vector<std::string> values) : values_(std::move(values)) {
    base::expects(values_.size() == detail_fields().size(), "there is a value for each detail");
  }

  const std::string& name() const { return values_[name_field]; }
  const std::string& operator[](std::size_t field) const {
    base::expects(field < values_.size(), "a detail is one of those in the table of fields");
    return values_[field];
  }
  std::string& operator[](std::size_t field) {
    base::expects(field < values_.size(), "a detail is one of those in the table of fields");
    return values_[field];
  }
  // The value of a field that is a number; 0 if it was left empty.
  std::int64_t number(std::size_t field) const;
  std::size_t size() const { return values_.size(); }

  bool operator==(const details&) const = default;

 private:
  std::vector<std::string> values_;
};

struct file {
  file_id id;
  person_id person;
  object_key key;
  std::string name;        // as the user's machine called it, without folders
  std::uint64_t size = 0;  // bytes
  std::string media_type;  // from its first bytes (media_type.h), not from what the client said
  sha256_digest digest = {};
  time_point created_at;
};

// A person is read with this many of their files at most. The full list is read page by page
// (records::list_files), so that no answer grows with the number of files. The oldest file is the one whose
// upload began first: a file gets its id then.
inline constexpr std::size_t files_with_person = 20;
// A person's photo is looked for among this many of their oldest files.
inline constexpr int files_seen_for_photo = 100;

// The version of a person that was submitted and not changed since.
inline constexpr std::int64_t first_version = 1;

struct person {
  person_id id;
  domain::details details;
  std::vector<file> files;       // the oldest stored files; at most files_with_person
  std::int64_t file_count = 0;   // of all files, not only those above
  std::optional<file_id> photo;  // shown for the person: the first file that is a picture
  time_point created_at;
  time_point updated_at;
  std::int64_t version = 1;  // grows by one with every change of details or files
};

// Call it with each file that was read, the oldest first. Adds the file, unless the person has
// files_with_person of them already, and finds the photo. Does not change file_count.
void take_file(person& who, file next);

// Whether the person has more files than were read with them.
bool has_more_files(const person& who);

// Something that happened to a person's record. Says what changed, but not the old or the new value.
struct history_entry {
  time_point at;
  std::string action;        // created, edited, files_added, file_removed
  std::string what;          // "name, age", "3 files", "photo.png"
  std::int64_t account = 0;  // whose doing it was; 0: nobody's who was signed in
  std::string by = {};       // the account's name; empty: the account was removed
};

}  // namespace dossier::domain

// The words of the domain: ids, keys, what a person and a file are. Plain values; rules are in validation.h.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/sha256.h"

namespace dossier::domain {

using base::sha256_digest;
using base::time_point;

// The record's number, as people say it: "no. 1042". Given by the records store, from 1, never used twice.
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

// Who holds a lease. Random; a write that names a token other than the row's does nothing (fencing).
struct lease_token {
  std::string value;
  auto operator<=>(const lease_token&) const = default;
};

// The details of a person, as validate() let them through: UTF-8, trimmed, no control characters.
struct details {
  std::string name;        // 1 to 200 characters
  std::string location;    // 1 to 200 characters
  int age = 0;             // 0 to 150
  std::string technology;  // 1 to 200 characters
  bool operator==(const details&) const = default;
};

struct file {
  file_id id;
  person_id person;
  object_key key;
  std::string name;        // as the user's machine called it, without folders
  std::uint64_t size = 0;  // bytes
  std::string media_type;  // by signature (media_type.h), not as declared
  sha256_digest digest = {};
  time_point created_at;
};

// How many of a person's files come with the person. All of them are read page by page
// (records::list_files), so that no answer grows with the number of somebody's files. The oldest file is the
// one whose upload began first: it got its id then.
inline constexpr std::size_t files_with_person = 20;
// The picture that stands for a person is looked for among so many of their oldest files.
inline constexpr int files_seen_for_photo = 100;

struct person {
  person_id id;
  domain::details details;
  std::vector<file> files;       // the oldest, stored ones only; at most files_with_person
  std::int64_t file_count = 0;   // of all of them
  std::optional<file_id> photo;  // the picture that stands for the person: the first file that is one
  time_point created_at;
  time_point updated_at;
  std::int64_t version = 1;  // grows by one with every change of details or files
};

// To be called with each file that was read, the oldest first: keeps it, or passes it over when enough came
// with the person already, and finds the photo. Leaves file_count alone.
void take_file(person& who, file next);

// Whether the person has more files than came with them.
bool has_more_files(const person& who);

// Something that happened to a person's record. Says what changed, not from what to what.
struct history_entry {
  time_point at;
  std::string action;  // created, edited, files_added, file_removed
  std::string what;    // "name, age", "3 files", "photo.png"
};

}  // namespace dossier::domain

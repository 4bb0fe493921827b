// A catalog item as an item of DynamoDB. The table's key and the author are the origin's, the rest is ours:
//
//   filename   S  the object's key        Size       N  bytes
//   Author     S  the person's name       Sha256     S  64 lower-case hexadecimal digits
//   PersonId   N                          MediaType  S
//   FileId     N                          CreatedAt  N  milliseconds since 1970, UTC
//   Name       S  the file's own name
//
// An item without FileId is the origin's (filename and Author only) or somebody else's: not one of ours.
#pragma once

#include <optional>

#include "aws/dynamodb.h"
#include "domain/catalog.h"

namespace dossier::stores {

inline constexpr std::string_view filename_attribute = "filename";
inline constexpr std::string_view author_attribute = "Author";

// An empty author is left out: the key of an index cannot be empty.
aws::dynamodb::item to_dynamodb(const domain::catalog_item& what);

// Nothing when it is not one of ours. What is missing or of another type in one of ours is read as empty: the
// doctor sees that it differs from the record, and writes it again.
std::optional<domain::catalog_item> from_dynamodb(const aws::dynamodb::item& what);

// The item that says which records the catalog belongs to: without an author and FileId, so that no query of
// an author shows it, and it is none of ours for who walks through the table.
inline constexpr std::string_view mark_key = "dossier-records";
inline constexpr std::string_view mark_attribute = "Records";
aws::dynamodb::item mark_of(const domain::records_identity& who);

aws::dynamodb::item key_of(const domain::object_key& key);

}  // namespace dossier::stores

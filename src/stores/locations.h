// Where each store is: one of two kinds for each role, in any mix. Values only; open_stores() opens them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>

namespace dossier::stores {

struct sqlite_location {
  std::filesystem::path file;
  bool operator==(const sqlite_location&) const = default;
};

struct mysql_location {
  std::string user;
  std::string host;  // a name or an address, without brackets; empty: it comes from another setting
  std::uint16_t port = 3306;
  std::string database;
  bool operator==(const mysql_location&) const = default;
};

struct folder_location {
  std::filesystem::path folder;
  bool operator==(const folder_location&) const = default;
};

struct s3_location {
  std::string bucket;
  std::string prefix = {};  // of every key; a slash is added at its end if it is missing
  bool operator==(const s3_location&) const = default;
};

struct dynamodb_location {
  std::string table;
  std::string author_index = "Author-index";  // hash key Author, range key filename, all attributes
  bool operator==(const dynamodb_location&) const = default;
};

using records_location = std::variant<sqlite_location, mysql_location>;
using objects_location = std::variant<folder_location, s3_location>;
using catalog_location = std::variant<sqlite_location, dynamodb_location>;

struct locations {
  records_location records;
  objects_location objects;
  catalog_location catalog;
};

}  // namespace dossier::stores

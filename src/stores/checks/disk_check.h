// Examines what is on this machine's disks: SQLite databases, the folder of files, and the folder where parts
// of uploads to S3 are staged.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "domain/store_check.h"

namespace dossier::stores {

// A finding if `left`, the free bytes, are fewer than `needed`. Pure.
std::optional<domain::store_finding> check_room(std::uint64_t left, std::uint64_t needed,
                                                const std::string& folder);

class sqlite_check final : public domain::store_check {
 public:
  // `store` is "records" or "catalog".
  sqlite_check(std::string store, std::filesystem::path file)
      : store_(std::move(store)), file_(std::move(file)) {}
  // Reads the whole database if `how` says to read the bytes. Blocks.
  awaitable<domain::store_report> look(domain::check_depth how) override;

 private:
  std::string store_;
  std::filesystem::path file_;
};

class folder_check final : public domain::store_check {
 public:
  // room: bytes that should be free. alone: other users must not be able to open the folder.
  struct demands {
    std::string store;  // "objects" or "staging"
    std::uint64_t room = 0;
    bool alone = true;
  };
  folder_check(std::filesystem::path folder, demands wanted)
      : folder_(std::move(folder)), wanted_(std::move(wanted)) {}
  awaitable<domain::store_report> look(domain::check_depth how) override;

 private:
  std::filesystem::path folder_;
  demands wanted_;
};

}  // namespace dossier::stores

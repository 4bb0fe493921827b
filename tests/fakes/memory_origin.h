// An origin in memory: rows, objects and items as a test puts them there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "domain/origin_reader.h"
#include "fakes/memory_source.h"

namespace dossier::fakes {

class memory_origin final : public domain::origin_reader {
 public:
  std::vector<domain::origin_person> rows;   // in order of id
  std::map<std::string, std::string> files;  // their bytes, by key
  std::vector<domain::origin_item> authors;

  awaitable<base::result<std::int64_t>> count_people() override { co_return std::ssize(rows); }
  // One item at a time, so that there are several pages.
  awaitable<base::result<std::vector<domain::origin_person>>> people(std::string after, int) override {
    bool seen = after.empty();
    for (const auto& row : rows) {
      if (seen) co_return std::vector{row};
      seen = row.id == after;
    }
    co_return std::vector<domain::origin_person>();
  }
  awaitable<base::result<std::vector<domain::origin_object>>> objects(std::string after, int) override {
    const auto next = files.upper_bound(after);
    std::vector<domain::origin_object> page;
    if (next != files.end()) page.push_back({next->first, "bucket/" + next->first, next->second.size()});
    co_return page;
  }
  awaitable<base::result<domain::origin_items>> items(std::string) override {
    co_return domain::origin_items{authors, {}};
  }
  awaitable<base::result<std::unique_ptr<base::byte_source>>> open(domain::origin_object which) override {
    const auto found = files.find(which.key);
    if (found == files.end()) co_return base::fail(base::error_code::not_found, "It is gone.");
    co_return std::make_unique<memory_source>(found->second);
  }
};

}  // namespace dossier::fakes

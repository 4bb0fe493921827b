// DynamoDB in memory, as the transport of a client: one table with an index by author, as a deployment makes
// it. What DynamoDB refuses is refused. A request that none of our stores makes is a mistake of the test
// (std::logic_error).
//
//   memory_dynamodb table;
//   table.longest_page = 2;
//   stores::dynamodb_catalog catalog(client, table.place(), memory_dynamodb::index, {});
#pragma once

#include <map>
#include <string>
#include <vector>

#include "aws/services/dynamodb.h"
#include "aws/transport/transport.h"

namespace dossier::fakes {

class memory_dynamodb final : public aws::transport {
 public:
  using item = aws::dynamodb::item;
  static constexpr const char* name = "catalog";        // hash key: filename
  static constexpr const char* index = "Author-index";  // hash key: Author, range key: filename
  aws::dynamodb::table place() const;

  std::size_t longest_page = 1'000;  // items that one Query or Scan looks at: the limit of 1 MB
  std::size_t longest_batch = 25;    // writes that are done of each batch; the others are handed back

  awaitable<aws::sent<aws::response>> send(aws::http_request request) override;
  awaitable<aws::sent<aws::streamed_response>> open(aws::http_request request) override;

  const std::map<std::string, item>& items() const { return items_; }
  const std::vector<std::string>& calls() const { return calls_; }

 private:
  struct call;
  aws::response serve(const aws::http_request& request);
  std::string perform(const call& what);
  std::string write_batch(const call& what);
  std::string query(const call& what) const;
  std::string scan(const call& what) const;

  std::map<std::string, item> items_;
  std::vector<std::string> calls_;
};

}  // namespace dossier::fakes

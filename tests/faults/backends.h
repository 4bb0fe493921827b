// Where the stores of a world are: each in one of two kinds, in any mix. SQLite and the folder are the real
// ones, in a folder of the world; MySQL or MariaDB is a real server; S3 and DynamoDB are in memory, below the
// real stores and the real client. A program runs on one mix, which its environment chooses:
//
//   DOSSIER_TEST_RECORDS=mysql DOSSIER_TEST_OBJECTS=s3 DOSSIER_TEST_CATALOG=dynamodb faults_tests
//
// ./test runs all of them (tools/test/mixes.py).
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "domain/values.h"
#include "fakes/manual_clock.h"
#include "fakes/memory_aws.h"
#include "fakes/mysql_on_test_clock.h"
#include "stores/embedded.h"

namespace dossier {

struct mix {
  bool mysql = false;
  bool s3 = false;
  bool dynamodb = false;
};
mix chosen_mix();

class backends {
 public:
  // The folder and the clock outlive this.
  backends(mix where, std::filesystem::path folder, fakes::manual_clock& clock);
  ~backends();

  // As often as a node starts; what was opened before is gone by then.
  stores::opened_stores open();
  // Calls to AWS work again, and those that nobody waits for any more arrive.
  void settle();

  // Nothing of the objects is left but what belongs to these keys: neither part nor version nor delete
  // marker. A deletion that arrived late has left a marker all the same, but no bytes.
  void expect_no_traces_but_of(const std::set<std::string>& keys) const;
  // As an upload of this key that was cut off, and a file of somebody else's.
  void leave_unfinished(const domain::object_key& key);
  bool has_unfinished(const domain::object_key& key) const;
  void leave_stranger(const std::string& name);
  bool has_stranger(const std::string& name) const;

  fakes::memory_aws aws;  // empty where neither S3 nor DynamoDB is chosen

 private:
  std::filesystem::path unfinished_in_folder(const domain::object_key& key) const;

  const mix where_;
  const std::filesystem::path folder_;
  fakes::manual_clock& clock_;
  std::unique_ptr<fakes::mysql_on_test_clock> database_;
  std::size_t late_ = 0;  // calls that arrived when nobody waited for them
};

}  // namespace dossier

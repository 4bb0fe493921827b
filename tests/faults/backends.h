// The stores of a world: each is one of two kinds, in any mix. SQLite and the folder are the real ones, in
// the world's own folder; MySQL or MariaDB is a real server; S3 and DynamoDB are in memory, below the real
// stores and the real client. A program runs on one mix, which its environment chooses:
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

  // May be called again, as a node starts again; what was opened before must be closed by then.
  stores::opened_stores open();
  // Calls to AWS work again, and those that were to land late land now.
  void settle();

  // In S3 no part, version or delete marker is left, except those of these keys. Where calls landed late, a
  // delete marker without bytes may be left.
  void expect_no_traces_but_of(const std::set<std::string>& keys) const;
  // Leaves what an upload of this key leaves when it is cut off, or a file that Dossier did not make.
  void leave_unfinished(const domain::object_key& key);
  bool has_unfinished(const domain::object_key& key) const;
  void leave_stranger(const std::string& name);
  bool has_stranger(const std::string& name) const;

  fakes::memory_aws aws;  // unused where neither S3 nor DynamoDB is chosen

 private:
  std::filesystem::path unfinished_in_folder(const domain::object_key& key) const;

  const mix where_;
  const std::filesystem::path folder_;
  fakes::manual_clock& clock_;
  std::unique_ptr<fakes::mysql_on_test_clock> database_;
  std::size_t late_ = 0;  // calls that landed after their callers had stopped waiting
};

}  // namespace dossier

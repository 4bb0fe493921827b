// AWS on this machine: one moto server for the test program, started when it is first asked for. It ends with
// the program, whatever way that goes.
#pragma once

#include <memory>
#include <string>

#include <sys/types.h>

#include "aws/access.h"
#include "base/clock.h"
#include "base/random.h"

namespace dossier::fakes {

class moto_server {
 public:
  static moto_server& shared();
  ~moto_server();
  moto_server(const moto_server&) = delete;
  moto_server& operator=(const moto_server&) = delete;

  // Access to it, as a process would have it whose environment names it.
  aws::access& access() { return *access_; }

  // A new bucket or table, and its name.
  std::string make_bucket();
  void keep_versions(const std::string& bucket);
  // With the key `filename` and the index Author-index.
  std::string make_table();
  // Any call; throws when it fails.
  aws::response call(aws::request what);

 private:
  moto_server();
  void start();
  void connect();

  pid_t process_ = 0;
  int to_child_ = -1;  // it ends when this is closed
  std::string url_;
  base::system_clock clock_;
  base::system_random random_;
  std::unique_ptr<aws::access> access_;
  int names_ = 0;
};

}  // namespace dossier::fakes

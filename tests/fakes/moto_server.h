// AWS on this machine: a moto server of the test's own on a free port. It ends with the object, and with the
// test's process.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>

#include "aws/credentials/environment.h"

namespace dossier::fakes {

class moto_server {
 public:
  // Throws when the tests' Python packages are not there (./test installs them) or it does not start.
  moto_server();
  ~moto_server();
  moto_server(const moto_server&) = delete;
  moto_server& operator=(const moto_server&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // Variables as a process would have them: endpoint, region, keys.
  aws::environment variables(std::map<std::string, std::string, std::less<>> more = {}) const;

 private:
  pid_t process_ = 0;
  int standard_input_ = -1;
  int port_ = 0;
};

// The interpreter of the tests' Python packages.
std::string test_python();

}  // namespace dossier::fakes

// Just enough of a MySQL server for a client to send it a token: TLS, then the switch to
// mysql_clear_password, as RDS does for its IAM tokens. Serves one connection, up to the end of its log-in.
#pragma once

#include <cstdint>
#include <string>
#include <thread>

#include "fakes/certificates.h"

namespace dossier::stores::sql {

class token_server {
 public:
  explicit token_server(const fakes::certificate_files& identity);
  ~token_server();
  token_server(const token_server&) = delete;
  token_server& operator=(const token_server&) = delete;

  std::uint16_t port() const { return port_; }
  // What the client sent in clear text; waits for the connection to end.
  std::string token();

 private:
  void serve(const fakes::certificate_files& identity);

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::string token_;
  std::jthread thread_;
};

}  // namespace dossier::stores::sql

// The listener of its own for /metrics and /healthz (operations.listen). Whoever reaches it may use them: it
// is for a network that only operators reach.
#pragma once

#include <memory>
#include <vector>

#include "app/serve_settings.h"
#include "web/frame.h"

namespace dossier::app {

class operations_server {
 public:
  // Listens, and answers from start() on. `ctx` must outlive it. Errors: as http::server::listen().
  static base::result<std::unique_ptr<operations_server>> listen(const settings& chosen,
                                                                 const listen_address& where,
                                                                 const web::context& ctx);
  void start() { server_->start(); }
  listen_address address() const;
  // Answers the running requests and ends. False: something still runs, and it must not be destroyed.
  bool end();

 private:
  operations_server(const web::context& ctx, listen_address where);

  web::context context_;
  std::vector<web::route> routes_;
  web::frame handler_;
  listen_address where_;
  base::upload_memory memory_;
  std::unique_ptr<http::server> server_;
};

}  // namespace dossier::app

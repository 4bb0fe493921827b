// What stands around every request: the guard's checks, then the route's handler, then the headers that every
// answer carries. make_site() fills it with the routes of pages, API and operations.
#pragma once

#include <vector>

#include "http/message.h"
#include "web/context.h"
#include "web/problem.h"
#include "web/request_guard.h"
#include "web/router.h"

namespace dossier::web {

class frame final : public http::handler {
 public:
  // `settings` outlives the frame.
  frame(const web_settings& settings, router routes);

  awaitable<http::response> handle(http::request& req) override;
  http::response error_page(unsigned status, std::string_view message, std::string_view id,
                            std::string_view accept) override;

 private:
  awaitable<http::response> answer(http::request& req);

  const web_settings& settings_;
  request_guard guard_;
  router routes_;
};

}  // namespace dossier::web

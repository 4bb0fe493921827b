// What stands around every request: its route is found, the guard checks, the route's handler answers, and
// the headers that every answer carries are added.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "web/context.h"
#include "web/request_guard.h"
#include "web/router.h"
#include "web/routes.h"

namespace dossier::web {

// The headers that every answer carries, added once, after the handler. What a handler set itself stays.
void add_common_headers(http::response& answer, const http::request* req, const web_settings& settings);

// A header that is set in the answer, its name in any case.
std::optional<std::string_view> find_header(const http::response& answer, std::string_view name);

class frame final : public http::handler {
 public:
  // `ctx` outlives the frame. The routes are all of Dossier's, but for tests.
  explicit frame(const context& ctx, std::span<const route> routes = all_routes());

  awaitable<http::response> handle(http::request& req) override;
  http::response error_page(unsigned status, std::string_view message, std::string_view id,
                            std::string_view accept) override;

 private:
  awaitable<http::response> answer(http::request& req);

  const context& ctx_;
  request_guard guard_;
  router routes_;
};

}  // namespace dossier::web

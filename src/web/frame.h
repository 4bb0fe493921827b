// Handles every request: finds its route, lets the guard check it, calls the route's handler, and adds the
// headers that every answer carries.
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

// Adds the headers that every answer carries, once, after the handler. Headers that the handler set stay.
void add_common_headers(http::response& answer, const http::request* req, const web_settings& settings);

// The value of a header of the answer; empty if it is not set. Case does not matter in the name.
std::optional<std::string_view> find_header(const http::response& answer, std::string_view name);

class frame final : public http::handler {
 public:
  // `ctx` must outlive the frame. A test may pass routes of its own.
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

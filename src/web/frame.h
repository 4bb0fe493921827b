// The frame around all handlers, and the guard that it asks before it calls one.
#pragma once

#include <atomic>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
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

// Handles every request: finds its route, lets the guard check it, calls the route's handler, and adds the
// headers that every answer carries.
class frame final : public http::handler {
 public:
  // `ctx` must outlive the frame. A test may pass routes of its own.
  explicit frame(const context& ctx, std::span<const route> routes = all_routes());

  awaitable<http::response> handle(http::request& req) override;
  http::response error_page(unsigned status, std::string_view message, std::string_view id,
                            std::string_view accept) override;

 private:
  awaitable<http::response> answer(http::request& req);
  awaitable<base::result<visitor>> identify(const http::request& req, const route& asked) const;
  bool is_on_this_machine(const http::request& req) const;
  bool lacks_second_factor(const visitor& one) const;
  std::optional<http::response> ask_for_password(const http::request& req, const visitor& from,
                                                 const route& asked) const;
  std::optional<http::response> limit(http::request& req, const visitor& from, counted kind);
  awaitable<base::result<void>> ask_again(const http::request& req, const route& asked) const;

  const context& ctx_;
  request_guard guard_;
  router routes_;
  rate_limiter limiter_;
  std::atomic<bool> warned_of_proxy_ = false;
};

}  // namespace dossier::web

#include "app/operations_server.h"

#include <utility>

#include "base/expects.h"

namespace dossier::app {
namespace {

using namespace std::chrono_literals;

constexpr connection_share few_connections{.connections = 64, .turned_away = 8};
constexpr auto drain_limit = 1s;
constexpr auto stop_limit = 5s;

// The routes for operators, and the probes. Monitoring asks for them by whatever name the machine has.
std::vector<web::route> routes_for_operators() {
  std::vector<web::route> some;
  for (auto one : web::all_routes()) {
    const bool probe = one.pattern == "/livez" || one.pattern == "/readyz";
    if (one.may_use != web::who::operator_ && !probe) continue;
    one.may_use = web::who::anyone;
    one.from = web::sent_from::any_host;
    some.push_back(one);
  }
  base::expects(some.size() == 4, "there are two routes for operators and two probes");
  return some;
}

web::context open_context(web::context ctx) {
  ctx.sign_in = nullptr;
  ctx.set_up = nullptr;
  return ctx;
}

}  // namespace

operations_server::operations_server(const web::context& ctx, listen_address where)
    : context_(open_context(ctx)),
      routes_(routes_for_operators()),
      handler_(context_, routes_),
      where_(std::move(where)),
      memory_(base::upload_memory::usual_limit) {}

base::result<std::unique_ptr<operations_server>> operations_server::listen(const settings& chosen,
                                                                           const listen_address& where,
                                                                           const web::context& ctx) {
  auto one = std::unique_ptr<operations_server>(new operations_server(ctx, where));
  auto settings = server_settings_of(chosen, where, few_connections, one->memory_);
  settings.threads = 1;
  // Without TLS: monitoring asks by whatever name the machine has, for which there is no certificate.
  settings.certificate_file.clear();
  settings.key_file.clear();
  auto listening = http::server::listen(std::move(settings), one->handler_, [](const http::exchange&) {});
  if (!listening) return base::pass(listening);
  one->server_ = std::move(*listening);
  return one;
}

listen_address operations_server::address() const {
  return {where_.host, server_->port()};
}

bool operations_server::end() {
  server_->drain(drain_limit);
  return server_->stop(stop_limit);
}

}  // namespace dossier::app

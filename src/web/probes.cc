// The endpoints for operators: whether the process runs, takes requests and reaches its stores, and its
// metrics.
#include <utility>

#include "base/json_text.h"
#include "web/routes.h"

namespace dossier::web {
namespace {

constexpr const char* plain_text = "text/plain; charset=utf-8";

std::string health_json(const std::vector<store_health>& stores, bool all_healthy) {
  std::string json = all_healthy ? R"({"status":"ok","stores":[)" : R"({"status":"unavailable","stores":[)";
  for (const auto& each : stores) {
    if (json.back() != '[') json += ',';
    json += R"({"store":)";
    base::append_json_string(json, each.store);
    json += each.healthy ? R"(,"healthy":true,"detail":)" : R"(,"healthy":false,"detail":)";
    base::append_json_string(json, each.detail);
    json += '}';
  }
  json += "]}\n";
  return json;
}

}  // namespace

awaitable<http::response> probes::get_livez(const context&, routed_request) {
  co_return http::text_response(200, plain_text, "ok\n");
}

awaitable<http::response> probes::get_readyz(const context& ctx, routed_request) {
  if (ctx.ops.ready && !ctx.ops.ready()) co_return http::text_response(503, plain_text, "not ready\n");
  co_return http::text_response(200, plain_text, "ok\n");
}

awaitable<http::response> probes::get_healthz(const context& ctx, routed_request) {
  std::vector<store_health> stores;
  if (ctx.ops.check_stores) stores = co_await ctx.ops.check_stores();
  bool all_healthy = true;
  for (const auto& each : stores) all_healthy = all_healthy && each.healthy;
  co_return http::text_response(all_healthy ? 200 : 503, "application/json",
                                health_json(stores, all_healthy));
}

awaitable<http::response> probes::get_metrics(const context& ctx, routed_request) {
  std::string text;
  if (ctx.ops.metrics) text = co_await ctx.ops.metrics();
  co_return http::text_response(200, "text/plain; version=0.0.4; charset=utf-8", std::move(text));
}

}  // namespace dossier::web

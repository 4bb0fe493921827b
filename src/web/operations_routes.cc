#include <utility>

#include "web/json_text.h"
#include "web/site.h"

namespace dossier::web {
namespace {

http::response text_response(unsigned status, std::string text) {
  http::response answer;
  answer.status = status;
  answer.set("Content-Type", "text/plain; charset=utf-8");
  answer.body = std::move(text);
  return answer;
}

// The process answers; nothing else is asked, so that a store that is away does not get it restarted.
awaitable<http::response> get_livez() {
  co_return text_response(200, "ok\n");
}

// Shallow too: whether to send requests here. All nodes share the stores, so one that is away would take all
// of them out at once.
awaitable<http::response> get_readyz(const context& ctx) {
  if (ctx.ops.ready && !ctx.ops.ready()) co_return text_response(503, "not ready\n");
  co_return text_response(200, "ok\n");
}

std::string health_json(const std::vector<store_health>& stores, bool all_healthy) {
  std::string json = all_healthy ? R"({"status":"ok","stores":[)" : R"({"status":"unavailable","stores":[)";
  for (const auto& each : stores) {
    if (json.back() != '[') json += ',';
    json += R"({"store":)";
    append_json_string(json, each.store);
    json += each.healthy ? R"(,"healthy":true,"detail":)" : R"(,"healthy":false,"detail":)";
    append_json_string(json, each.detail);
    json += '}';
  }
  json += "]}\n";
  return json;
}

awaitable<http::response> get_healthz(const context& ctx) {
  std::vector<store_health> stores;
  if (ctx.ops.check_stores) stores = co_await ctx.ops.check_stores();
  bool all_healthy = true;
  for (const auto& each : stores) all_healthy = all_healthy && each.healthy;
  http::response answer;
  answer.status = all_healthy ? 200 : 503;
  answer.set("Content-Type", "application/json");
  answer.body = health_json(stores, all_healthy);
  co_return answer;
}

awaitable<http::response> get_metrics(const context& ctx) {
  std::string text;
  if (ctx.ops.metrics) text = co_await ctx.ops.metrics();
  http::response answer;
  answer.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  answer.body = std::move(text);
  co_return answer;
}

}  // namespace

std::vector<route> operations_routes(const context& ctx) {
  return {
      {"GET", "/livez",
       [](routed_request) {
         return get_livez();
       }},
      {"GET", "/readyz",
       [&ctx](routed_request) {
         return get_readyz(ctx);
       }},
      {"GET", "/healthz",
       [&ctx](routed_request) {
         return get_healthz(ctx);
       }},
      {"GET", "/metrics",
       [&ctx](routed_request) {
         return get_metrics(ctx);
       }},
  };
}

}  // namespace dossier::web

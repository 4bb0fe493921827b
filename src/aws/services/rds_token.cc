#include "aws/services/rds_token.h"

#include <utility>

namespace dossier::aws {
namespace {

constexpr std::chrono::minutes valid{15};

}  // namespace

awaitable<outcome<std::string>> rds_token(client& calls, rds_login login) {
  request connect{
      .what = {"rds-db", "connect", "rds-db:connect"},
      .where = {.host = std::move(login.host), .port = login.port, .region = std::move(login.region)},
      .query = {{"Action", "connect"}, {"DBUser", std::move(login.user)}}};
  auto url = co_await calls.presigned(std::move(connect), valid);
  if (url) url->erase(0, std::string_view("https://").size());
  co_return url;
}

}  // namespace dossier::aws

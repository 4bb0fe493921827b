#include "web/pages/answer.h"

namespace dossier::web {

http::response html_answer(unsigned status, std::string html) {
  http::response answer;
  answer.status = status;
  answer.set("Content-Type", "text/html; charset=utf-8");
  answer.body = std::move(html);
  return answer;
}

http::response see_other(std::string address) {
  http::response answer;
  answer.status = 303;
  answer.set("Location", std::move(address));
  return answer;
}

page_frame frame_of(const context& ctx, std::string title, std::string_view here) {
  return {.title = std::move(title),
          .here = here,
          .search = {},
          .version = ctx.settings.version,
          .only_here = ctx.settings.allowed_hosts.empty(),
          .has_errors = false};
}

}  // namespace dossier::web

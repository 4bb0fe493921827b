#include "aws/fetch.h"

#include <utility>

#include "aws/judging.h"

namespace dossier::aws {
namespace {

constexpr int most_attempts = 3;

}  // namespace

awaitable<outcome<response>> fetch(transport& via, http_request what, std::string_view whose) {
  const request described{.what = {.service = whose}};
  what.max_response = std::size_t{64} << 10;
  for (int attempt = 1;; ++attempt) {
    auto answered = co_await via.send(what);
    auto judged = co_await judge(described, std::move(answered));
    if (judged) co_return judged;
    const auto& failed = judged.error();
    const bool again = failed.status >= 500 || failed.code == "ConnectionCut";
    if (!again || attempt == most_attempts) co_return judged;
  }
}

}  // namespace dossier::aws

#include "aws/clock_skew.h"

#include "aws/error_kind.h"

namespace dossier::aws {
namespace {

// AWS accepts five minutes; some room for the way there.
constexpr std::chrono::minutes tolerated{4};

}  // namespace

std::optional<std::chrono::milliseconds> skew_behind(const error& failed, base::time_point now) {
  if (!failed.date || !may_be_clock_skew(failed.code)) return std::nullopt;
  const auto off = *failed.date - now;
  const bool much = off >= tolerated || off <= -tolerated;
  if (!much && !tells_clock_skew(failed.code)) return std::nullopt;
  return off;
}

}  // namespace dossier::aws

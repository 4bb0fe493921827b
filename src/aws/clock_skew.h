// A clock that is wrong makes AWS refuse what it signs; the answer's Date tells what time it is. Pure.
#pragma once

#include <chrono>
#include <optional>

#include "aws/error.h"
#include "base/clock.h"

namespace dossier::aws {

// How far the other side's clock is ahead of `now`, when that explains this error; else nothing.
std::optional<std::chrono::milliseconds> skew_behind(const error& failed, base::time_point now);

}  // namespace dossier::aws

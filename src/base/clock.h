// Time as a dependency. Instants are UTC with a resolution of a millisecond, as all three stores keep them.
#pragma once

#include <chrono>
#include <string>

namespace dossier::base {

using time_point = std::chrono::sys_time<std::chrono::milliseconds>;

class clock {
 public:
  virtual ~clock() = default;
  virtual time_point now() const = 0;
};

class system_clock final : public clock {
 public:
  time_point now() const override;
};

// RFC 3339 in UTC with milliseconds: 2026-01-31T23:59:59.123Z
std::string to_rfc3339(time_point when);

// RFC 9110 IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
std::string to_http_date(time_point when);

}  // namespace dossier::base

#include "http/loop_services.h"

#include <time.h>

#include <array>
#include <span>

#include "base/clock.h"
#include "base/random.h"

namespace dossier::http {

std::string_view date_line::now() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (now.tv_sec != second_) {
    second_ = now.tv_sec;
    text_ = base::to_http_date(base::time_point(std::chrono::seconds(second_)));
  }
  return text_;
}

request_ids::request_ids() {
  base::system_random().fill(std::as_writable_bytes(std::span(&next_, 1)));
}

// SplitMix64 of a counter that starts at a random number: all ids are different, and ids that are made one
// after the other do not look alike.
void request_ids::make(std::string& out) {
  std::uint64_t z = (next_ += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  z ^= z >> 31;
  out.resize(16);
  for (char& digit : out) {
    digit = "0123456789abcdef"[z & 15];
    z >>= 4;
  }
}

}  // namespace dossier::http

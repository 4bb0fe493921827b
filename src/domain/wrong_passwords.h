// How long somebody has to wait after wrong passwords or codes.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace dossier::domain {

// Counts wrong passwords of pairs of account and address, and says how long a pair has to wait. Bounded: of
// many pairs, those whose last wrong password is longest ago are forgotten.
class wrong_passwords {
 public:
  using time = std::chrono::steady_clock::time_point;
  static constexpr int usual_free_tries = 5;
  // How long to wait after so many wrong ones, of which the first few cost nothing.
  static std::chrono::seconds pause_after(int count, int free_tries = usual_free_tries);

  // Zero: it may try now.
  std::chrono::seconds wait(const std::string& pair, time now) const;
  void add(const std::string& pair, time now);
  // Takes one back that was added, because it was right after all.
  void take_back(const std::string& pair);
  void forget(const std::string& pair);
  std::size_t size() const;

 private:
  struct failures {
    int count = 0;
    time last;
  };
  void make_room(time now);

  mutable std::mutex mutex_;
  std::unordered_map<std::string, failures> pairs_;
};

}  // namespace dossier::domain

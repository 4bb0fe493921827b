// This process's access to AWS, made when it is first needed, so that a machine without AWS never looks for
// credentials. Environment variables, AWS's files and endpoints are read as AWS's own tools read them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "app/references.h"
#include "aws/session.h"
#include "base/clock.h"
#include "base/observer.h"
#include "base/random.h"

namespace dossier::app {

// How long to keep trying to read a reference (references.h) while its service cannot be reached or
// throttles. By default it is tried once.
struct reading_patience {
  std::chrono::milliseconds first_pause{1'000};  // doubled each time
  std::chrono::milliseconds longest_pause{10'000};
  std::chrono::milliseconds whole{0};
  std::function<bool()> is_over = {};                      // asked during pauses; true: give up
  std::function<void(const std::string& line)> tell = {};  // gets a line for each failure
};
// The patience of a server that is starting: it has nothing else to do yet.
reading_patience patience_at_start();

class aws_session final : public reference_reader {
 public:
  explicit aws_session(aws::environment variables = aws::process_environment(),
                       base::call_observer observer = {}, reading_patience patience = {});
  ~aws_session() override;

  // Returns the same session at every call. invalid: the configuration of AWS is wrong, or libcurl is
  // missing; the message says which.
  base::result<aws::session*> open();

  // Ends all calls to AWS, running and later ones, with an error (aws/session.h).
  void stop();

  base::result<std::string> read(const reference& which) override;
  // From now on each reference is tried only once, because somebody waits for it.
  void no_more_patience();

  // A token that RDS takes instead of a password, for 15 minutes. Blocks while credentials are looked for.
  base::result<std::string> database_token(const std::string& host, std::uint16_t port,
                                           const std::string& user);

 private:
  aws::environment variables_;
  base::call_observer observer_;
  base::system_clock clock_;
  base::system_random random_;
  bool pause(std::chrono::milliseconds time);
  void tell_again(const reference& which, const aws::error& problem, std::chrono::milliseconds wait) const;

  std::mutex pausing_;
  std::condition_variable hurried_;
  bool hurry_ = false;
  const reading_patience patience_;
  std::mutex making_;
  std::unique_ptr<aws::session> access_;
};

}  // namespace dossier::app

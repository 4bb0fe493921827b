// AWS as this process reaches it, made when it is first needed: a machine without AWS never looks for
// credentials. Read the environment's variables, AWS's files and endpoints as AWS's own tools do.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "app/references.h"
#include "aws/access.h"
#include "base/clock.h"
#include "base/observer.h"
#include "base/random.h"

namespace dossier::app {

// For how long a reference is read again, when what keeps it is away or throttles. By default not at all.
struct reading_patience {
  std::chrono::milliseconds first_pause{1'000};  // doubled each time
  std::chrono::milliseconds longest_pause{10'000};
  std::chrono::milliseconds whole{0};
  std::function<bool()> is_over = {};                      // asked while it waits; empty: no
  std::function<void(const std::string& line)> tell = {};  // where there is no log yet
};
// Of a server that starts: it has nothing better to do.
reading_patience patience_at_start();

class aws_session final : public reference_reader {
 public:
  explicit aws_session(aws::environment variables = aws::process_environment(),
                       base::call_observer observer = {}, reading_patience patience = {});
  ~aws_session() override;

  // The same at every call. invalid: the configuration of AWS is wrong, or libcurl is not there; the message
  // says what.
  base::result<aws::access*> access();

  // Ends all calls, now and later (aws/access.h), if there are any.
  void stop();

  base::result<std::string> read(const reference& which) override;
  // From now on somebody waits for what is read: it is asked for once.
  void no_more_patience();

  // What RDS takes instead of a password, for a quarter of an hour. Blocks when credentials must be found.
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
  std::unique_ptr<aws::access> access_;
};

}  // namespace dossier::app

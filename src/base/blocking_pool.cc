#include "base/blocking_pool.h"

#include <condition_variable>
#include <mutex>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/expects.h"

namespace dossier::base {

// The threads, and the number of jobs. A job counts until its function, with all that it holds, is destroyed.
struct blocking_pool::threads {
  explicit threads(unsigned count) : pool(count) {}

  void begin() {
    const std::lock_guard lock(mutex);
    ++jobs;
  }
  void end() {
    const std::lock_guard lock(mutex);
    expects(jobs > 0, "a job ends once");
    if (--jobs == 0) idle.notify_all();
  }

  asio::thread_pool pool;
  std::mutex mutex;
  std::condition_variable idle;
  int jobs = 0;
};

blocking_pool::blocking_pool(unsigned count) : threads_(std::make_unique<threads>(count)) {
  expects(count > 0, "a pool has threads");
}

blocking_pool::~blocking_pool() {
  threads_->pool.join();
}

void blocking_pool::wait_until_idle() {
  expects(!threads_->pool.get_executor().running_in_this_thread(),
          "a thread of the pool does not wait for the pool");
  std::unique_lock lock(threads_->mutex);
  threads_->idle.wait(lock, [this] { return threads_->jobs == 0; });
}

void blocking_pool::post(std::move_only_function<void()> job) {
  expects(job != nullptr, "there is a job to run");
  threads_->begin();
  asio::post(threads_->pool, [this, job = std::move(job)]() mutable {
    job();
    job = nullptr;
    threads_->end();
  });
}

awaitable<void> blocking_pool::run_job(std::move_only_function<void()> job) {
  const auto start = [this, &job](auto handler) {
    auto executor = asio::get_associated_executor(handler);
    auto work = asio::make_work_guard(executor);
    post([&job, executor, work = std::move(work), handler = std::move(handler)]() mutable {
      std::exception_ptr thrown;
      try {
        job();
      } catch (...) {
        thrown = std::current_exception();
      }
      // The work guard must live until post() has returned. Otherwise the event loop of the waiting coroutine
      // could end during post().
      asio::post(executor, [handler = std::move(handler), thrown = std::move(thrown)]() mutable {
        std::move(handler)(thrown);
      });
    });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(start,
                                                                                         asio::use_awaitable);
}

}  // namespace dossier::base

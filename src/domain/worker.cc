#include "domain/worker.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/expects.h"
#include "base/log.h"
#include "base/sha256.h"
#include "base/waiting.h"

namespace dossier::domain {
namespace {

// Each time that this has passed, every round forgets some keys until no old ones are left. So keys are
// forgotten as fast as they are added, even if the rounds are busy.
constexpr milliseconds keys_are_forgotten_every{60'000};
constexpr milliseconds store_away_pause{1'000};
constexpr std::chrono::hours longest_named{24};
// A longer wait makes larger batches, and a large one needs no more messages to the database and the catalog.
constexpr int longer_while_busy = 5;
constexpr std::size_t indexed_together = 25;  // the most items that DynamoDB takes in one call

std::string_view to_string(task_kind kind) {
  switch (kind) {
    case task_kind::reap:
      return "reap";
    case task_kind::index:
      return "index";
    case task_kind::erase:
      return "erase";
  }
  base::not_reached();
}

catalog_item item_of(const task& leased) {
  const file& which = leased.file;
  return {.key = which.key,
          .author = leased.author,
          .person = which.person,
          .file = which.id,
          .name = which.name,
          .size = which.size,
          .digest = which.digest,
          .media_type = which.media_type,
          .created_at = which.created_at};
}

}  // namespace

worker::worker(records& people, object_store& objects, catalog& items, base::random_source& random,
               worker_settings settings)
    : records_(people), objects_(objects), catalog_(items), random_(random), settings_(settings) {
  base::expects(settings_.batch > 0, "a batch has room for a task");
  base::expects(settings_.lease > milliseconds(0), "a task is leased for some time");
  base::expects(settings_.first_retry > milliseconds(0) && settings_.longest_retry > milliseconds(0),
                "a task that failed waits before it is tried again");
}

awaitable<void> worker::run() {
  base::expects(!running_.exchange(true), "a worker runs once");
  while (!stopping_) {
    const auto pause = co_await run_round();
    if (stopping_ || !pause) continue;
    co_await sleeper_.sleep(*pause);
    if (stopping_) break;
    // Other submissions often come soon after the first one: gather them into one batch.
    co_await gathering_.sleep(busy_ ? settings_.gather * longer_while_busy : settings_.gather);
  }
}

void worker::stop() {
  stopping_ = true;
  sleeper_.wake();
  gathering_.wake();
}

void worker::wake() {
  sleeper_.wake();
}

awaitable<result<int>> worker::run_due() {
  int total = 0;
  for (;;) {
    const auto done = co_await run_batch();
    if (!done) co_return std::unexpected(done.error());
    total += *done;
    const bool search = co_await tend_search(true);
    const bool audit = co_await tend_audit();
    if (*done == 0 && !search && !audit) co_return total;
  }
}

// Does one batch. Returns how long to sleep; empty if there is more to do at once.
awaitable<std::optional<milliseconds>> worker::run_round() {
  const auto done = co_await run_batch();
  if (!done) {
    if (done.error().message != waiting_for_)
      base::log_warning("tasks wait", {{"reason", done.error().message}});
    waiting_for_ = done.error().message;
    co_return store_away_pause;
  }
  waiting_for_.clear();
  // A round that only continues to forget keys or to index people says nothing about how many tasks come at a
  // time.
  if (*done > 0 || !clearing_up_) busy_ = *done > 1;
  const bool search = co_await tend_search(false);
  const bool audit = co_await tend_audit();
  const bool keys = co_await forget_old_keys();
  clearing_up_ = search || audit || keys;
  if (*done == settings_.batch || clearing_up_) co_return std::nullopt;
  const auto due = co_await records_.next_task_due();
  if (!due) base::log_warning("tasks wait", {{"reason", due.error().message}});
  if (!due || !*due) co_return settings_.longest_sleep;
  co_return std::min(**due, settings_.longest_sleep);
}

awaitable<result<int>> worker::run_batch() {
  auto leased = co_await records_.lease_tasks(lease_token{random_.token()}, settings_.batch, settings_.lease);
  if (!leased) co_return base::pass(leased);
  if (leased->empty()) co_return 0;
  const int count = static_cast<int>(leased->size());

  std::vector<finished_task> done;
  std::vector<awaitable<void>> running;
  running.reserve(leased->size());
  std::vector<task> to_index;
  for (auto& one : *leased) {
    if (one.kind == task_kind::index) {
      to_index.push_back(std::move(one));
      if (to_index.size() == indexed_together)
        running.push_back(index_together(std::exchange(to_index, {}), done));
    } else {
      running.push_back(run_task(std::move(one), done));
    }
  }
  if (!to_index.empty()) running.push_back(index_together(std::move(to_index), done));
  co_await base::when_all(std::move(running));

  if (done.empty()) co_return count;
  // If this fails, the tasks are done again when their lease ends. That is harmless: each is idempotent.
  auto completed = co_await records_.complete_tasks(std::move(done));
  if (!completed) co_return base::pass(completed);
  co_return count;
}

awaitable<void> worker::run_task(task leased, std::vector<finished_task>& done) {
  auto outcome = co_await do_task(leased);
  co_await settle(std::move(leased), std::move(outcome), done);
}

awaitable<void> worker::index_together(std::vector<task> leased, std::vector<finished_task>& done) {
  base::expects(!leased.empty() && leased.size() <= indexed_together, "1 to 25 items are written together");
  std::vector<catalog_item> items;
  for (const auto& one : leased) items.push_back(item_of(one));
  const auto outcome = co_await catalog_.put_all(std::move(items));
  // An item that the catalog refuses must not hold up the others.
  const bool each_alone =
      !outcome && outcome.error().code != base::error_code::unavailable && leased.size() > 1;
  for (auto& one : leased) {
    if (each_alone) {
      co_await run_task(std::move(one), done);
    } else {
      co_await settle(std::move(one), outcome, done);
    }
  }
}

// Adds a task that was done to `done`; makes one that failed due again.
awaitable<void> worker::settle(task leased, result<void> outcome, std::vector<finished_task>& done) {
  if (outcome) {
    base::expects(leased.kind != task_kind::reap, "a reap has become an erase before it is done");
    base::log_debug("task done", {{"task", to_string(leased.kind)}, {"file", leased.file.id.value}});
    std::optional<milliseconds> again;
    if (leased.kind == task_kind::erase && leased.erase_again) again = settings_.erase_again_after;
    done.push_back({std::move(leased), again});
    co_return;
  }
  // A conflict: the file was changed meanwhile. Release the task; what is owed now runs next.
  const bool overtaken = outcome.error().code == base::error_code::conflict;
  milliseconds delay = overtaken ? milliseconds(0) : retry_delay(leased.attempts);
  // A store may ask for a longer pause than longest_retry, for example because a lock lasts for days.
  const milliseconds named = outcome.error().retry_after.value_or(std::chrono::seconds(0));
  if (!overtaken && named > settings_.longest_retry) delay = std::min<milliseconds>(named, longest_named);
  if (!overtaken) {
    base::log_warning("task failed", {{"task", to_string(leased.kind)},
                                      {"file", leased.file.id.value},
                                      {"attempt", leased.attempts + 1},
                                      {"again_in_ms", delay.count()},
                                      {"reason", outcome.error().message}});
  }
  // If this fails too, the task is due again when its lease ends.
  const auto postponed = co_await records_.retry_task(std::move(leased), delay);
  if (!postponed)
    base::log_warning("task not put off; its lease ends", {{"reason", postponed.error().message}});
}

// Does the task. A `reap` becomes an `erase` first.
awaitable<result<void>> worker::do_task(task& leased) {
  if (leased.kind == task_kind::index) co_return co_await catalog_.put(item_of(leased));
  if (leased.kind == task_kind::reap) {
    auto reaping = co_await records_.begin_reap(leased);
    if (!reaping) co_return base::pass(reaping);
    leased = std::move(*reaping);
  }
  base::expects(leased.kind == task_kind::erase, "a file is erased only when its task is to erase it");
  co_return co_await erase_everywhere(leased.file.key);
}

awaitable<result<void>> worker::erase_everywhere(object_key key) {
  auto erased = co_await objects_.erase(key);
  if (!erased) co_return erased;
  co_return co_await catalog_.erase(key);
}

// Indexes one batch of people. Searches find everybody without it, so after a failure the next round tries
// again.
awaitable<bool> worker::tend_search(bool at_once) {
  const auto more = co_await records_.tend_search(at_once);
  if (!more) base::log_warning("the search's index waits", {{"reason", more.error().message}});
  co_return more.value_or(false);
}

// Chains the audit entries that came since.
awaitable<bool> worker::tend_audit() {
  const auto more = co_await records_.audit().chain();
  if (!more) base::log_warning("audit entries wait", {{"reason", more.error().message}});
  co_return more.value_or(false);
}

// The end of the chain, in the log: whoever writes the chain anew cannot change what was logged.
awaitable<void> worker::log_audit_end() {
  const auto state = co_await records_.audit().state();
  if (!state || state->last == logged_audit_) co_return;
  logged_audit_ = state->last;
  base::log_info("audit log", {{"entry", state->last.number}, {"hash", base::to_hex(state->last.hash)}});
}

// Forgets some keys and what has ended of accounts, if it is time to. Returns whether there is more to forget
// now.
awaitable<bool> worker::forget_old_keys() {
  const auto now = std::chrono::steady_clock::now();
  const auto every = std::min(keys_are_forgotten_every, settings_.forget_keys_after / 4);
  if (!more_to_forget_ && now - keys_forgotten_ < every) co_return false;
  keys_forgotten_ = now;
  const auto forgot = co_await records_.forget_keys(settings_.forget_keys_after);
  if (!forgot) base::log_warning("old keys not forgotten", {{"reason", forgot.error().message}});
  const auto ended = co_await records_.accounts().forget_ended();
  if (!ended) base::log_warning("ended sessions not forgotten", {{"reason", ended.error().message}});
  const auto cut = co_await records_.audit().cut(settings_.keep_audit);
  if (!cut) base::log_warning("old audit entries not cut off", {{"reason", cut.error().message}});
  if (cut.value_or(0) > 0) base::log_info("old audit entries cut off", {{"entries", *cut}});
  co_await log_audit_end();
  more_to_forget_ = cut.value_or(0) > 0 || forgot.value_or(false) || ended.value_or(false);
  co_return more_to_forget_;
}

// The pause before the next attempt. It doubles with each attempt, and is shortened by up to half at random,
// so that tasks that failed together are not tried again together.
milliseconds worker::retry_delay(int attempts) {
  const milliseconds longest = settings_.longest_retry;
  milliseconds bound = std::min<milliseconds>(settings_.first_retry, longest);
  for (int i = 0; i < attempts && bound < longest; ++i) bound = bound > longest / 2 ? longest : 2 * bound;
  std::array<std::byte, 1> jitter;
  random_.fill(jitter);
  return bound / 2 + bound / 2 * std::to_integer<int>(jitter[0]) / 255;
}

}  // namespace dossier::domain

#include "domain/guarded_stores.h"

#include <utility>

#include "base/expects.h"
#include "base/log.h"

namespace dossier::domain {

awaitable<result<void>> belonging_guard::confirm() {
  auto asked = co_await ask_();
  if (asked) passed_.store(true, std::memory_order_release);
  co_return asked;
}

awaitable<result<void>> belonging_guard::pass() {
  auto asked = co_await confirm();
  if (asked || asked.error().code != base::error_code::conflict) co_return asked;
  if (!told_.exchange(true)) {
    base::log_error("a store belongs to other records", {{"what_to_do", asked.error().message}});
  }
  co_return base::fail(
      base::error_code::unavailable,
      "The store belongs to other records: nothing is kept or erased there. The log says what to do.");
}

namespace {

class guarded_objects final : public object_store {
 public:
  guarded_objects(std::unique_ptr<object_store> real, records& people)
      : real_(std::move(real)),
        guard_([this, &people] { return check_objects(people, *real_, unmarked::adopt); }) {}

  awaitable<result<void>> confirm() { return guard_.confirm(); }

  awaitable<result<void>> put(object_key key, base::byte_source& bytes) override {
    if (guard_.passed()) return real_->put(std::move(key), bytes);
    return first_put(std::move(key), bytes);
  }
  awaitable<result<void>> erase(object_key key) override {
    if (guard_.passed()) return real_->erase(std::move(key));
    return first_erase(std::move(key));
  }
  awaitable<result<void>> check() override {
    if (guard_.passed()) return real_->check();
    return first_check();
  }

  awaitable<result<std::unique_ptr<base::byte_source>>> open(object_key key, std::uint64_t offset,
                                                             std::uint64_t length) override {
    return real_->open(std::move(key), offset, length);
  }
  awaitable<result<std::optional<std::string>>> link(object_key key, link_headers shown) override {
    return real_->link(std::move(key), std::move(shown));
  }
  awaitable<result<std::optional<std::uint64_t>>> stat(object_key key) override {
    return real_->stat(std::move(key));
  }
  awaitable<result<std::vector<object_entry>>> list(object_key after, int limit) override {
    return real_->list(std::move(after), limit);
  }
  awaitable<result<object_remains>> remains(int limit) override { return real_->remains(limit); }
  awaitable<result<std::optional<records_identity>>> owner() override { return real_->owner(); }
  awaitable<result<records_identity>> claim(records_identity who) override {
    return real_->claim(std::move(who));
  }
  awaitable<result<void>> give(records_identity who) override { return real_->give(std::move(who)); }

 private:
  awaitable<result<void>> first_put(object_key key, base::byte_source& bytes) {
    if (auto ours = co_await guard_.pass(); !ours) co_return ours;
    co_return co_await real_->put(std::move(key), bytes);
  }
  awaitable<result<void>> first_erase(object_key key) {
    if (auto ours = co_await guard_.pass(); !ours) co_return ours;
    co_return co_await real_->erase(std::move(key));
  }
  awaitable<result<void>> first_check() {
    if (auto there = co_await real_->check(); !there) co_return there;
    co_return co_await guard_.pass();
  }

  std::unique_ptr<object_store> real_;
  belonging_guard guard_;
};

class guarded_catalog final : public catalog {
 public:
  guarded_catalog(std::unique_ptr<catalog> real, records& people)
      : real_(std::move(real)),
        guard_([this, &people] { return check_catalog(people, *real_, unmarked::adopt); }) {}

  awaitable<result<void>> confirm() { return guard_.confirm(); }

  awaitable<result<void>> put(catalog_item item) override {
    if (guard_.passed()) return real_->put(std::move(item));
    return first_put(std::move(item));
  }
  awaitable<result<void>> put_all(std::vector<catalog_item> items) override {
    if (guard_.passed()) return real_->put_all(std::move(items));
    return first_put_all(std::move(items));
  }
  awaitable<result<void>> erase(object_key key) override {
    if (guard_.passed()) return real_->erase(std::move(key));
    return first_erase(std::move(key));
  }
  awaitable<result<void>> check() override {
    if (guard_.passed()) return real_->check();
    return first_check();
  }

  awaitable<result<std::optional<catalog_item>>> find(object_key key) override {
    return real_->find(std::move(key));
  }
  awaitable<result<catalog_page>> by_author(std::string author, std::string from, int limit) override {
    return real_->by_author(std::move(author), std::move(from), limit);
  }
  awaitable<result<catalog_page>> scan(std::string from, int limit) override {
    return real_->scan(std::move(from), limit);
  }
  awaitable<result<std::optional<records_identity>>> owner() override { return real_->owner(); }
  awaitable<result<records_identity>> claim(records_identity who) override {
    return real_->claim(std::move(who));
  }
  awaitable<result<void>> give(records_identity who) override { return real_->give(std::move(who)); }

 private:
  awaitable<result<void>> first_put(catalog_item item) {
    if (auto ours = co_await guard_.pass(); !ours) co_return ours;
    co_return co_await real_->put(std::move(item));
  }
  awaitable<result<void>> first_put_all(std::vector<catalog_item> items) {
    if (auto ours = co_await guard_.pass(); !ours) co_return ours;
    co_return co_await real_->put_all(std::move(items));
  }
  awaitable<result<void>> first_erase(object_key key) {
    if (auto ours = co_await guard_.pass(); !ours) co_return ours;
    co_return co_await real_->erase(std::move(key));
  }
  awaitable<result<void>> first_check() {
    if (auto there = co_await real_->check(); !there) co_return there;
    co_return co_await guard_.pass();
  }

  std::unique_ptr<catalog> real_;
  belonging_guard guard_;
};

template <class Store, class Guarded>
guarded<Store> with_confirmation(std::unique_ptr<Guarded> store) {
  auto confirm = [at = store.get()] {
    return at->confirm();
  };
  return {std::move(store), std::move(confirm)};
}

}  // namespace

guarded<object_store> guard_objects(std::unique_ptr<object_store> objects, records& people) {
  base::expects(objects != nullptr, "a guard has a store behind it");
  return with_confirmation<object_store>(std::make_unique<guarded_objects>(std::move(objects), people));
}

guarded<catalog> guard_catalog(std::unique_ptr<catalog> items, records& people) {
  base::expects(items != nullptr, "a guard has a store behind it");
  return with_confirmation<catalog>(std::make_unique<guarded_catalog>(std::move(items), people));
}

}  // namespace dossier::domain

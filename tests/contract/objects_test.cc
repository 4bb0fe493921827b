#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/backends.h"
#include "fakes/memory_source.h"
#include "fakes/run.h"

namespace dossier::contract {
namespace {

using base::error_code;
using domain::object_key;
using fakes::memory_source;
using fakes::run_sync;

class objects : public testing::TestWithParam<backend_factory<domain::object_store>> {
 protected:
  objects() : backend_(GetParam().make()) {}

  domain::object_store& store() { return backend_->store(); }

  static object_key key(int number) {
    auto digits = std::to_string(number);
    return {std::string(1, "0123456789abcdef"[number % 16]) + "f" + std::string(30 - digits.size(), '0') +
            digits};
  }
  static std::string bytes(std::size_t length) {
    std::string text(length, '\0');
    std::uint32_t state = 12345;
    for (auto& c : text) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    return text;
  }
  void put(const object_key& where, std::string what, std::size_t view = 16 * 1024) {
    memory_source source(std::move(what), view);
    const auto done = run_sync(store().put(where, source));
    ASSERT_TRUE(done) << done.error().message;
  }
  base::result<std::string> get(const object_key& where, std::uint64_t offset, std::uint64_t length) {
    auto opened = run_sync(store().open(where, offset, length));
    if (!opened) return base::pass(opened);
    return run_sync(fakes::read_all(**opened));
  }
  std::optional<std::uint64_t> size(const object_key& where) {
    auto found = run_sync(store().stat(where));
    EXPECT_TRUE(found);
    return found.value_or(std::nullopt);
  }

 private:
  std::unique_ptr<backend<domain::object_store>> backend_;
};

TEST_P(objects, keep_what_was_put_whatever_its_size) {
  int number = 0;
  for (const std::size_t length : {0, 1, 4096, 65536, 65537, 524287, 524288, 524289, 3'000'001}) {
    const auto body = bytes(length);
    const auto where = key(++number);
    put(where, body);
    EXPECT_EQ(size(where), length);
    EXPECT_EQ(get(where, 0, length).value(), body) << length;
  }
}

TEST_P(objects, keep_what_arrives_in_views_of_any_size) {
  const auto body = bytes(700'000);
  int number = 0;
  for (const std::size_t view : {977, 65'536, 524'288, 700'000}) {
    const auto where = key(++number);
    put(where, body, view);
    EXPECT_EQ(get(where, 0, body.size()).value(), body) << view;
  }
}

TEST_P(objects, open_any_range) {
  const auto body = bytes(300'000);
  put(key(1), body);
  const std::pair<std::size_t, std::size_t> ranges[] = {
      {0, 0}, {0, 1}, {299'999, 1}, {300'000, 0}, {100, 250'000}};
  for (const auto& [offset, length] : ranges) {
    EXPECT_EQ(get(key(1), offset, length).value(), body.substr(offset, length)) << offset << " " << length;
  }
}

TEST_P(objects, say_so_when_they_are_shorter_than_the_range) {
  put(key(1), "short");
  EXPECT_FALSE(get(key(1), 0, 6));
  EXPECT_FALSE(get(key(1), 6, 0));
  EXPECT_FALSE(get(key(1), 3, ~0ULL));
}

TEST_P(objects, that_are_not_there_are_not_found) {
  EXPECT_EQ(get(key(1), 0, 1).error().code, error_code::not_found);
  EXPECT_EQ(size(key(1)), std::nullopt);
  EXPECT_TRUE(run_sync(store().erase(key(1))));
}

TEST_P(objects, are_replaced_when_put_again) {
  put(key(1), bytes(100'000));
  put(key(1), "second");
  EXPECT_EQ(size(key(1)), 6u);
  EXPECT_EQ(get(key(1), 0, 6).value(), "second");
}

TEST_P(objects, a_reader_sees_one_version_to_its_end) {
  const auto body = bytes(400'000);
  put(key(1), body);
  auto opened = run_sync(store().open(key(1), 0, body.size()));
  ASSERT_TRUE(opened);
  put(key(1), bytes(10));
  EXPECT_TRUE(run_sync(store().erase(key(1))));
  EXPECT_EQ(run_sync(fakes::read_all(**opened)).value(), body);
}

TEST_P(objects, are_gone_once_erased) {
  put(key(1), "body");
  EXPECT_TRUE(run_sync(store().erase(key(1))));
  EXPECT_EQ(size(key(1)), std::nullopt);
  EXPECT_TRUE(run_sync(store().erase(key(1))));
  put(key(1), "again");
  EXPECT_EQ(size(key(1)), 5u);
}

TEST_P(objects, leave_nothing_when_their_source_fails_and_pass_its_error_on) {
  for (const std::size_t position : {0, 10, 600'000}) {
    memory_source source(bytes(700'000));
    source.fail_after(position, {error_code::timed_out, "too slow"});
    const auto done = run_sync(store().put(key(1), source));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, error_code::timed_out);
    EXPECT_EQ(done.error().message, "too slow");
    EXPECT_EQ(size(key(1)), std::nullopt);
    EXPECT_TRUE(run_sync(store().list({}, 10)).value().empty());
  }
}

TEST_P(objects, keep_the_older_version_when_a_later_source_fails) {
  put(key(1), "first");
  memory_source source(bytes(700'000));
  source.fail_after(650'000, {error_code::malformed, "cut off"});
  EXPECT_FALSE(run_sync(store().put(key(1), source)));
  EXPECT_EQ(get(key(1), 0, 5).value(), "first");
}

TEST_P(objects, refuse_keys_that_are_none) {
  for (const auto* bad : {"", "..", "../../etc/passwd", "0123456789abcdef0123456789ABCDEF", "a/b",
                          "0123456789abcdef0123456789abcde/", "0123456789abcdef0123456789abcdef0"}) {
    memory_source source("body");
    EXPECT_FALSE(run_sync(store().put({bad}, source))) << bad;
    EXPECT_FALSE(get({bad}, 0, 0)) << bad;
    EXPECT_FALSE(run_sync(store().erase({bad}))) << bad;
  }
}

TEST_P(objects, are_listed_in_order_of_key_page_by_page) {
  std::vector<std::string> keys;
  for (int i = 0; i < 40; ++i) {
    keys.push_back(key(i).value);
    put(key(i), std::string(static_cast<std::size_t>(i), 'x'));
  }
  std::ranges::sort(keys);
  for (const int limit : {1, 7, 40, 100}) {
    std::vector<std::string> listed;
    object_key after;
    while (true) {
      const auto page = run_sync(store().list(after, limit)).value();
      if (page.empty()) break;
      EXPECT_LE(std::ssize(page), limit);
      for (const auto& one : page) {
        listed.push_back(one.key.value);
        EXPECT_EQ(one.size, size(one.key));
      }
      after = page.back().key;
    }
    EXPECT_EQ(listed, keys) << limit;
  }
}

TEST_P(objects, leave_no_remains_whether_a_put_ends_well_or_not) {
  put(key(1), "body");
  memory_source source(bytes(700'000));
  source.fail_after(650'000, {error_code::malformed, "cut off"});
  EXPECT_FALSE(run_sync(store().put(key(2), source)));
  const auto remains = run_sync(store().remains(10)).value();
  EXPECT_TRUE(remains.unfinished.empty());
  EXPECT_TRUE(remains.strangers.empty());
}

TEST_P(objects, answer_when_asked_whether_they_are_there) {
  EXPECT_TRUE(run_sync(store().check()));
}

const domain::records_identity first{std::string(32, '1')};
const domain::records_identity second{"0123456789abcdef0123456789abcdef"};

TEST_P(objects, belong_to_nobody_then_to_who_claims_them_first_then_to_whom_they_are_given) {
  EXPECT_EQ(run_sync(store().owner()).value(), std::nullopt);
  EXPECT_EQ(run_sync(store().claim(first)).value(), first);
  EXPECT_EQ(run_sync(store().claim(second)).value(), first);
  EXPECT_EQ(run_sync(store().owner()).value(), first);
  ASSERT_TRUE(run_sync(store().give(second)));
  EXPECT_EQ(run_sync(store().owner()).value(), second);
  EXPECT_EQ(run_sync(store().claim(first)).value(), second);
}

TEST_P(objects, the_mark_is_no_object) {
  put(key(1), "body");  // before give(): a store of others takes nothing
  ASSERT_TRUE(run_sync(store().give(first)));
  EXPECT_EQ(run_sync(store().list({}, 10)).value().size(), 1u);
  const auto left = run_sync(store().remains(10)).value();
  EXPECT_TRUE(left.strangers.empty());
  EXPECT_TRUE(left.unfinished.empty());
  EXPECT_EQ(run_sync(store().owner()).value(), first);
}

INSTANTIATE_TEST_SUITE_P(object_store, objects, testing::ValuesIn(objects_backends()), name_of);

}  // namespace
}  // namespace dossier::contract

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "contract/backends.h"
#include "fakes/run.h"

namespace dossier::contract {
namespace {

using domain::catalog_item;
using fakes::run_sync;

class catalog : public testing::TestWithParam<backend_factory<domain::catalog>> {
 protected:
  catalog() : backend_(GetParam().make()) {}

  domain::catalog& store() { return backend_->store(); }

  static catalog_item item(std::string key, std::string author = "Anna Berg") {
    return {.key = {std::move(key)},
            .author = std::move(author),
            .person = {7},
            .file = {9},
            .name = "photo.png",
            .size = 5ULL << 40,
            .digest = base::sha256_of("body"),
            .media_type = "image/png",
            .created_at = base::time_point(std::chrono::milliseconds(1'767'225'600'123))};
  }
  void put(const catalog_item& what) { ASSERT_TRUE(run_sync(store().put(what))); }
  std::vector<std::string> keys_of(const std::string& author, int limit = 100) {
    std::vector<std::string> keys;
    std::string from;
    while (true) {
      const auto page = run_sync(store().by_author(author, from, limit)).value();
      EXPECT_LE(std::ssize(page.items), limit);
      for (const auto& one : page.items) {
        EXPECT_EQ(one.author, author);
        keys.push_back(one.key.value);
      }
      if (!page.next) return keys;
      from = *page.next;
    }
  }

 private:
  std::unique_ptr<backend<domain::catalog>> backend_;
};

TEST_P(catalog, keeps_items_whole) {
  put(item("aa"));
  EXPECT_EQ(run_sync(store().find({"aa"})).value(), item("aa"));
  EXPECT_EQ(run_sync(store().by_author("Anna Berg", "", 10)).value().items.at(0), item("aa"));
}

TEST_P(catalog, keeps_many_at_once) {
  put(item("key-007", "Somebody else"));
  std::vector<catalog_item> all;
  for (int i = 0; i < 60; ++i) all.push_back(item("key-" + std::to_string(1000 + i).substr(1)));
  ASSERT_TRUE(run_sync(store().put_all(all)));
  std::vector<std::string> keys;
  for (const auto& one : all) keys.push_back(one.key.value);
  EXPECT_EQ(keys_of("Anna Berg"), keys);
  EXPECT_EQ(run_sync(store().find({"key-059"})).value(), all.back());
  EXPECT_TRUE(keys_of("Somebody else").empty());
  EXPECT_TRUE(run_sync(store().put_all({})));
}

TEST_P(catalog, finds_nothing_where_nothing_is) {
  EXPECT_EQ(run_sync(store().find({"aa"})).value(), std::nullopt);
  const auto page = run_sync(store().by_author("Nobody", "", 10)).value();
  EXPECT_TRUE(page.items.empty());
  EXPECT_FALSE(page.next);
}

TEST_P(catalog, writes_over_an_item_with_the_same_key) {
  put(item("aa", "Before"));
  put(item("aa", "Before"));
  put(item("aa", "After"));
  EXPECT_TRUE(keys_of("Before").empty());
  EXPECT_THAT(keys_of("After"), testing::ElementsAre("aa"));
}

TEST_P(catalog, erases_and_erases_again) {
  put(item("aa"));
  put(item("bb"));
  EXPECT_TRUE(run_sync(store().erase({"aa"})));
  EXPECT_TRUE(run_sync(store().erase({"aa"})));
  EXPECT_THAT(keys_of("Anna Berg"), testing::ElementsAre("bb"));
}

TEST_P(catalog, lists_an_authors_files_by_key_page_by_page) {
  for (const auto* key : {"05", "01", "04", "02", "03"}) put(item(key));
  put(item("00", "Another"));
  for (const int limit : {1, 2, 5, 6}) {
    EXPECT_THAT(keys_of("Anna Berg", limit), testing::ElementsAre("01", "02", "03", "04", "05")) << limit;
  }
  EXPECT_FALSE(run_sync(store().by_author("Anna Berg", "", 5)).value().next) << "no page that has nothing";
}

TEST_P(catalog, takes_an_authors_name_exactly) {
  const std::string authors[] = {"Anna", "anna", "Anna ", "Ánna", "Ann%", "Robert'); DROP TABLE item;--",
                                 "😀"};
  int number = 0;
  for (const auto& author : authors) put(item("k" + std::to_string(number++), author));
  for (const auto& author : authors) EXPECT_EQ(keys_of(author).size(), 1u) << author;
}

TEST_P(catalog, scans_all_items_once) {
  std::set<std::string> expected;
  for (int i = 0; i < 25; ++i) {
    put(item("key" + std::to_string(i), "Author " + std::to_string(i % 3)));
    expected.insert("key" + std::to_string(i));
  }
  std::set<std::string> seen;
  std::string from;
  int count = 0;
  while (true) {
    const auto page = run_sync(store().scan(from, 4)).value();
    for (const auto& one : page.items) seen.insert(one.key.value);
    count += static_cast<int>(page.items.size());
    if (!page.next) break;
    from = *page.next;
  }
  EXPECT_EQ(seen, expected);
  EXPECT_EQ(count, 25);
}

TEST_P(catalog, answers_when_asked_whether_it_is_there) {
  EXPECT_TRUE(run_sync(store().check()));
}

const domain::records_identity first{std::string(32, '1')};
const domain::records_identity second{"0123456789abcdef0123456789abcdef"};

TEST_P(catalog, belong_to_nobody_then_to_who_claims_them_first_then_to_whom_they_are_given) {
  EXPECT_EQ(run_sync(store().owner()).value(), std::nullopt);
  EXPECT_EQ(run_sync(store().claim(first)).value(), first);
  EXPECT_EQ(run_sync(store().claim(second)).value(), first);
  EXPECT_EQ(run_sync(store().owner()).value(), first);
  ASSERT_TRUE(run_sync(store().give(second)));
  EXPECT_EQ(run_sync(store().owner()).value(), second);
  EXPECT_EQ(run_sync(store().claim(first)).value(), second);
}

TEST_P(catalog, the_mark_is_no_item) {
  put(item("aa"));  // before give(): a catalog of others takes nothing
  ASSERT_TRUE(run_sync(store().give(first)));
  EXPECT_EQ(run_sync(store().scan("", 10)).value().items.size(), 1u);
  EXPECT_EQ(keys_of("Anna Berg"), std::vector<std::string>{"aa"});
  EXPECT_EQ(run_sync(store().owner()).value(), first);
}

INSTANTIATE_TEST_SUITE_P(catalogs, catalog, testing::ValuesIn(catalog_backends()), name_of);

}  // namespace
}  // namespace dossier::contract

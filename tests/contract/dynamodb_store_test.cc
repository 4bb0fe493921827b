// The catalog beside what else is in its table, on moto.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/services/dynamodb.h"
#include "base/encoding.h"
#include "contract/small_parts.h"
#include "fakes/run.h"
#include "stores/aws_stores.h"

namespace dossier::contract {
namespace {

using base::error_code;
using domain::catalog_item;
using fakes::run_sync;
using testing::ElementsAre;
using testing::UnorderedElementsAre;
namespace dynamodb = aws::dynamodb;

class dynamodb_store : public testing::Test {
 protected:
  dynamodb_store() : aws_(world_with_small_parts()) { open(aws_.new_table()); }

  void open(dynamodb::table table) {
    table_ = std::move(table);
    store_ =
        stores::open_dynamodb_catalog(aws_.access, {.table = table_.name, .author_index = "by-author"}, {})
            .value()
            .store;
  }
  static catalog_item item(std::string key, std::string author = "Anna Berg") {
    return {.key = {std::move(key)},
            .author = std::move(author),
            .person = {7},
            .file = {9},
            .name = "photo.png",
            .size = 1'234,
            .digest = base::sha256_of("body"),
            .media_type = "image/png",
            .created_at = base::time_point(std::chrono::milliseconds(1'767'225'600'123))};
  }
  void put(const catalog_item& what) { ASSERT_TRUE(run_sync(store_->put(what))); }
  // As the origin writes them.
  void put_foreign(const std::string& filename, const std::string& author) {
    dynamodb::item two;
    two.emplace("filename", filename);
    two.emplace("Author", author);
    aws_.call(dynamodb::put_item(table_, two));
  }
  template <class Ask>
  std::vector<std::string> keys_of(Ask ask) {
    std::vector<std::string> keys;
    for (std::string from;;) {
      const domain::catalog_page page = run_sync(ask(from)).value();
      for (const auto& one : page.items) keys.push_back(one.key.value);
      if (!page.next) return keys;
      from = *page.next;
    }
  }

  aws_world& aws_;
  dynamodb::table table_;
  std::unique_ptr<domain::catalog> store_;
};

TEST_F(dynamodb_store, writes_what_the_origin_reads) {
  put(item("aa"));
  const auto answer = aws_.call(dynamodb::get_item(table_, {{"filename", std::string("aa")}}));
  const auto kept = dynamodb::parse_item(answer).value().value();
  EXPECT_EQ(*dynamodb::find_text(kept, "Author"), "Anna Berg");
  EXPECT_EQ(*dynamodb::find_text(kept, "Sha256"), base::to_hex(base::sha256_of("body")));
  EXPECT_EQ(dynamodb::find_integer(kept, "CreatedAt"), 1'767'225'600'123);
  EXPECT_EQ(dynamodb::find_integer(kept, "Size"), 1'234);
}

TEST_F(dynamodb_store, leaves_out_items_that_are_not_its_own) {
  for (int i = 0; i < 9; ++i) put_foreign("file-id-" + std::to_string(i), "Anna Berg");
  put(item("aa"));
  put(item("gg"));
  put(item("zz"));
  for (const int limit : {1, 2, 3, 100}) {
    EXPECT_THAT(keys_of([&](const std::string& from) { return store_->by_author("Anna Berg", from, limit); }),
                ElementsAre("aa", "gg", "zz"))
        << limit;
    EXPECT_THAT(keys_of([&](const std::string& from) { return store_->scan(from, limit); }),
                UnorderedElementsAre("aa", "gg", "zz"))
        << limit;
  }
  EXPECT_EQ(run_sync(store_->find({"file-id-1"})).value(), std::nullopt);
}

TEST_F(dynamodb_store, keeps_texts_of_any_length_and_kind) {
  std::string long_name;
  for (int i = 0; i < 200; ++i) long_name += "😀";
  auto one = item("aa", long_name);
  one.name = long_name + "\"\\\n</script>";
  one.media_type = "";
  one.size = 0;
  put(one);
  EXPECT_EQ(run_sync(store_->find({"aa"})).value(), one);
  EXPECT_EQ(run_sync(store_->by_author(long_name, "", 10)).value().items.at(0), one);
  auto nobody = item("bb", "");
  nobody.name = "";
  put(nobody);
  EXPECT_EQ(run_sync(store_->find({"bb"})).value(), nobody);
  EXPECT_TRUE(run_sync(store_->by_author("", "", 10)).value().items.empty());
}

TEST_F(dynamodb_store, refuses_a_page_that_it_never_gave) {
  const std::vector<std::string> hostile = {"!", "a", "____", "AAAA\n", base::base64url_encode("\xff\xfe")};
  for (const auto& from : hostile) {
    EXPECT_EQ(run_sync(store_->scan(from, 10)).error().code, error_code::invalid) << from;
    EXPECT_EQ(run_sync(store_->by_author("Anna Berg", from, 10)).error().code, error_code::invalid) << from;
  }
  EXPECT_EQ(run_sync(store_->scan(base::base64url_encode(std::string(5'000, 'k')), 10)).error().code,
            error_code::invalid);
}

TEST_F(dynamodb_store, goes_on_behind_an_item_that_is_gone) {
  for (const auto* key : {"aa", "bb", "cc"}) put(item(key));
  const auto first = run_sync(store_->by_author("Anna Berg", "", 1)).value();
  ASSERT_TRUE(run_sync(store_->erase({"aa"})));
  const auto rest = run_sync(store_->by_author("Anna Berg", first.next.value(), 10)).value();
  ASSERT_EQ(rest.items.size(), 2u);
  EXPECT_EQ(rest.items[0].key.value, "bb");
}

TEST_F(dynamodb_store, is_away_when_its_table_or_its_index_is) {
  open({table_.where, "no-such-table"});
  EXPECT_EQ(run_sync(store_->check()).error().code, error_code::unavailable);
  EXPECT_EQ(run_sync(store_->put(item("aa"))).error().code, error_code::unavailable);
  EXPECT_EQ(run_sync(store_->erase({"aa"})).error().code, error_code::unavailable);
  EXPECT_EQ(run_sync(store_->find({"aa"})).error().code, error_code::unavailable);
  const auto made = stores::open_dynamodb_catalog(
      aws_.access, {.table = aws_.new_table().name, .author_index = "no-such-index"}, {});
  EXPECT_FALSE(run_sync(made->store->by_author("Anna Berg", "", 10)));
  EXPECT_TRUE(run_sync(made->store->check()));
}

TEST_F(dynamodb_store, is_not_made_with_names_that_cannot_be) {
  EXPECT_EQ(stores::open_dynamodb_catalog(aws_.access, {.table = "a b"}, {}).error().code,
            error_code::invalid);
  EXPECT_EQ(
      stores::open_dynamodb_catalog(aws_.access, {.table = "abc", .author_index = "/"}, {}).error().code,
      error_code::invalid);
}

}  // namespace
}  // namespace dossier::contract

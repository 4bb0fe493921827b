// What the requests to DynamoDB do to a table, and whether its answers are understood.
#include <gtest/gtest.h>

#include "contract/aws_world.h"

namespace dossier::contract {
namespace {

namespace dynamodb = aws::dynamodb;

dynamodb::item item_of(std::string key, std::string author) {
  return {{"filename", std::move(key)},
          {"Author", std::move(author)},
          {"size", dynamodb::to_number(12'345'678'901)},
          {"shown", true},
          {"nothing", dynamodb::null{}}};
}

const dynamodb::expression absent{"attribute_not_exists(#key)", {{"#key", "filename"}}, {}};

dynamodb::item key_of(std::string key) {
  return {{"filename", std::move(key)}};
}

TEST(aws_dynamodb, keeps_an_item_as_it_is) {
  const auto table = world().new_table();
  world().call(dynamodb::put_item(table, item_of("k", "Ann \"Å\"\n")));
  const auto found = dynamodb::parse_item(world().call(dynamodb::get_item(table, key_of("k"))));
  ASSERT_TRUE(found && *found);
  EXPECT_EQ(**found, item_of("k", "Ann \"Å\"\n"));
  EXPECT_EQ(*dynamodb::find_text(**found, "Author"), "Ann \"Å\"\n");
  EXPECT_EQ(dynamodb::find_integer(**found, "size"), 12'345'678'901);
  const auto none = dynamodb::parse_item(world().call(dynamodb::get_item(table, key_of("other"))));
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
}

TEST(aws_dynamodb, a_condition_that_does_not_hold_is_stale) {
  const auto table = world().new_table();
  world().call(dynamodb::put_item(table, item_of("k", "Ann"), absent));
  const auto again = world().try_call(dynamodb::put_item(table, item_of("k", "Bob"), absent));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "ConditionalCheckFailedException");
  EXPECT_EQ(again.error().kind, base::error_code::stale);
  EXPECT_FALSE(again.error().request_id.empty());
  world().call(dynamodb::put_item(table, item_of("k", "Bob")));  // without a condition it is overwritten
}

TEST(aws_dynamodb, deletes_also_what_is_not_there) {
  const auto table = world().new_table();
  world().call(dynamodb::put_item(table, item_of("k", "Ann")));
  world().call(dynamodb::delete_item(table, key_of("k")));
  world().call(dynamodb::delete_item(table, key_of("k")));
  EXPECT_FALSE(*dynamodb::parse_item(world().call(dynamodb::get_item(table, key_of("k")))));
}

TEST(aws_dynamodb, queries_an_index_in_pages) {
  const auto table = world().new_table();
  for (const char* key : {"a", "b", "c"}) world().call(dynamodb::put_item(table, item_of(key, "Ann")));
  world().call(dynamodb::put_item(table, item_of("d", "Bob")));
  dynamodb::query_options options{
      .index = "by-author",
      .key_condition = {"#author = :author", {{"#author", "Author"}}, {{":author", std::string("Ann")}}},
      .limit = 2};
  const auto first = dynamodb::parse_page(world().call(dynamodb::query(table, options)));
  ASSERT_TRUE(first);
  ASSERT_EQ(first->items.size(), 2u);
  EXPECT_EQ(*dynamodb::find_text(first->items[0], "filename"), "a");
  ASSERT_FALSE(first->next.empty());
  // The place to go on from is kept in a cursor, as text.
  const auto place = dynamodb::item_from_json(dynamodb::to_json(first->next));
  ASSERT_TRUE(place);
  options.start = *place;
  const auto rest = dynamodb::parse_page(world().call(dynamodb::query(table, options)));
  ASSERT_TRUE(rest);
  ASSERT_EQ(rest->items.size(), 1u);
  EXPECT_EQ(*dynamodb::find_text(rest->items[0], "filename"), "c");
}

TEST(aws_dynamodb, scans_in_pages) {
  const auto table = world().new_table();
  for (const char* key : {"a", "b", "c"}) world().call(dynamodb::put_item(table, item_of(key, "Ann")));
  std::size_t seen = 0;
  dynamodb::item start;
  do {
    const auto page = dynamodb::parse_page(world().call(dynamodb::scan(table, start, 2)));
    ASSERT_TRUE(page);
    seen += page->items.size();
    start = page->next;
  } while (!start.empty());
  EXPECT_EQ(seen, 3u);
}

TEST(aws_dynamodb, writes_a_batch) {
  const auto table = world().new_table();
  world().call(dynamodb::put_item(table, item_of("old", "Ann")));
  dynamodb::batch batch;
  for (int number = 0; number < 24; ++number)
    batch.puts.push_back(item_of("k" + std::to_string(number), "Ann"));
  batch.deletes.push_back(key_of("old"));
  const auto left = dynamodb::parse_unprocessed(world().call(dynamodb::batch_write(table, batch)));
  ASSERT_TRUE(left);
  EXPECT_TRUE(left->empty());
  EXPECT_EQ(dynamodb::parse_page(world().call(dynamodb::scan(table)))->items.size(), 24u);
}

TEST(aws_dynamodb, describes_its_table) {
  const auto table = world().new_table();
  const auto found = dynamodb::parse_table(world().call(dynamodb::describe_table(table)));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->status, "ACTIVE");
  EXPECT_EQ(found->key.hash, "filename");
  EXPECT_EQ(found->types.at("Author"), "S");
  ASSERT_EQ(found->indexes.size(), 1u);
  EXPECT_EQ(found->indexes[0].name, "by-author");
  EXPECT_EQ(found->indexes[0].key.hash, "Author");
  EXPECT_EQ(found->indexes[0].projection, "ALL");
}

TEST(aws_dynamodb, a_missing_table_is_no_missing_item) {
  const dynamodb::table none{world().endpoint(aws::service::dynamodb), "none"};
  const auto answer = world().try_call(dynamodb::get_item(none, key_of("k")));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ResourceNotFoundException");
  EXPECT_EQ(answer.error().kind, base::error_code::unavailable);
}

}  // namespace
}  // namespace dossier::contract

#include "app/descriptors.h"

#include <gtest/gtest.h>

namespace dossier::app {
namespace {

TEST(descriptors, the_usual_number_is_held_where_the_limit_allows) {
  const auto share = share_of_connections(0, 1 << 20, 200);
  ASSERT_TRUE(share);
  EXPECT_EQ(share->connections, 4096U);
  EXPECT_EQ(share->turned_away, 256U);
}

TEST(descriptors, connections_and_their_files_fit_whatever_the_limit) {
  for (std::uint64_t limit = 300; limit < 100'000; limit += 37) {
    const auto share = share_of_connections(10'000, limit, 150);
    ASSERT_TRUE(share) << limit;
    EXPECT_LE(150 + share->turned_away + 2 * share->connections, limit);
    EXPECT_GE(share->connections, 8U);
  }
}

TEST(descriptors, a_number_that_was_set_is_taken_or_made_smaller) {
  EXPECT_EQ(share_of_connections(100, 10'000, 150)->connections, 100U);
  EXPECT_EQ(share_of_connections(100'000, 1'000'000, 150)->connections, 100'000U);
  EXPECT_LT(share_of_connections(5'000, 1'024, 150)->connections, 500U);
}

TEST(descriptors, too_few_are_refused_with_a_number_that_is_enough) {
  const auto refused = share_of_connections(0, 160, 150);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("at least 190"), std::string::npos) << refused.error().message;
  EXPECT_TRUE(share_of_connections(0, 191, 150));
}

TEST(descriptors, each_store_has_its_share) {
  settings chosen;
  chosen.server.threads = 2;
  const auto embedded = descriptors_of_stores(chosen, stores::embedded_in("data"));
  EXPECT_GT(embedded, 100U);
  auto elsewhere = stores::embedded_in("data");
  elsewhere.objects = stores::s3_location{};
  EXPECT_GT(descriptors_of_stores(chosen, elsewhere), embedded + 200);
}

}  // namespace
}  // namespace dossier::app

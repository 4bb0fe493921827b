#include "app/configuration.h"

#include <array>

#include <gtest/gtest.h>

namespace dossier::app {
namespace {

TEST(edit_distance, counts_insertions_removals_replacements_and_swaps) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("abc", "abc"), 0u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("listen", "lisen"), 1u);
  EXPECT_EQ(edit_distance("listen", "lixten"), 1u);
  EXPECT_EQ(edit_distance("listen", "litsen"), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
}

TEST(nearest, finds_the_name_that_was_meant) {
  constexpr std::array<std::string_view, 4> names = {"listen", "data", "http.idle_time", "http.header_time"};
  EXPECT_EQ(nearest("lsiten", names), "listen");
  EXPECT_EQ(nearest("http.idel_time", names), "http.idle_time");
  EXPECT_EQ(nearest("idle_time", names), "http.idle_time");
  EXPECT_EQ(nearest("server.header_time", names), "http.header_time");
}

TEST(is_near, is_true_of_what_was_mistyped_alone) {
  EXPECT_TRUE(is_near("lsiten", "listen"));
  EXPECT_TRUE(is_near("server.header_time", "http.header_time"));
  EXPECT_TRUE(is_near("htp.idle_time", "http.idle_time"));
  EXPECT_FALSE(is_near("http.foo", "http.idle_time"));
  EXPECT_FALSE(is_near("frob", "gc"));
}

TEST(nearest, of_nothing_is_nothing) {
  EXPECT_EQ(nearest("listen", {}), "");
}

}  // namespace
}  // namespace dossier::app

#include "base/characters.h"

#include <gtest/gtest.h>

namespace dossier::base {
namespace {

TEST(contained, leaves_ordinary_text_as_it_is) {
  for (const char* text :
       {"", "Anna Berg", "שלום", "محمد (x)", "a\u200fb", "\u202eevil", "\u2067in\u2069out", "\u202ax\u202c"})
    EXPECT_EQ(contained(text), text);
}

TEST(contained, neither_ends_an_isolation_nor_leaves_one_open) {
  EXPECT_EQ(contained("a\u2069\u202eb"), "a\u202eb");
  EXPECT_EQ(contained("\u2067a"), "\u2067a\u2069");
  EXPECT_EQ(contained("\u2066\u2068a\u2069"), "\u2066\u2068a\u2069\u2069");
  EXPECT_EQ(contained("\u2069\u2069\u2067\u2069\u2069x"), "\u2067\u2069x");
  EXPECT_EQ(contained("a\u2029\u202eb"), "a \u202eb");
}

TEST(isolated, stands_between_signs_only_where_it_may_turn_something) {
  EXPECT_EQ(isolated("Anna Berg 42"), "Anna Berg 42");
  EXPECT_EQ(isolated("李小龙"), "李小龙");
  EXPECT_EQ(isolated("שלום"), "\u2068שלום\u2069");
  EXPECT_EQ(isolated("a\u202eb"), "\u2068a\u202eb\u2069");
  EXPECT_EQ(isolated("\u2067a"), "\u2068\u2067a\u2069\u2069");
  EXPECT_EQ(isolated("a\u2069b"), "ab");  // nothing is left that could turn
}

}  // namespace
}  // namespace dossier::base

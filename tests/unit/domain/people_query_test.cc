#include "domain/people_query.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace dossier::domain {
namespace {

TEST(people_cursor, survives_the_way_out_and_back) {
  const people_cursor cursor{
      .sort = people_sort::name, .backwards = true, .key = "anna: berg \xc3\xb8", .id = 1042};
  const auto back = decode_cursor(encode_cursor(cursor));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->sort, cursor.sort);
  EXPECT_EQ(back->backwards, cursor.backwards);
  EXPECT_EQ(back->key, cursor.key);
  EXPECT_EQ(back->id, cursor.id);
}

TEST(people_cursor, refuses_what_it_did_not_write) {
  for (const char* bytes : {"", "0f", "4f1:", "0x1:", "0f-1:", "0f1", "0f12x:", "3f1:old", "2f1:\xff",
                            "0f99999999999999999999:"}) {
    EXPECT_FALSE(decode_cursor(base::base64url_encode(bytes))) << bytes;
  }
  EXPECT_FALSE(decode_cursor("not base64!"));
  EXPECT_FALSE(decode_cursor(std::string(5000, 'A')));
}

}  // namespace
}  // namespace dossier::domain

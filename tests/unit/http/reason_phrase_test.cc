#include "http/response_head.h"

#include <gtest/gtest.h>

namespace dossier::http {
namespace {

TEST(reason_phrase, is_that_of_the_status) {
  EXPECT_EQ(reason_phrase(200), "OK");
  EXPECT_EQ(reason_phrase(206), "Partial Content");
  EXPECT_EQ(reason_phrase(404), "Not Found");
  EXPECT_EQ(reason_phrase(507), "Insufficient Storage");
}

TEST(reason_phrase, is_some_word_for_a_status_that_is_not_known) {
  for (const unsigned status : {0U, 199U, 418U, 599U, 4'000'000'000U}) {
    EXPECT_EQ(reason_phrase(status), "Status") << status;
  }
}

}  // namespace
}  // namespace dossier::http

#include "web/content.h"

#include <gtest/gtest.h>

namespace dossier::web {
namespace {

TEST(disposition, carries_an_ascii_name_and_the_exact_one) {
  EXPECT_EQ(content_disposition(true, "plain.txt"),
            "attachment; filename=\"plain.txt\"; filename*=UTF-8''plain.txt");
  EXPECT_EQ(content_disposition(false, "café år.png"),
            "inline; filename=\"caf_ _r.png\"; filename*=UTF-8''caf%C3%A9%20%C3%A5r.png");
}

TEST(disposition, cannot_be_broken_out_of) {
  const auto header = content_disposition(true, "a\"; x=\"b\\c\r\nSet-Cookie: d%41;\x7f.txt");
  EXPECT_EQ(header.find_first_of("\r\n"), std::string::npos);
  EXPECT_EQ(header.substr(0, header.find("; filename*=")),
            "attachment; filename=\"a_; x=_b_c__Set-Cookie: d_41;_.txt\"");
  EXPECT_EQ(header.find_first_of("\"; ", header.find("''")), std::string::npos);
}

TEST(disposition, leaves_out_what_turns_the_direction_of_a_name) {
  EXPECT_EQ(content_disposition(true, "photo\u202egnp.exe"),
            "attachment; filename=\"photognp.exe\"; filename*=UTF-8''photognp.exe");
  EXPECT_EQ(content_disposition(true, "\u061c\u200e\u200f\u202a\u202c\u2066\u2069"),
            "attachment; filename=\"file\"; filename*=UTF-8''file");
  EXPECT_EQ(content_disposition(true, "\u05d0\u200d.txt"),
            "attachment; filename=\"__.txt\"; filename*=UTF-8''%D7%90%E2%80%8D.txt");
}

}  // namespace
}  // namespace dossier::web

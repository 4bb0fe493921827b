#include "domain/media_type.h"

#include <string>

#include <gtest/gtest.h>

namespace dossier::domain {
namespace {

std::string_view detect(std::string_view bytes) {
  return detect_media_type(std::as_bytes(std::span(bytes)));
}

TEST(media_type, knows_the_few_types_that_are_shown) {
  EXPECT_EQ(detect("\x89PNG\r\n\x1a\n...."), "image/png");
  EXPECT_EQ(detect("\xff\xd8\xff\xe0"), "image/jpeg");
  EXPECT_EQ(detect("GIF89a"), "image/gif");
  EXPECT_EQ(detect("RIFF\x10\x20\x30\x40WEBPVP8 "), "image/webp");
  EXPECT_EQ(detect("%PDF-1.7\n"), "application/pdf");
  EXPECT_EQ(detect("Dear Anna,\r\n\tgr\xc3\xbc\xc3\x9f"
                   "e\n"),
            "text/plain");
}

TEST(media_type, knows_a_pdf_behind_what_some_writers_put_before_it) {
  for (const char* pdf : {"%PDF-1.4", "\xef\xbb\xbf%PDF-1.4", "\n%PDF-1.4", "\r\n%PDF-1.4",
                          "\r\n\r\n%PDF-1.4", " \t%PDF-1.4", "\xef\xbb\xbf\r\n%PDF-1.7\n%\xe2\xe3\xcf\xd3"}) {
    EXPECT_EQ(detect(pdf), "application/pdf") << pdf;
  }
  for (const char* text : {"The header is %PDF-1.4", "-%PDF-1.4", "\n\n%pdf-1.4", "%PDF", "\n% PDF-"}) {
    EXPECT_EQ(detect(text), "text/plain") << text;
  }
  EXPECT_EQ(detect("\n<script>%PDF-1.4"), "application/octet-stream");
  EXPECT_EQ(detect("\xff\xfe%PDF-1.4"), "application/octet-stream");
}

TEST(media_type, never_takes_markup_for_text_or_a_picture) {
  for (const char* markup : {"<html><script>alert(1)</script>", "  <svg xmlns='http://www.w3.org/2000/svg'>",
                             "<?xml version='1.0'?>", "hello <ScRiPt>alert(1)</script>", "<!DOCTYPE html>",
                             "\xef\xbb\xbf<svg>", "text first\n<iframe src=x>"}) {
    EXPECT_EQ(detect(markup), "application/octet-stream") << markup;
  }
}

TEST(media_type, binary_and_broken_text_are_only_downloaded) {
  using namespace std::string_view_literals;
  EXPECT_EQ(detect(""), "application/octet-stream");
  EXPECT_EQ(detect("a\0b"sv), "application/octet-stream");
  EXPECT_EQ(detect("caf\xe9"), "application/octet-stream");
  EXPECT_EQ(detect("PK\x03\x04"), "application/octet-stream");
}

TEST(media_type, a_character_cut_by_the_prefix_is_still_text) {
  std::string text(media_type_prefix - 1, 'a');
  text += '\xc3';  // its second byte lies behind the prefix
  EXPECT_EQ(detect(text), "text/plain");
  text.back() = '\xff';
  EXPECT_EQ(detect(text), "application/octet-stream");
}

TEST(media_type, only_safe_types_are_inline) {
  EXPECT_TRUE(is_safe_inline("image/png"));
  EXPECT_TRUE(is_safe_inline("text/plain"));
  EXPECT_FALSE(is_safe_inline("text/html"));
  EXPECT_FALSE(is_safe_inline("application/octet-stream"));
}

}  // namespace
}  // namespace dossier::domain

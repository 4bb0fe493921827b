#include "http/multipart.h"

#include <gtest/gtest.h>

#include <vector>

#include "fakes/run.h"
#include "http/part_headers.h"

namespace dossier::http {
namespace {

// Hands a text out in pieces cut at given places; each piece is a copy of its own, so that a view kept too
// long is seen by the address sanitizer.
class pieces final : public base::byte_source {
 public:
  pieces(std::string text, std::vector<std::size_t> cuts) : text_(std::move(text)), cuts_(std::move(cuts)) {}

  awaitable<base::result<base::byte_view>> next() override {
    std::size_t end = index_ < cuts_.size() ? cuts_[index_++] : text_.size();
    piece_ = std::make_unique<std::string>(text_.substr(at_, end - at_));
    piece_->shrink_to_fit();
    at_ = end;
    co_return std::as_bytes(std::span(*piece_));
  }

 private:
  std::string text_;
  std::vector<std::size_t> cuts_;
  std::size_t index_ = 0, at_ = 0;
  std::unique_ptr<std::string> piece_;
};

struct seen_form {
  std::vector<std::pair<part, std::string>> parts;
  std::optional<base::error_code> failed;
};

awaitable<seen_form> read_form(base::byte_source& body, std::string boundary, multipart_limits limits,
                               bool skip) {
  multipart_reader form(body, boundary, limits);
  seen_form seen;
  for (;;) {
    auto one = co_await form.next_part();
    if (!one) {
      seen.failed = one.error().code;
      co_return seen;
    }
    if (!*one) co_return seen;
    seen.parts.emplace_back(**one, "");
    if (skip) continue;
    auto text = co_await read_all(form.content(), 1 << 20);
    if (!text) {
      seen.failed = text.error().code;
      co_return seen;
    }
    seen.parts.back().second = *text;
  }
}

seen_form read(std::string text, std::vector<std::size_t> cuts = {}, multipart_limits limits = {},
               bool skip = false) {
  pieces body(std::move(text), std::move(cuts));
  return fakes::run_sync(read_form(body, "XyZ", limits, skip));
}

std::string part_text(std::string_view headers, std::string_view content) {
  return "--XyZ\r\n" + std::string(headers) + "\r\n\r\n" + std::string(content) + "\r\n";
}
std::string field(std::string_view name, std::string_view content) {
  return part_text("Content-Disposition: form-data; name=\"" + std::string(name) + "\"", content);
}
const std::string end = "--XyZ--\r\n";

TEST(multipart, reads_fields_and_files) {
  auto seen = read(field("name", "Ada") +
                   part_text("content-disposition: form-data; name=file_name; filename=\"a b.png\"\r\n"
                             "Content-Type: image/png",
                             "PNG\r\n\r\nbytes") +
                   end);
  ASSERT_FALSE(seen.failed);
  ASSERT_EQ(seen.parts.size(), 2U);
  EXPECT_EQ(seen.parts[0].first.name, "name");
  EXPECT_FALSE(seen.parts[0].first.filename);
  EXPECT_EQ(seen.parts[0].second, "Ada");
  EXPECT_EQ(seen.parts[1].first.filename, "a b.png");
  EXPECT_EQ(seen.parts[1].first.content_type, "image/png");
  EXPECT_EQ(seen.parts[1].second, "PNG\r\n\r\nbytes");
}

// Content that begins like a boundary in every way, split at every pair of places.
TEST(multipart, reads_the_same_however_the_bytes_are_split) {
  std::string tricky = "\r\r\n\r\n-\r\n--\r\n--Xy\r\n--X\r\n\r\n--XyzZ--XyZ\r\n--Xy";
  std::string text = "\r\n" + field("a", tricky) + field("b", "") + field("c", "\r\n") + end + "epilogue";
  for (std::size_t i = 1; i < text.size(); ++i) {
    for (std::size_t j = i; j < text.size(); j += (j - i < 8 ? 1 : 7)) {
      auto seen = read(text, j == i ? std::vector{i} : std::vector{i, j});
      ASSERT_FALSE(seen.failed) << i << " " << j;
      ASSERT_EQ(seen.parts.size(), 3U) << i << " " << j;
      ASSERT_EQ(seen.parts[0].second, tricky) << i << " " << j;
      ASSERT_EQ(seen.parts[1].second, "") << i << " " << j;
      ASSERT_EQ(seen.parts[2].second, "\r\n") << i << " " << j;
    }
  }
  std::vector<std::size_t> every;
  for (std::size_t i = 1; i < text.size(); ++i) every.push_back(i);
  EXPECT_EQ(read(text, every).parts.at(0).second, tricky);
}

TEST(multipart, skips_what_was_not_read) {
  auto seen = read(field("a", std::string(5000, 'x')) + field("b", "y") + end, {}, {}, true);
  EXPECT_FALSE(seen.failed);
  EXPECT_EQ(seen.parts.size(), 2U);
}

TEST(multipart, takes_a_form_without_parts) {
  EXPECT_FALSE(read("--XyZ--").failed);
  EXPECT_TRUE(read("--XyZ--").parts.empty());
}

TEST(multipart, takes_blanks_behind_a_boundary) {
  EXPECT_EQ(read("--XyZ \t\r\nContent-Disposition: form-data; name=a\r\n\r\nv\r\n" + end).parts.at(0).second,
            "v");
}

TEST(multipart, is_malformed_when_it_is_cut_off_anywhere) {
  std::string text = field("a", "value") + "--XyZ--";
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(read(text.substr(0, size)).failed, base::error_code::malformed) << size;
  }
}

TEST(multipart, refuses_malformed_parts) {
  for (const std::string& text : {
           part_text("Content-Type: text/plain", "x") + end,                     // no disposition
           part_text("Content-Disposition: form-data", "x") + end,               // no name
           part_text("Content-Disposition: attachment; name=\"a\"", "x") + end,  // not a form's
           part_text("Content-Disposition: form-data; name=\"a", "x") + end,
           part_text("Content-Disposition: form-data; name=a; name=b", "x") + end,
           part_text("Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b",
                     "x") +
               end,
           part_text("Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64", "x") +
               end,
           part_text("Content-Disposition : form-data; name=a", "x") + end,
           part_text("Content-Disposition: form-data; name=a\nX: y", "x") + end,
           part_text("Content-Disposition: form-data; name=\"a\x01\"", "x") + end,
           part_text("no colon", "x") + end,
           std::string("--XyZ\r\n\r\nx\r\n--XyZ--"),
           std::string("--XyZjunk\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--XyZ--"),
           std::string("--XyZ-\r\n"),
       }) {
    EXPECT_EQ(read(text).failed, base::error_code::malformed) << text;
  }
}

TEST(multipart, tolerates_an_empty_line_before_the_first_boundary_and_nothing_else) {
  const auto form = field("a", "v") + field("b", "w") + end;
  ASSERT_EQ(read(form).parts.size(), 2U);
  EXPECT_EQ(read("\r\n" + form).parts.size(), 2U);
  for (const std::string before :
       {"\r\n\r\n", "\n", "\r", " ", "\t", "\xef\xbb\xbf", "-", "--", "x", "x\r\n", "\r\nx", "\r\n ", " \r\n",
        "preamble\r\n", "\xef\xbb\xbf\r\n", "--Xy\r\n", "--XyZ", "\r\r\n"}) {
    for (std::size_t cut = 0; cut < before.size() + 8; ++cut) {
      const auto seen = read(before + form, {cut});
      EXPECT_EQ(seen.failed, base::error_code::malformed) << before << " cut at " << cut;
      EXPECT_TRUE(seen.parts.empty()) << before << " cut at " << cut;
    }
  }
  EXPECT_EQ(read(std::string(1, '\0') + form).failed, base::error_code::malformed);
}

TEST(multipart, passes_over_what_follows_the_last_boundary_but_no_part) {
  const auto form = field("a", "v") + "--XyZ--";
  for (const std::string& behind :
       {"", "\r\n", "\n", " \t\r\n", "\r\nepilogue", "\r\n\r\nlines\r\n-- of it\r\n--\r\n"}) {
    const auto seen = read(form + behind);
    EXPECT_FALSE(seen.failed) << behind;
    EXPECT_EQ(seen.parts.size(), 1U) << behind;
  }
  for (const std::string& behind : {std::string("x"), std::string("-"), std::string("--XyZ"),
                                    "\r\n" + field("b", "w"), "\r\n" + field("b", "w") + end,
                                    "\n" + field("b", "w"), "\r\ntext\r\n" + field("b", "w"), "\r\n" + end}) {
    EXPECT_EQ(read(form + behind).failed, base::error_code::malformed) << behind;
  }
}

TEST(multipart, bounds_what_follows_the_last_boundary) {
  const multipart_limits limits{.header_bytes = 100, .parts = 2};
  const auto form = field("a", "v") + end;
  EXPECT_FALSE(read(form + std::string(98, 'e'), {}, limits).failed);
  EXPECT_EQ(read(form + std::string(99, 'e'), {}, limits).failed, base::error_code::malformed);
}

// The last bytes of a body may be those that show whether it is whole.
TEST(multipart, reads_the_body_to_its_end) {
  class cut_short final : public base::byte_source {
   public:
    explicit cut_short(std::string text) : text_(std::move(text)) {}
    awaitable<base::result<base::byte_view>> next() override {
      if (std::exchange(given_, true)) co_return base::fail(base::error_code::malformed, "Cut short.");
      co_return std::as_bytes(std::span(text_));
    }

   private:
    std::string text_;
    bool given_ = false;
  };
  for (const std::string& behind : {"", "\r", "\r\n", "\r\nepilogue"}) {
    cut_short body(field("a", "v") + "--XyZ--" + behind);
    const auto seen = fakes::run_sync(read_form(body, "XyZ", {}, false));
    EXPECT_EQ(seen.failed, base::error_code::malformed) << behind;
  }
}

TEST(multipart, limits_headers_and_parts) {
  multipart_limits limits{.header_bytes = 100, .parts = 2};
  EXPECT_FALSE(read(field("a", "") + field("b", "") + end, {}, limits).failed);
  EXPECT_EQ(read(field("a", "") + field("b", "") + field("c", "") + end, {}, limits).failed,
            base::error_code::too_large);
  EXPECT_EQ(read(field(std::string(200, 'n'), "") + end, {}, limits).failed, base::error_code::too_large);
}

part headers(std::string disposition) {
  auto parsed = parse_part_headers("Content-Disposition: form-data; " + disposition + "\r\n");
  EXPECT_TRUE(parsed) << disposition;
  return parsed.value_or(part{});
}

TEST(part_headers, undo_the_quoting_of_browsers_and_of_curl) {
  EXPECT_EQ(headers("name=\"a%22b\"").name, "a\"b");
  EXPECT_EQ(headers("name=\"a\\\"b\"").name, "a\"b");
  EXPECT_EQ(headers("name=a; filename=\"a;b=c.txt\"").filename, "a;b=c.txt");
  EXPECT_EQ(headers("name=a; filename=\"C:\\photos\\me.png\"").filename, "C:\\photos\\me.png");
  EXPECT_EQ(headers("name=a; filename=\"100%25.png\"").filename, "100%25.png");
  EXPECT_EQ(headers("name=a; filename=\"x%0d%0Ay\"").filename, "x\r\ny");
  EXPECT_EQ(headers("name=a; filename=\"\"").filename, "");
  EXPECT_EQ(headers("name=a; filename=\"\xc3\xa9.png\"").filename, "\xc3\xa9.png");
}

TEST(part_headers, prefer_the_extended_file_name) {
  EXPECT_EQ(headers("name=a; filename=\"e.txt\"; filename*=UTF-8''%c3%a9.txt").filename, "\xc3\xa9.txt");
  EXPECT_EQ(headers("name=a; filename=\"e.txt\"; filename*=latin1''%e9.txt").filename, "e.txt");
  EXPECT_EQ(headers("name=a; filename=\"e.txt\"; filename*=UTF-8''%ff.txt").filename, "e.txt");
}

TEST(part_headers, decode_an_extended_file_name_that_stands_alone) {
  for (const auto* name :
       {"filename*=UTF-8''%c3%a9.txt", "filename*=utf-8'fr'%C3%A9.txt", "FileName*=ISO-8859-1''%e9.txt",
        "filename*=iso-8859-1'en'%E9.txt", "filename* = UTF-8''%c3%a9.txt"}) {
    const auto one = headers("name=a; " + std::string(name));
    EXPECT_EQ(one.filename, "\xc3\xa9.txt") << name;
    EXPECT_FALSE(one.filename_unreadable) << name;
  }
}

TEST(part_headers, tell_of_a_file_name_that_is_not_decoded) {
  for (const auto* name :
       {"filename*=windows-1252''%e9.txt", "filename*=UTF-8''%ff.txt", "filename*=UTF-8''%e",
        "filename*=a.txt", "filename*=''a.txt", "filename*0=\"a\"; filename*1=\".txt\"",
        "filename*0*=UTF-8''%c3; filename*1*=%a9.txt", "filename*1=b", "filename**=x"}) {
    const auto one = headers("name=a; " + std::string(name));
    EXPECT_FALSE(one.filename) << name;
    EXPECT_TRUE(one.filename_unreadable) << name;
  }
  EXPECT_FALSE(headers("name=a").filename_unreadable);
  EXPECT_FALSE(headers("name=a; filename=b; filename*=x").filename_unreadable);
}

TEST(boundary_of, reads_token_and_quoted_string) {
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(boundary_of("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\""), "a b");
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxk"),
            "----WebKitFormBoundary7MA4YWxk");
  for (auto text : {"", "multipart/form-data", "multipart/mixed; boundary=a",
                    "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a",
                    "multipart/form-data; boundary=a@b", "multipart/form-data; boundary=\"a \"",
                    "multipart/form-data; boundary=a; boundary=b"}) {
    EXPECT_FALSE(boundary_of(text)) << text;
  }
  EXPECT_FALSE(boundary_of("multipart/form-data; boundary=" + std::string(71, 'a')));
}

TEST(read_all, stops_at_its_limit) {
  pieces fits("0123456789", {3, 6}), too_long("0123456789", {3, 6});
  EXPECT_EQ(fakes::run_sync(read_all(fits, 10)), "0123456789");
  auto refused = fakes::run_sync(read_all(too_long, 9));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::error_code::too_large);
}

}  // namespace
}  // namespace dossier::http

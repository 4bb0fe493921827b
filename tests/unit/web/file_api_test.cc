#include <gtest/gtest.h>

#include "fakes/details.h"
#include "site_under_test.h"

namespace dossier::web {
namespace {

constexpr const char* tag = "\"09ca7e4eaa6e8ae9c7d261167129184883644d07dfba7cbfbc4c8a2e08360d5b\"";

struct file_api : testing::Test {
  file_api() { site.submit("Anna Berg", "hello, world"); }

  http::response get(std::string_view target, fake_request::header_list headers = {}) {
    return site.send("GET", target, std::move(headers));
  }
  site_under_test site;
};

TEST_F(file_api, describes_a_file) {
  auto answer = get("/api/v1/files/1");
  EXPECT_EQ(header_of(answer, "ETag"), tag);
  EXPECT_EQ(body_of(answer),
            R"({"id":1,"person_id":1,"name":"note.txt","size":12,"media_type":"text/plain","sha256":)"
            R"("09ca7e4eaa6e8ae9c7d261167129184883644d07dfba7cbfbc4c8a2e08360d5b",)"
            R"("content_url":"/api/v1/files/1/content","created_at":"2026-01-01T00:00:00.123Z"})");
  EXPECT_EQ(get("/api/v1/files/1", {{"if-none-match", tag}}).status, 304u);
  EXPECT_EQ(get("/api/v1/files/2").status, 404u);
}

TEST_F(file_api, delivers_the_bytes) {
  auto answer = get("/api/v1/files/1/content");
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.stream_length, 12u);
  EXPECT_EQ(header_of(answer, "Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(header_of(answer, "ETag"), tag);
  EXPECT_EQ(header_of(answer, "Last-Modified"), "Thu, 01 Jan 2026 00:00:00 GMT");
  EXPECT_EQ(header_of(answer, "Accept-Ranges"), "bytes");
  EXPECT_EQ(header_of(answer, "Cache-Control"), "private, no-cache");
  EXPECT_EQ(header_of(answer, "X-Content-Type-Options"), "nosniff");
  EXPECT_TRUE(header_of(answer, "Content-Security-Policy").starts_with("sandbox;"));
  EXPECT_EQ(header_of(answer, "Content-Disposition"),
            "inline; filename=\"note.txt\"; filename*=UTF-8''note.txt");
  EXPECT_EQ(body_of(answer), "hello, world");
}

TEST_F(file_api, delivers_a_part) {
  auto answer = get("/api/v1/files/1/content", {{"range", "bytes=7-"}});
  EXPECT_EQ(answer.status, 206u);
  EXPECT_EQ(header_of(answer, "Content-Range"), "bytes 7-11/12");
  EXPECT_EQ(answer.stream_length, 5u);
  EXPECT_EQ(body_of(answer), "world");
}

TEST_F(file_api, refuses_a_part_that_is_not_there) {
  auto answer = get("/api/v1/files/1/content", {{"range", "bytes=12-"}});
  EXPECT_EQ(answer.status, 416u);
  EXPECT_EQ(header_of(answer, "Content-Range"), "bytes */12");
  EXPECT_EQ(header_of(answer, "Content-Type"), "application/problem+json");
}

TEST_F(file_api, sends_nothing_that_is_there_already) {
  auto answer = get("/api/v1/files/1/content", {{"if-none-match", tag}});
  EXPECT_EQ(answer.status, 304u);
  EXPECT_EQ(header_of(answer, "ETag"), tag);
  EXPECT_TRUE(header_of(answer, "Content-Security-Policy").starts_with("sandbox;"));
  EXPECT_EQ(get("/api/v1/files/1/content", {{"if-match", "\"x\""}}).status, 412u);
}

TEST_F(file_api, tells_the_length_of_what_it_does_not_fetch) {
  site.objects.objects.clear();
  auto answer = site.send("HEAD", "/api/v1/files/1/content");
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.stream_length, 12u);
}

TEST_F(file_api, says_that_the_bytes_of_a_file_are_lost_and_is_not_at_a_loss_about_one_that_was_deleted) {
  site.objects.objects.clear();
  auto lost = get("/api/v1/files/1/content");
  EXPECT_EQ(lost.status, 500u);
  EXPECT_EQ(header_of(lost, "Content-Type"), "application/problem+json");
  EXPECT_NE(body_of(lost).find("bytes are missing"), std::string::npos);
  EXPECT_NE(body_of(lost).find("dossier doctor"), std::string::npos);
  EXPECT_EQ(site.send("DELETE", "/api/v1/files/1", {{"if-match", tag}}).status, 204u);
  EXPECT_EQ(get("/api/v1/files/1/content").status, 404u);
}

TEST_F(file_api, shows_only_safe_types_inline) {
  site.submit("Eve", "<html><script>alert(1)</script>");
  auto page = get("/api/v1/files/2/content");
  EXPECT_EQ(header_of(page, "Content-Type"), "application/octet-stream");
  EXPECT_TRUE(header_of(page, "Content-Disposition").starts_with("attachment;"));
  site.submit("Pia", "%PDF-1.7\n...");
  auto pdf = get("/api/v1/files/3/content");
  EXPECT_EQ(header_of(pdf, "Content-Type"), "application/pdf");
  EXPECT_TRUE(header_of(pdf, "Content-Disposition").starts_with("inline;"));
  EXPECT_TRUE(header_of(pdf, "Content-Security-Policy").starts_with("sandbox;"));
}

TEST_F(file_api, saves_what_is_asked_for_as_a_download) {
  const auto answer = get("/api/v1/files/1/content?download");
  EXPECT_TRUE(header_of(answer, "Content-Disposition").starts_with("attachment;"));
}

TEST_F(file_api, delivers_an_empty_file) {
  site.submit("Eve", "");
  auto answer = get("/api/v1/files/2/content");
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.stream_length, 0u);
  EXPECT_EQ(body_of(answer), "");
}

TEST_F(file_api, sends_downloads_to_where_the_store_gives_links) {
  site.objects.links_at = "https://files.example/";
  auto answer = get("/api/v1/files/1/content?download");
  EXPECT_EQ(answer.status, 307u);
  EXPECT_EQ(
      header_of(answer, "Location"),
      "https://files.example/" + site.rows.people.at(1).files.front().key.value +
          " as text/plain; charset=utf-8, attachment; filename=\"note.txt\"; filename*=UTF-8''note.txt");
  EXPECT_EQ(header_of(answer, "Cache-Control"), "no-store");
  EXPECT_EQ(body_of(answer), "");
  EXPECT_EQ(get("/api/v1/files/1/content?download", {{"range", "bytes=7-"}}).status, 307u);
  EXPECT_EQ(get("/api/v1/files/2/content?download").status, 404u);
}

TEST_F(file_api, answers_itself_what_no_link_can) {
  site.objects.links_at = "https://files.example/";
  // A file that is shown inline comes from us, in our sandbox.
  auto shown = get("/api/v1/files/1/content");
  EXPECT_EQ(body_of(shown), "hello, world");
  // The object store knows neither our ETag nor our time, so conditional requests are answered here.
  const std::string download = "/api/v1/files/1/content?download";
  EXPECT_EQ(get(download, {{"if-none-match", tag}}).status, 304u);
  EXPECT_EQ(get(download, {{"if-match", tag}}).status, 200u);
  EXPECT_EQ(get(download, {{"if-match", "\"other\""}}).status, 412u);
  EXPECT_EQ(get(download, {{"if-modified-since", "Thu, 01 Jan 2020 00:00:00 GMT"}}).status, 200u);
  EXPECT_EQ(get(download, {{"if-unmodified-since", "Fri, 01 Jan 2027 00:00:00 GMT"}}).status, 200u);
  EXPECT_EQ(get(download, {{"range", "bytes=7-"}, {"if-range", tag}}).status, 206u);
  EXPECT_EQ(get(download, {{"range", "bytes=12-"}}).status, 416u);
  EXPECT_EQ(site.send("HEAD", download).status, 200u);
}

TEST_F(file_api, deletes_what_was_seen) {
  EXPECT_EQ(site.send("DELETE", "/api/v1/files/1").status, 428u);
  EXPECT_EQ(site.send("DELETE", "/api/v1/files/1", {{"if-match", "\"1\""}}).status, 412u);
  EXPECT_EQ(site.send("DELETE", "/api/v1/files/2", {{"if-match", "*"}}).status, 404u);
  EXPECT_EQ(site.send("DELETE", "/api/v1/files/1", {{"if-match", tag}}).status, 204u);
  EXPECT_EQ(get("/api/v1/files/1/content").status, 404u);
}

TEST_F(file_api, lists_an_authors_files_that_are_still_theirs) {
  auto& anna = site.rows.people[1];
  anna = {.id = {1}, .details = fakes::known{"Anna Berg", "Oslo", 41, "C++"}, .files = {}};
  for (int i = 1; i <= 3; ++i) {
    anna.files.push_back({.id = {i}, .person = {1}, .key = {std::to_string(i)}, .name = "note.txt"});
    site.items.items.push_back({.key = {std::to_string(i)},
                                .author = "Anna Berg",
                                .person = {1},
                                .file = {i},
                                .name = "note.txt",
                                .size = 12,
                                .media_type = "text/plain",
                                .created_at = {}});
  }
  auto first = get("/api/v1/catalog?author=Anna+Berg&limit=2");
  const auto text = body_of(first);
  EXPECT_TRUE(
      text.starts_with(R"({"items":[{"file_id":1,"person_id":1,"author":"Anna Berg","name":"note.txt")"))
      << text;
  EXPECT_TRUE(text.ends_with(R"(],"next_cursor":"2"})")) << text;
  auto second = get("/api/v1/catalog?author=Anna+Berg&limit=2&cursor=2");
  EXPECT_TRUE(body_of(second).starts_with(R"({"items":[{"file_id":3,)"));
  anna.files.erase(anna.files.begin(), anna.files.begin() + 2);  // the catalog follows later
  auto filled = get("/api/v1/catalog?author=Anna+Berg&limit=2");
  EXPECT_TRUE(body_of(filled).starts_with(R"({"items":[{"file_id":3,)"))
      << "a page is filled up from the next one";
  anna.details[fakes::name_at] = "Anna Dahl";
  auto renamed = get("/api/v1/catalog?author=Anna+Berg&limit=2");
  EXPECT_EQ(body_of(renamed), R"({"items":[],"next_cursor":null})");
  auto none = get("/api/v1/catalog?author=Nobody");
  EXPECT_EQ(body_of(none), R"({"items":[],"next_cursor":null})");
  EXPECT_EQ(get("/api/v1/catalog").status, 422u);
}

}  // namespace
}  // namespace dossier::web

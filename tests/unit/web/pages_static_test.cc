#include "web/pages/static_files.h"

#include <gtest/gtest.h>

#include "site_under_test.h"

namespace dossier::web {
namespace {

struct static_site {
  http::response get(std::string_view target) {
    fake_request req("GET", target);
    return fakes::run_sync(site.site->handle(req));
  }
  site_under_test site;
};

TEST(static_files, are_kept_for_ever_under_their_digest) {
  static_site site;
  auto answer = site.get(static_prefix() + "/style.css");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(header_of(answer, "Content-Type"), "text/css; charset=utf-8");
  EXPECT_EQ(header_of(answer, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_NE(body_of(answer).find("--accent"), std::string::npos);
}

TEST(static_files, of_another_digest_are_todays_and_not_kept) {
  static_site site;
  auto answer = site.get("/static/0123456789abcdef/app.js");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(header_of(answer, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(header_of(answer, "Cache-Control"), "no-cache");
  EXPECT_EQ(site.get(static_prefix() + "/nothing.css").status, 404U);
}

TEST(static_files, every_page_names_todays_digest) {
  static_site site;
  auto answer = site.get("/");
  EXPECT_NE(body_of(answer).find("href=\"" + static_prefix() + "/style.css\""), std::string::npos);
  EXPECT_EQ(static_prefix().size(), std::string("/static/").size() + 16);
}

TEST(static_files, types_are_known_by_name) {
  EXPECT_EQ(static_media_type("a.svg"), "image/svg+xml");
  EXPECT_EQ(static_media_type("a.html"), "application/octet-stream");
}

}  // namespace
}  // namespace dossier::web

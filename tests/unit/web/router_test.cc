#include "web/router.h"

#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "web/routes.h"

namespace dossier::web {
namespace {

awaitable<http::response> answer(const context&, routed_request) {
  co_return http::response{};
}

router table() {
  using enum who;
  using enum sent_from;
  using enum takes;
  static constexpr route routes[] = {
      {"GET", "/people/new", anyone, any_page, nothing, proven::any_time, counted::never, answer},
      {"GET", "/people/{id}", anyone, any_page, nothing, proven::any_time, counted::never, answer},
      {"POST", "/people/{id}", anyone, our_pages, fields, proven::any_time, counted::never, answer},
      {"POST", "/people/{id}/files/{file}", anyone, our_pages, files, proven::any_time, counted::never,
       answer},
      {"DELETE", "/people", anyone, our_pages, nothing, proven::any_time, counted::never, answer},
      {"GET", "/", anyone, any_page, nothing, proven::any_time, counted::never, answer},
  };
  return router(routes);
}

std::string pattern_of(const router::match& match) {
  return match.found == nullptr ? "none" : std::string(match.found->pattern);
}

TEST(router, captures_one_segment_for_each_name) {
  const auto routes = table();
  const auto match = routes.find("POST", "/people/7/files/b c");
  EXPECT_EQ(pattern_of(match), "/people/{id}/files/{file}");
  EXPECT_EQ(match.captures, (std::vector<std::string>{"7", "b c"}));
}

TEST(router, matches_whole_paths_only) {
  const auto routes = table();
  for (const char* path : {"/people/7/", "/people/", "/people//", "/people/7/files", "/peoples", "/x", "",
                           "*", "/people/7/files/1/2", "//people/7"}) {
    const auto match = routes.find("GET", path);
    EXPECT_EQ(pattern_of(match), "none") << path;
    EXPECT_TRUE(match.allowed.empty()) << path;
  }
  EXPECT_EQ(pattern_of(routes.find("GET", "/")), "/");
}

TEST(router, prefers_what_stands_first) {
  const auto routes = table();
  EXPECT_EQ(pattern_of(routes.find("GET", "/people/new")), "/people/new");
  EXPECT_EQ(pattern_of(routes.find("POST", "/people/new")), "/people/{id}");
}

TEST(router, answers_head_where_get_answers) {
  const auto routes = table();
  EXPECT_EQ(pattern_of(routes.find("HEAD", "/people/7")), "/people/{id}");
  EXPECT_EQ(pattern_of(routes.find("HEAD", "/people")), "none");
}

TEST(router, names_the_methods_of_a_path_when_only_the_method_is_wrong) {
  const auto routes = table();
  const auto match = routes.find("PUT", "/people/7");
  EXPECT_EQ(match.found, nullptr);
  EXPECT_EQ(join_methods(match.allowed), "GET, HEAD, POST");
  EXPECT_EQ(join_methods(routes.find("GET", "/people").allowed), "DELETE");
}

TEST(routes, are_each_in_the_table_once) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const auto& each : all_routes()) {
    EXPECT_TRUE(seen.insert({each.method, each.pattern}).second) << each.method << ' ' << each.pattern;
  }
}

TEST(routes, that_change_something_may_be_sent_by_our_own_pages_only) {
  for (const auto& each : all_routes()) {
    EXPECT_EQ(each.method != "GET", each.from == sent_from::our_pages) << each.method << ' ' << each.pattern;
  }
}

TEST(routes, that_take_no_body_are_told_to_take_no_fields) {
  for (const auto& each : all_routes()) {
    if (each.method == "GET") EXPECT_EQ(each.body, takes::nothing) << each.pattern;
    if (each.method == "PATCH") EXPECT_EQ(each.body, takes::fields) << each.pattern;
  }
}

}  // namespace
}  // namespace dossier::web

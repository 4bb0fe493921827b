#include "web/router.h"

#include <gtest/gtest.h>

namespace dossier::web {
namespace {

awaitable<http::response> nothing(routed_request) {
  co_return http::response{};
}

router table() {
  router routes;
  routes.add({{"GET", "/people/new", nothing},
              {"GET", "/people/{id}", nothing},
              {"POST", "/people/{id}", nothing},
              {"POST", "/people/{id}/files/{file}", nothing},
              {"DELETE", "/people", nothing},
              {"GET", "/", nothing}});
  return routes;
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

TEST(router, prefers_what_was_added_first) {
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

}  // namespace
}  // namespace dossier::web

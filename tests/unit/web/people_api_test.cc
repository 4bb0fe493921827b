#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fakes/details.h"
#include "site_under_test.h"
#include "web/api/resources.h"
#include "web/json_body.h"

namespace dossier::web {
namespace {

constexpr const char* anna = R"({"name":"Anna Berg","location":"Oslo","age":41,"technology":"C++"})";

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(people_api, creates_a_person_with_files) {
  site_under_test site;
  auto answer = site.submit("Anna \"Åsa\" Berg");
  EXPECT_EQ(answer.status, 201u);
  EXPECT_EQ(header_of(answer, "Location"), "/api/v1/people/1");
  EXPECT_EQ(header_of(answer, "ETag"), "\"1\"");
  EXPECT_EQ(header_of(answer, "Content-Type"), "application/json");
  EXPECT_EQ(
      body_of(answer),
      R"({"id":1,"name":"Anna \"Åsa\" Berg","location":"Oslo","age":41,"technology":"C++","files":[)"
      R"({"id":1,"name":"note.txt","size":12,"media_type":"text/plain","sha256":)"
      R"("09ca7e4eaa6e8ae9c7d261167129184883644d07dfba7cbfbc4c8a2e08360d5b",)"
      R"("content_url":"/api/v1/files/1/content","created_at":"2026-01-01T00:00:00.123Z"}],"file_count":1,)"
      R"("created_at":"2026-01-01T00:00:00.123Z","updated_at":"2026-01-01T00:00:00.123Z","version":1})");
}

TEST(people_api, creates_a_person_from_json_without_files) {
  site_under_test site({.file_required = true});
  auto answer = site.send("POST", "/api/v1/people", {json_type}, anna);
  EXPECT_EQ(answer.status, 201u);
  EXPECT_TRUE(contains(body_of(answer), R"("files":[])"));
}

TEST(people_api, names_every_wrong_field) {
  site_under_test site;
  auto answer = site.send("POST", "/api/v1/people", {json_type}, R"({"name":7,"age":151,"x":1})");
  EXPECT_EQ(answer.status, 422u);
  const auto text = body_of(answer);
  for (const char* field : {"name", "location", "age", "technology", "x"}) {
    EXPECT_TRUE(contains(text, "{\"field\":\"" + std::string(field) + "\",")) << text;
  }
  EXPECT_TRUE(site.rows.people.empty());
}

TEST(people_api, reads_no_body_of_another_type) {
  site_under_test site;
  EXPECT_EQ(site.send("POST", "/api/v1/people", {}, anna).status, 415u);
  EXPECT_EQ(site.send("POST", "/api/v1/people", {{"content-type", "text/json"}}, anna).status, 415u);
  EXPECT_EQ(
      site.send("POST", "/api/v1/people", {{"content-type", "application/x-www-form-urlencoded"}}, "name=x")
          .status,
      415u);
  EXPECT_EQ(site.send("POST", "/api/v1/people", {{"content-type", "Application/JSON ; charset=utf-8"}}, anna)
                .status,
            201u);
}

TEST(people_api, refuses_a_json_body_that_is_too_long_unread) {
  site_under_test site({}, {.field_bytes = 100});
  fake_request req("POST", "/api/v1/people", {json_type}, std::string(101, ' '));
  EXPECT_EQ(site.send(req).status, 413u);
  EXPECT_FALSE(req.body_was_read);
  fake_request chunked("POST", "/api/v1/people", {json_type}, std::string(101, ' '));
  chunked.content_length.reset();
  EXPECT_EQ(site.send(chunked).status, 413u);
}

TEST(people_api, answers_the_same_to_a_repeated_key) {
  site_under_test site;
  auto first = site.submit("Anna", "bytes", {{"idempotency-key", "k-1"}});
  auto again = site.submit("Anna", "bytes", {{"idempotency-key", "k-1"}});
  EXPECT_EQ(again.status, 201u);
  EXPECT_EQ(body_of(again), body_of(first));
  EXPECT_EQ(header_of(again, "Location"), "/api/v1/people/1");
  EXPECT_EQ(site.rows.people.size(), 1u);
  EXPECT_EQ(site.objects.objects.size(), 1u);
}

TEST(people_api, refuses_a_key_that_was_used_for_something_else) {
  site_under_test site;
  site.submit("Anna", "bytes", {{"idempotency-key", "k-1"}});
  EXPECT_EQ(site.submit("Anna", "other", {{"idempotency-key", "k-1"}}).status, 422u);
  EXPECT_EQ(site.send("POST", "/api/v1/people", {json_type, {"idempotency-key", "k-1"}}, anna).status, 422u);
}

TEST(people_api, says_when_a_key_is_in_flight) {
  site_under_test site;
  site.rows.held["people/k-1"] = "another lease";
  const auto answer = site.submit("Anna", "bytes", {{"idempotency-key", "k-1"}});
  EXPECT_EQ(answer.status, 409u);
  EXPECT_EQ(header_of(answer, "Retry-After"), "3");
}

TEST(people_api, refuses_keys_that_cannot_be_kept) {
  site_under_test site;
  for (const std::string& key :
       {std::string(), std::string(256, 'x'), std::string("a b"), std::string("å")}) {
    auto answer = site.submit("Anna", "bytes", {{"idempotency-key", key}});
    EXPECT_EQ(answer.status, 422u) << key;
    EXPECT_TRUE(contains(body_of(answer), R"("field":"Idempotency-Key")")) << key;
  }
}

TEST(people_api, shows_a_person_once_for_each_version) {
  site_under_test site;
  site.submit();
  auto answer = site.send("GET", "/api/v1/people/1");
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(header_of(answer, "ETag"), "\"1\"");
  EXPECT_EQ(site.send("HEAD", "/api/v1/people/1").status, 200u);
  auto unchanged = site.send("GET", "/api/v1/people/1", {{"if-none-match", "\"0\", W/\"1\""}});
  EXPECT_EQ(unchanged.status, 304u);
  EXPECT_EQ(header_of(unchanged, "ETag"), "\"1\"");
  EXPECT_EQ(body_of(unchanged), "");
  EXPECT_EQ(site.send("GET", "/api/v1/people/1", {{"if-none-match", "\"2\""}}).status, 200u);
}

TEST(people_api, knows_nobody_by_a_number_that_is_none) {
  site_under_test site;
  site.submit();
  for (const char* id : {"2", "0", "01", "x", "-1", "1.0", "99999999999999999999", "no. 1"}) {
    EXPECT_EQ(site.send("GET", "/api/v1/people/" + std::string(id)).status, 404u) << id;
  }
}

TEST(people_api, changes_only_what_is_named) {
  site_under_test site;
  site.submit();
  auto answer = site.send("PATCH", "/api/v1/people/1", {json_type, {"if-match", "\"1\""}}, R"({"age":"42"})");
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(header_of(answer, "ETag"), "\"2\"");
  EXPECT_TRUE(contains(body_of(answer), R"("name":"Anna Berg","location":"Oslo","age":42)"));
}

TEST(people_api, changes_nothing_unseen) {
  site_under_test site;
  site.submit();
  for (const char* method : {"PATCH", "DELETE"}) {
    EXPECT_EQ(site.send(method, "/api/v1/people/1", {json_type}, "{}").status, 428u);
    for (const char* tag : {"\"2\"", "W/\"1\"", "1", "\"x\"", "\"2\", \"3\""}) {
      EXPECT_EQ(site.send(method, "/api/v1/people/1", {json_type, {"if-match", tag}}, "{}").status, 412u)
          << method << tag;
    }
    EXPECT_EQ(site.send(method, "/api/v1/people/9", {json_type, {"if-match", "*"}}, "{}").status, 404u);
    EXPECT_EQ(site.send(method, "/api/v1/people/9", {json_type, {"if-match", "\"x\""}}, "{}").status, 404u);
  }
  EXPECT_EQ(site.rows.people.at(1).version, 1);
}

TEST(people_api, accepts_one_of_several_tags) {
  site_under_test site;
  site.submit();
  EXPECT_EQ(site.send("PATCH", "/api/v1/people/1", {json_type, {"if-match", "\"7\", \"1\""}}, R"({"age":1})")
                .status,
            200u);
}

TEST(people_api, goes_ahead_with_a_star_when_another_change_comes_between) {
  site_under_test site;
  site.submit();
  site.rows.overtaken = 2;
  EXPECT_EQ(site.send("PATCH", "/api/v1/people/1", {json_type, {"if-match", "*"}}, R"({"age":1})").status,
            200u);
  site.rows.overtaken = 100;
  EXPECT_EQ(site.send("PATCH", "/api/v1/people/1", {json_type, {"if-match", "*"}}, R"({"age":2})").status,
            409u);
}

TEST(people_api, names_what_is_wrong_with_a_change) {
  site_under_test site;
  site.submit();
  auto answer = site.send("PATCH", "/api/v1/people/1", {json_type, {"if-match", "\"1\""}},
                          R"({"name":null,"age":200,"file":[]})");
  EXPECT_EQ(answer.status, 422u);
  const auto text = body_of(answer);
  for (const char* field : {"name", "age", "file"}) {
    EXPECT_TRUE(contains(text, "\"field\":\"" + std::string(field) + '"')) << text;
  }
  EXPECT_FALSE(contains(text, "\"field\":\"location\"")) << text;
  EXPECT_EQ(site.send("PATCH", "/api/v1/people/1", {json_type, {"if-match", "\"1\""}}, "{").status, 400u);
  EXPECT_EQ(site.send("PATCH", "/api/v1/people/1", {{"content-type", "text/plain"}, {"if-match", "*"}}, "{}")
                .status,
            415u);
}

TEST(people_api, takes_the_whole_record_that_was_read) {
  site_under_test site;
  site.submit();
  auto read = site.send("GET", "/api/v1/people/1");
  auto record = body_of(read);
  EXPECT_EQ(site.send("PATCH", "/api/v1/people/1", {json_type, {"if-match", header_of(read, "ETag")}}, record)
                .status,
            200u);
  EXPECT_EQ(site.rows.people.at(1).details.number(fakes::age_at), 41);
  read = site.send("GET", "/api/v1/people/1");
  record = body_of(read);
  record.replace(record.find("\"age\":41"), 8, "\"age\":42");
  for (const auto& tag : {header_of(read, "ETag"), std::string("*")}) {
    site.rows.people.at(1).version = 2;
    EXPECT_EQ(site.send("PATCH", "/api/v1/people/1", {json_type, {"if-match", tag}}, record).status, 200u)
        << tag;
    EXPECT_EQ(site.rows.people.at(1).details.number(fakes::age_at), 42);
  }
  // This was read before somebody else's change.
  EXPECT_EQ(site.send("PATCH", "/api/v1/people/1", {json_type, {"if-match", "\"2\""}}, record).status, 412u);
  auto late = site.send("PATCH", "/api/v1/people/1", {json_type, {"if-match", "*"}}, record);
  EXPECT_EQ(late.status, 422u);
  EXPECT_TRUE(contains(body_of(late), "\"field\":\"version\""));
}

TEST(people_api, names_each_member_that_cannot_be_changed) {
  site_under_test site;
  site.submit();
  for (const auto& [member, other] :
       std::vector<std::pair<std::string, std::string>>{{"id", "2"},
                                                        {"id", "\"1\""},
                                                        {"id", "null"},
                                                        {"version", "2"},
                                                        {"version", "1.5"},
                                                        {"files", "[]"},
                                                        {"files", "null"},
                                                        {"files", "[{\"id\":1,\"name\":\"other.txt\"}]"},
                                                        {"created_at", "\"2020-01-01T00:00:00Z\""},
                                                        {"updated_at", "true"},
                                                        {"updated_at", "{\"a\":[1,{}]}"}}) {
    auto answer = site.send("PATCH", "/api/v1/people/1", {json_type, {"if-match", "*"}},
                            fmt::format(R"({{"age":42,"{}":{}}})", member, other));
    EXPECT_EQ(answer.status, 422u) << member << other;
    EXPECT_TRUE(contains(body_of(answer), "\"field\":\"" + member + '"')) << member << other;
  }
  auto twice = site.send("PATCH", "/api/v1/people/1", {json_type, {"if-match", "*"}}, R"({"id":2,"id":1})");
  EXPECT_EQ(twice.status, 422u);
  EXPECT_EQ(site.rows.people.at(1).details.number(fakes::age_at), 41);
  EXPECT_EQ(site.send("PATCH", "/api/v1/people/9", {json_type, {"if-match", "*"}}, R"({"id":9})").status,
            404u);
  // A new person has no number yet.
  EXPECT_EQ(site.send("POST", "/api/v1/people", {json_type},
                      R"({"id":1,"name":"A","location":"B","age":1,"technology":"C"})")
                .status,
            422u);
}

TEST(people_api, knows_each_member_that_is_read_only) {
  site_under_test site;
  site.submit();
  auto answer = site.send("GET", "/api/v1/people/1");
  const auto parsed = parse_details(body_of(answer), api::read_only_members);
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->wrong.empty()) << "a member that is neither a detail nor read only: "
                                     << parsed->wrong[0].field;
  EXPECT_EQ(parsed->read_only.size(), api::read_only_members.size());
}

TEST(people_api, a_key_whose_person_was_deleted_tells_of_it) {
  site_under_test site;
  const auto body = multipart(
      {{"name", "A"}, {"location", "B"}, {"age", "1"}, {"technology", "C"}, {"file_name", "x", "x"}});
  const auto more = multipart({{"file_name", "y", "y"}});
  const auto post = [&](const char* to, const char* key, const std::string& what) {
    return site.send("POST", to, {multipart_type, {"idempotency-key", key}}, what);
  };
  ASSERT_EQ(post("/api/v1/people", "k1", body).status, 201u);
  ASSERT_EQ(post("/api/v1/people/1/files", "k2", more).status, 201u);
  ASSERT_EQ(site.send("DELETE", "/api/v1/people/1", {{"if-match", "*"}}).status, 204u);
  auto again = post("/api/v1/people", "k1", body);
  EXPECT_EQ(again.status, 410u);
  const auto text = body_of(again);
  EXPECT_TRUE(contains(text, "/api#gone") && contains(text, "key k1") && contains(text, "no. 1")) << text;
  auto added = post("/api/v1/people/1/files", "k2", more);
  EXPECT_EQ(added.status, 410u);
  EXPECT_TRUE(contains(body_of(added), "key k2"));
  EXPECT_EQ(post("/api/v1/people/1/files", "k3", more).status, 404u);
}

// The records' answer to a commit was lost: nobody knows whether it was made.
TEST(people_api, what_may_be_stored_says_so_and_is_stored_once_by_the_same_key) {
  site_under_test site;
  site.submit();
  const base::error lost{
      .code = base::error_code::unavailable, .message = "Lost.", .may_have_happened = true};
  const auto person = multipart(
      {{"name", "A"}, {"location", "B"}, {"age", "1"}, {"technology", "C"}, {"file_name", "x", "x"}});
  const auto more = multipart({{"file_name", "y", "y"}});
  for (const auto& [to, body] :
       {std::pair("/api/v1/people", person), std::pair("/api/v1/people/1/files", more)}) {
    const auto post = [&](fake_request::header_list with) {
      with.push_back(multipart_type);
      return site.send("POST", to, std::move(with), body);
    };
    site.rows.failing_commit = lost;
    auto open = post({{"idempotency-key", "k"}});
    EXPECT_EQ(open.status, 503u) << to;
    EXPECT_NE(header_of(open, "Retry-After"), "") << to;
    const auto text = body_of(open);
    EXPECT_TRUE(contains(text, "It may be stored") && contains(text, "same key")) << text;
    auto without_key = post({});
    EXPECT_TRUE(contains(body_of(without_key), "Look whether it is there before")) << to;
    site.rows.failing_commit.reset();
    EXPECT_EQ(post({{"idempotency-key", "k"}}).status, 201u) << to;
  }
  EXPECT_EQ(site.rows.people.size(), 2u);
  EXPECT_EQ(site.rows.people.at(1).files.size(), 2u);
}

TEST(people_api, what_is_stored_and_cannot_be_read_just_now_says_where_it_is) {
  site_under_test site;
  const auto post = [&] {
    return site.send("POST", "/api/v1/people", {json_type, {"idempotency-key", "k"}},
                     R"({"name":"A","location":"B","age":1,"technology":"C"})");
  };
  ASSERT_EQ(post().status, 201u);
  site.rows.failing_look_up = base::error{base::error_code::unavailable, "Away."};
  auto again = post();
  EXPECT_EQ(again.status, 503u);
  EXPECT_TRUE(contains(body_of(again), "This was stored before, as /api/v1/people/1"));
  site.rows.failing_look_up.reset();
  EXPECT_EQ(post().status, 201u);
  EXPECT_EQ(site.rows.people.size(), 1u);
}

TEST(people_api, deletes_for_good) {
  site_under_test site;
  site.submit();
  auto answer = site.send("DELETE", "/api/v1/people/1", {{"if-match", "\"1\""}});
  EXPECT_EQ(answer.status, 204u);
  EXPECT_EQ(body_of(answer), "");
  EXPECT_EQ(site.send("GET", "/api/v1/people/1").status, 404u);
  EXPECT_EQ(site.send("GET", "/api/v1/files/1").status, 404u);
}

TEST(people_api, lists_page_by_page) {
  site_under_test site;
  for (int i = 0; i < 3; ++i) site.submit();
  auto first = site.send("GET", "/api/v1/people?limit=2");
  const auto text = body_of(first);
  EXPECT_TRUE(text.starts_with(R"({"items":[{"id":3,)")) << text;
  const auto at = text.find(R"("next_cursor":")") + 15;
  const auto cursor = text.substr(at, text.find('"', at) - at);
  auto second = site.send("GET", "/api/v1/people?limit=2&cursor=" + cursor);
  const auto rest = body_of(second);
  EXPECT_TRUE(rest.starts_with(R"({"items":[{"id":1,)")) << rest;
  EXPECT_TRUE(rest.ends_with(R"(],"next_cursor":null})")) << rest;
}

TEST(people_api, lists_nobody_as_an_empty_page) {
  site_under_test site;
  auto answer = site.send("GET", "/api/v1/people?q=nobody");
  EXPECT_EQ(body_of(answer), R"({"items":[],"next_cursor":null})");
  EXPECT_EQ(site.rows.asked->words, "nobody");
  EXPECT_EQ(site.send("GET", "/api/v1/people?limit=x").status, 422u);
}

TEST(people_api, adds_files_to_a_person) {
  site_under_test site;
  site.submit();
  const auto form = multipart({{"file_name", "one", "1.bin"}, {"photo", "two", "2.bin"}});
  auto answer = site.send("POST", "/api/v1/people/1/files", {multipart_type}, form);
  EXPECT_EQ(answer.status, 201u);
  EXPECT_EQ(header_of(answer, "ETag"), "\"2\"");
  const auto text = body_of(answer);
  EXPECT_TRUE(contains(text, "1.bin") && contains(text, "2.bin") && contains(text, "note.txt")) << text;
  EXPECT_EQ(site.send("POST", "/api/v1/people/1/files", {multipart_type}, multipart({})).status, 422u);
  EXPECT_EQ(site.send("POST", "/api/v1/people/1/files", {json_type}, "{}").status, 415u);
}

TEST(people_api, takes_no_bytes_in_for_nobody) {
  site_under_test site;
  fake_request req("POST", "/api/v1/people/9/files", {multipart_type},
                   multipart({{"file_name", "one", "1.bin"}}));
  EXPECT_EQ(site.send(req).status, 404u);
  EXPECT_FALSE(req.body_was_read);
}

TEST(people_api, passes_on_that_a_store_is_away) {
  site_under_test site;
  site.rows.failing = base::error{error_code::unavailable, "The records are not reachable."};
  const auto answer = site.send("GET", "/api/v1/people/1");
  EXPECT_EQ(answer.status, 503u);
  EXPECT_TRUE(find_header(answer, "Retry-After"));
  site.rows.failing = base::error{error_code::no_space, "The disk is full."};
  EXPECT_EQ(site.submit().status, 507u);
}

}  // namespace
}  // namespace dossier::web

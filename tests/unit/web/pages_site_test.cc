// The pages' handlers over the real use cases and stores in memory: what they answer, where they lead, what
// is kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "site_under_test.h"

namespace dossier::web {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::pair<std::string, std::string> form_type{"content-type", "application/x-www-form-urlencoded"};

struct pages_under_test {
  explicit pages_under_test(intake_limits limits = {}) : site(limits) {}

  http::response get(std::string_view target) {
    fake_request req("GET", target);
    return fakes::run_sync(site.site->handle(req));
  }
  std::string page(std::string_view target) {
    auto answer = get(target);
    return body_of(answer);
  }
  http::response post(std::string_view target, std::string body,
                      const std::pair<std::string, std::string>& type) {
    fake_request req("POST", target, {type}, std::move(body));
    return fakes::run_sync(site.site->handle(req));
  }
  // The form, with one file, as the browser sends it.
  http::response submit(std::string name = "Anna Berg", std::string age = "41", std::string key = "") {
    return post("/",
                multipart({{"idempotency_key", std::move(key)},
                           {"name", std::move(name)},
                           {"location", "Oslo"},
                           {"age", std::move(age)},
                           {"technology", "C++"},
                           {"file_name", "hello", "note.txt"},
                           {"file_name", "", ""}}),
                multipart_type);
  }

  site_under_test site;
};

TEST(pages, a_submission_leads_to_its_success_page) {
  pages_under_test site;
  const auto answer = site.submit();
  EXPECT_EQ(answer.status, 303U);
  EXPECT_EQ(header_of(answer, "Location"), "/submitted/1");
  const auto html = site.page("/submitted/1");
  EXPECT_THAT(html, HasSubstr("Stored as no. 1"));
  EXPECT_THAT(html, HasSubstr(R"(href="/people/1")"));
}

TEST(pages, a_refused_submission_shows_the_form_with_what_was_typed) {
  pages_under_test site;
  auto answer = site.submit("Anna Berg", "old");
  EXPECT_EQ(answer.status, 422U);
  const auto html = body_of(answer);
  EXPECT_THAT(html, HasSubstr(R"(value="Anna Berg")"));
  EXPECT_THAT(html, HasSubstr(R"(value="old")"));
  EXPECT_THAT(html, HasSubstr("<title>Error: "));
  EXPECT_EQ(site.get("/people/1").status, 404U);
}

TEST(pages, a_form_sent_twice_makes_one_record) {
  pages_under_test site;
  EXPECT_EQ(header_of(site.submit("Anna Berg", "41", "key-1"), "Location"), "/submitted/1");
  EXPECT_EQ(header_of(site.submit("Anna Berg", "41", "key-1"), "Location"), "/submitted/1");
  EXPECT_EQ(site.get("/people/2").status, 404U);
}

TEST(pages, a_key_that_was_used_for_something_else_is_not_offered_again) {
  pages_under_test site;
  site.submit("Anna Berg", "41", "key-1");
  auto answer = site.submit("Berit Dahl", "41", "key-1");
  EXPECT_EQ(answer.status, 422U);
  EXPECT_THAT(body_of(answer), Not(HasSubstr("value=\"key-1\"")));
}

// The records' answer to a commit was lost: nobody knows whether it was made.
const base::error lost{.code = error_code::unavailable, .message = "Lost.", .may_have_happened = true};

TEST(pages, a_submission_that_may_be_stored_is_sent_again_with_the_same_key) {
  pages_under_test site({.file_required = false});
  const std::string form = "idempotency_key=key-1&name=Anna&location=Oslo&age=41&technology=C";
  site.site.rows.failing = lost;
  auto open = site.post("/", form, form_type);
  EXPECT_EQ(open.status, 503U);
  EXPECT_TRUE(find_header(open, "Retry-After"));
  const auto html = body_of(open);
  EXPECT_THAT(html, HasSubstr("It may be stored already"));
  EXPECT_THAT(html, HasSubstr("value=\"key-1\""));
  site.site.rows.failing.reset();
  EXPECT_EQ(site.post("/", form, form_type).status, 303U);
}

TEST(pages, files_that_may_be_stored_are_sent_again_with_the_same_key) {
  pages_under_test site;
  site.submit();
  const auto form = multipart({{"idempotency_key", "key-1"}, {"file_name", "more", "more.txt"}});
  site.site.rows.failing_commit = lost;
  auto open = site.post("/people/1/files", form, multipart_type);
  EXPECT_EQ(open.status, 503U);
  const auto html = body_of(open);
  EXPECT_THAT(html, HasSubstr("It may be stored already"));
  EXPECT_THAT(html, HasSubstr("value=\"key-1\""));
  site.site.rows.failing_commit.reset();
  EXPECT_EQ(header_of(site.post("/people/1/files", form, multipart_type), "Location"), "/people/1?added");
  EXPECT_EQ(site.site.rows.people.at(1).files.size(), 2U);
}

TEST(pages, a_form_that_was_stored_and_deleted_says_so_and_may_be_sent_anew) {
  pages_under_test site;
  site.submit("Anna Berg", "41", "key-1");
  site.site.rows.people.clear();
  auto answer = site.submit("Anna Berg", "41", "key-1");
  EXPECT_EQ(answer.status, 410U);
  const auto html = body_of(answer);
  EXPECT_THAT(html, HasSubstr("has been deleted since"));
  EXPECT_THAT(html, HasSubstr("value=\"Anna Berg\""));
  EXPECT_THAT(html, Not(HasSubstr("key-1")));
}

TEST(pages, a_form_that_is_not_for_files_refuses_them) {
  pages_under_test site;
  site.submit();
  for (const auto& name : {"file_name", "photo", "name", "avatar"}) {
    auto edit = site.post("/people/1/edit",
                          multipart({{"version", "1"},
                                     {"name", "B"},
                                     {"location", "Oslo"},
                                     {"age", "4"},
                                     {"technology", "C"},
                                     {name, "bytes", "a.txt"}}),
                          multipart_type);
    EXPECT_EQ(edit.status, 422U) << name;
    EXPECT_EQ(
        site.post("/people/1/delete", multipart({{"version", "1"}, {name, "", "a.txt"}}), multipart_type)
            .status,
        422U)
        << name;
  }
  EXPECT_EQ(site.site.rows.people.at(1).version, 1);
  EXPECT_EQ(
      site.post("/people/1/delete", multipart({{"version", "1"}, {"file", "", ""}}), multipart_type).status,
      303U);
}

TEST(pages, a_search_that_is_too_long_is_named) {
  pages_under_test site;
  site.submit();
  for (const auto& q : {std::string(201, 'x'), std::string(8000, 'x'),
                        std::string("a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p+q+r+s+t+u+v+w+x+y+z+1+2+3+4+5+6+7")}) {
    auto answer = site.get("/people?q=" + q);
    EXPECT_EQ(answer.status, 422U);
    EXPECT_THAT(body_of(answer), HasSubstr("href=\"#q\""));
  }
}

TEST(pages, every_form_has_a_key_of_its_own) {
  pages_under_test site;
  const auto key_of = [](const std::string& html) {
    const std::string_view before = "name=\"idempotency_key\" value=\"";
    return html.substr(html.find(before) + before.size(), 32);
  };
  const auto key = key_of(site.page("/"));
  EXPECT_EQ(key.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(key, key_of(site.page("/")));
}

TEST(pages, looking_up_a_number_answers_as_the_origin_does) {
  pages_under_test site;
  site.submit();
  EXPECT_EQ(site.get("/employee").status, 200U);
  auto found = site.post("/employee", "employee_id=1", form_type);
  EXPECT_EQ(found.status, 200U);
  EXPECT_THAT(body_of(found), HasSubstr("note.txt"));
  auto none = site.post("/employee", "employee_id=99", form_type);
  EXPECT_EQ(none.status, 404U);
  EXPECT_THAT(body_of(none), HasSubstr("There is no record no. 99"));
  auto nonsense = site.post("/employee", multipart({{"employee_id", "abc"}}), multipart_type);
  EXPECT_EQ(nonsense.status, 422U);
  EXPECT_THAT(body_of(nonsense), HasSubstr("a whole number, like 1042"));
  EXPECT_EQ(site.post("/employee", "", form_type).status, 422U);
}

TEST(pages, an_edit_is_saved_and_a_stale_one_shows_both) {
  pages_under_test site;
  site.submit();
  const std::string edit = "&name=Anna+B.&location=Oslo&age=42&technology=C%2B%2B";
  auto saved = site.post("/people/1/edit", "version=1" + edit, form_type);
  EXPECT_EQ(saved.status, 303U);
  EXPECT_EQ(header_of(saved, "Location"), "/people/1?saved");
  EXPECT_THAT(site.page("/people/1?saved"), HasSubstr("Your changes are saved"));

  auto stale =
      site.post("/people/1/edit", "version=1&name=Berit&location=Oslo&age=42&technology=C%2B%2B", form_type);
  EXPECT_EQ(stale.status, 412U);
  const auto html = body_of(stale);
  EXPECT_THAT(html, HasSubstr(R"(value="Berit")"));
  EXPECT_THAT(html, HasSubstr("Stored now: <strong><bdi>Anna B.</bdi></strong>"));
  EXPECT_THAT(html, HasSubstr(R"(name="version" value="2")"));
}

TEST(pages, a_wrong_edit_shows_every_error_and_changes_nothing) {
  pages_under_test site;
  site.submit();
  auto answer = site.post("/people/1/edit", "version=1&name=&location=Oslo&age=x&technology=C", form_type);
  EXPECT_EQ(answer.status, 422U);
  const auto html = body_of(answer);
  EXPECT_THAT(html, HasSubstr(R"(href="#name")"));
  EXPECT_THAT(html, HasSubstr(R"(href="#age")"));
  EXPECT_THAT(site.page("/people/1"), HasSubstr("Anna Berg"));
  EXPECT_EQ(site.post("/people/1/edit", "name=X", form_type).status, 400U);  // no version
}

TEST(pages, deleting_asks_first_and_asks_again_when_the_record_changed) {
  pages_under_test site;
  site.submit();
  EXPECT_THAT(site.page("/people/1/delete"), HasSubstr("Delete <bdi>Anna Berg</bdi> and 1 file (5 bytes)?"));
  site.post("/people/1/edit", "version=1&name=Anna&location=Oslo&age=42&technology=C", form_type);
  EXPECT_EQ(site.post("/people/1/delete", "version=1", form_type).status, 412U);
  EXPECT_EQ(site.post("/people/1/delete", "", form_type).status, 200U);  // only asks
  EXPECT_EQ(site.get("/people/1").status, 200U);
  const auto gone = site.post("/people/1/delete", "version=2", form_type);
  EXPECT_EQ(gone.status, 303U);
  EXPECT_EQ(header_of(gone, "Location"), "/people?deleted");
  EXPECT_EQ(site.get("/people/1").status, 404U);
}

TEST(pages, files_are_added_and_removed) {
  pages_under_test site;
  site.submit();
  const auto added =
      site.post("/people/1/files", multipart({{"file_name", "more", "more.txt"}}), multipart_type);
  EXPECT_EQ(header_of(added, "Location"), "/people/1?added");
  EXPECT_THAT(site.page("/people/1"), HasSubstr("more.txt"));
  EXPECT_EQ(site.post("/people/1/files", multipart({{"file_name", "", ""}}), multipart_type).status, 422U);
  EXPECT_EQ(site.post("/people/9/files", multipart({{"file_name", "x", "x"}}), multipart_type).status, 404U);

  const auto html = site.page("/people/1");
  const auto link = html.find("/remove\"");
  ASSERT_NE(link, std::string::npos);
  const auto start = html.rfind('"', link) + 1;
  const auto address = html.substr(start, link + 7 - start);
  EXPECT_THAT(site.page(address), HasSubstr("Remove <bdi>note.txt</bdi>?"));
  EXPECT_EQ(header_of(site.post(address, "", form_type), "Location"), "/people/1?removed");
  EXPECT_THAT(site.page("/people/1"), Not(HasSubstr("data-name=\"note.txt\"")));
  EXPECT_EQ(site.get(address).status, 404U);
}

TEST(pages, the_directory_lists_marks_and_finds_numbers) {
  pages_under_test site;
  site.submit("Anna Berg");
  site.submit("Berit Dahl");
  EXPECT_THAT(site.page("/people"), HasSubstr("Berit Dahl"));
  EXPECT_THAT(site.page("/people?q=anna"), HasSubstr("<mark>Anna</mark> Berg"));
  EXPECT_THAT(site.page("/people?q=2"),
              HasSubstr("No. 2 is <a href=\"/people/2\"><bdi>Berit Dahl</bdi></a>"));
  EXPECT_EQ(site.get("/people?age_from=old").status, 422U);
  EXPECT_EQ(site.get("/people?q=%FF").status, 400U);
}

TEST(pages, the_catalog_lists_an_authors_files) {
  pages_under_test site;
  site.submit();
  EXPECT_EQ(site.get("/catalog").status, 200U);
  EXPECT_THAT(site.page("/catalog?author=Anna%20Berg"), HasSubstr("No files by"));
  domain::catalog_item item{
      .key = {"k"}, .author = "Anna Berg", .person = {1}, .file = {1}, .name = "note.txt"};
  ASSERT_TRUE(fakes::run_sync(site.site.items.put(item)));
  EXPECT_THAT(site.page("/catalog?author=Anna%20Berg"), Not(HasSubstr("note.txt"))) << "no row has its key";
  site.site.rows.people.at(1).files.push_back({.id = {1}, .person = {1}, .key = {"k"}, .name = "note.txt"});
  EXPECT_THAT(site.page("/catalog?author=Anna%20Berg"), HasSubstr("note.txt"));
  EXPECT_EQ(site.get("/catalog?author=%FF").status, 400U);
}

TEST(pages, what_is_not_there_is_said_in_plain_words) {
  pages_under_test site;
  for (const char* target : {"/people/99", "/people/abc", "/people/99/edit", "/people/99/delete",
                             "/submitted/99", "/files/99/remove", "/files/x/remove"}) {
    auto answer = site.get(target);
    EXPECT_EQ(answer.status, 404U) << target;
    EXPECT_THAT(body_of(answer), HasSubstr("There is")) << target;
  }
}

TEST(pages, only_without_other_names_the_page_says_that_only_this_computer_reaches_it) {
  pages_under_test site;
  EXPECT_THAT(site.page("/"), HasSubstr("Only this computer can reach this page"));
  site.site.ctx.settings.allowed_hosts = {"dossier.example"};
  EXPECT_THAT(site.page("/"), Not(HasSubstr("Only this computer")));
}

}  // namespace
}  // namespace dossier::web

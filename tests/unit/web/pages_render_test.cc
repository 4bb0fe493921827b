// What the pages show: hostile text stays text, errors stand where they belong, links keep the query.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes/details.h"
#include "web/pages/error_page.h"
#include "web/pages/views.h"

namespace dossier::web {
namespace {

using testing::HasSubstr;
using testing::Not;

const page_frame frame_of_test{.title = "Test", .here = "people", .search = {}, .version = "1.2.3"};

// One suggestion for the technology.
suggestions offering(std::string_view value) {
  suggestions all(domain::detail_fields().size());
  all[fakes::technology_at] = {std::string(value)};
  return all;
}

domain::person someone(std::string name = "Anna Berg") {
  domain::person who;
  who.id = {7};
  who.details = fakes::known{.name = std::move(name), .location = "Oslo", .age = 41, .technology = "C++"};
  who.version = 3;
  return who;
}

domain::file some_file(std::int64_t id, std::string name, std::string type) {
  domain::file file;
  file.id = {id};
  file.person = {7};
  file.name = std::move(name);
  file.size = 2'000'000;
  file.media_type = std::move(type);
  return file;
}

// The person with these files, as the records return it.
domain::person with_files(domain::person who, const std::vector<domain::file>& files) {
  who.file_count = static_cast<std::int64_t>(files.size());
  for (const auto& one : files) domain::take_file(who, one);
  return who;
}

record_view record_of(const domain::person& who) {
  return {.who = who, .files = {.items = who.files, .next = {}}};
}

directory_view directory_of(std::vector<domain::person> people) {
  directory_view shown;
  shown.people.items = std::move(people);
  return shown;
}

// Text that would do harm if any page put it down as it is.
constexpr std::string_view hostile = R"(<script>alert("1")</script>'" onload=alert(1) x=&lt;{{NAME}})";

domain::person hostile_person() {
  const std::string text(hostile);
  auto who = someone(text);
  who.details[fakes::location_at] = text;
  who.details[fakes::technology_at] = text;
  return with_files(who,
                    {some_file(1, text + ".png", "image/png"), some_file(2, text, "application/octet-stream"),
                     some_file(3, "\"><img src=x onerror=alert(1)>.txt", "text/plain")});
}

void expect_harmless(const std::string& html) {
  EXPECT_THAT(html, Not(HasSubstr("<script>")));
  EXPECT_THAT(html, Not(HasSubstr("\" onload=alert(1)")));
  EXPECT_THAT(html, Not(HasSubstr("' onload=alert(1)")));
  EXPECT_THAT(html, Not(HasSubstr("<img src=x")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(&quot;1&quot;)"));
  EXPECT_THAT(html, HasSubstr("{{NAME}}"));  // what people type is never read as a template
}

TEST(pages, hostile_text_stays_text_on_every_page) {
  const auto who = hostile_person();
  auto directory = directory_of({who});
  directory.asked.q = hostile;
  directory.asked.filter("technology") = hostile;
  directory.offered = offering(hostile);
  directory.by_number = who;
  expect_harmless(render_directory_page(frame_of_test, directory));

  auto record = record_of(who);
  record.history = {{{}, "file_removed", std::string(hostile)}};
  expect_harmless(render_record_page(frame_of_test, record));
  record.editing = edit_form{.typed = fakes::typed{.name = std::string(hostile)}, .stale = true};
  record.offered = offering(hostile);
  expect_harmless(render_record_page(frame_of_test, record));

  expect_harmless(render_submitted_page(frame_of_test, who));
  expect_harmless(render_delete_page(frame_of_test, who, true));
  expect_harmless(render_remove_file_page(frame_of_test, who.files[0], who));
  expect_harmless(render_employee_page(frame_of_test, {.typed = std::string(hostile), .found = who}));
  expect_harmless(render_error_page(404, hostile, hostile));

  catalog_view catalog{.author = std::string(hostile)};
  catalog.files.items = {{.key = {"k"}, .author = std::string(hostile), .name = std::string(hostile)}};
  catalog.files.next = hostile;
  expect_harmless(render_catalog_page(frame_of_test, catalog));

  submit_view form{.typed = fakes::typed{.name = std::string(hostile), .age = std::string(hostile)},
                   .offered = offering(hostile)};
  form.problem =
      base::error{base::error_code::invalid, std::string(hostile), {{"name", std::string(hostile)}}, {}};
  expect_harmless(render_submit_page(frame_of_test, form));
}

TEST(pages, hostile_titles_and_searches_stay_text_in_the_frame) {
  page_frame frame = frame_of_test;
  frame.title = hostile;
  frame.search = hostile;
  frame.version = hostile;
  expect_harmless(render_employee_page(frame, {}));
}

TEST(pages, an_error_summary_links_to_each_field_and_says_it_beside_the_field_too) {
  submit_view form;
  form.problem = base::error{
      base::error_code::invalid,
      "Some details need another look.",
      {{"age", "Enter an age between 0 and 150"}, {"file_name", "Choose a photo or another file"}},
      {}};
  const auto html = render_submit_page(frame_of_test, form);
  EXPECT_THAT(html, HasSubstr("<title>Error: Test"));
  EXPECT_THAT(html, HasSubstr(R"(<a href="#age">Enter an age between 0 and 150</a>)"));
  EXPECT_THAT(html, HasSubstr(R"(<a href="#photo">Choose a photo or another file</a>)"));
  EXPECT_THAT(html, HasSubstr(R"(<p class="field-error" id="age-error">Enter an age between 0 and 150</p>)"));
  EXPECT_THAT(html, HasSubstr(R"(aria-describedby="age-hint age-error" aria-invalid="true")"));
  EXPECT_THAT(html, Not(HasSubstr(R"(id="name-error")")));
}

TEST(pages, a_key_that_was_used_is_said_as_what_it_means_with_a_button_that_sends_anew) {
  for (const std::string field : {"idempotency_key", "Idempotency-Key"}) {
    submit_view form;
    form.problem = base::error{base::error_code::invalid,
                               "Some details need another look.",
                               {{field, "This key was used for other content"}},
                               {}};
    const auto html = render_submit_page(frame_of_test, form);
    EXPECT_THAT(html, HasSubstr("This form was sent before, and what it held then is stored."));
    EXPECT_THAT(html, HasSubstr(R"(<button class="button" type="submit" form="submission")"));
    EXPECT_THAT(html, Not(HasSubstr("This key")));
    EXPECT_THAT(html, Not(HasSubstr("href=\"#idempotency_key\"")));
  }
}

TEST(pages, an_error_without_fields_is_said_in_the_summary) {
  submit_view form;
  form.problem = base::error{base::error_code::unavailable, "Files are not reachable now.", {}, {}};
  const auto html = render_submit_page(frame_of_test, form);
  EXPECT_THAT(html, HasSubstr("There is a problem"));
  EXPECT_THAT(html, HasSubstr("<p>Files are not reachable now.</p>"));
}

TEST(pages, a_form_without_errors_has_no_summary) {
  const auto html = render_submit_page(frame_of_test, {});
  EXPECT_THAT(html, Not(HasSubstr("There is a problem")));
  EXPECT_THAT(html, Not(HasSubstr("Error:")));
}

TEST(pages, what_was_typed_and_the_key_stay_in_the_form) {
  submit_view form{
      .typed = fakes::typed{.name = "Anna \"A\" Berg", .location = "Oslo", .age = "abc", .technology = "C++"},
      .idempotency_key = "key-1"};
  const auto html = render_submit_page(frame_of_test, form);
  EXPECT_THAT(html, HasSubstr(R"(value="Anna &quot;A&quot; Berg")"));
  EXPECT_THAT(html, HasSubstr(R"(value="Oslo")"));
  EXPECT_THAT(html, HasSubstr(R"(value="abc")"));
  EXPECT_THAT(html, HasSubstr(R"(name="idempotency_key" value="key-1")"));
  // The key is claimed with the first file, so it has to come before it.
  EXPECT_LT(html.find("name=\"idempotency_key\""), html.find("type=\"file\""));
}

TEST(pages, links_to_other_pages_of_the_directory_keep_the_query) {
  auto shown = directory_of({someone()});
  shown.asked.q = "an";
  shown.asked.filter("technology") = "C++";
  shown.people.next = domain::people_cursor{.id = 7};
  shown.people.previous = domain::people_cursor{.backwards = true, .id = 9};
  const auto html = render_directory_page(frame_of_test, shown);
  const auto next = domain::encode_cursor(*shown.people.next);
  const auto previous = domain::encode_cursor(*shown.people.previous);
  EXPECT_THAT(html, HasSubstr("href=\"/people?q=an&amp;technology=C%2B%2B&amp;cursor=" + next + "\""));
  EXPECT_THAT(html, HasSubstr("href=\"/people?q=an&amp;technology=C%2B%2B&amp;cursor=" + previous + "\""));
  EXPECT_THAT(html, HasSubstr("Newer"));
  EXPECT_THAT(html, HasSubstr("Older"));
}

TEST(pages, each_active_filter_is_a_chip_that_leaves_it_out) {
  auto shown = directory_of({someone()});
  shown.asked.q = "an";
  shown.asked.filter("location") = "Oslo";
  shown.asked.cursor = "c";
  const auto html = render_directory_page(frame_of_test, shown);
  EXPECT_THAT(html, HasSubstr(R"(href="/people?location=Oslo")"));  // without the words
  EXPECT_THAT(html, HasSubstr(R"(href="/people?q=an")"));           // without the location
  EXPECT_THAT(html, HasSubstr("<mark>An</mark>na"));
}

TEST(pages, an_empty_directory_says_why_and_what_to_do) {
  EXPECT_THAT(render_directory_page(frame_of_test, {}), HasSubstr("Nobody is here yet"));
  directory_view searched;
  searched.asked.q = "zebra";
  EXPECT_THAT(render_directory_page(frame_of_test, searched), HasSubstr("Nobody matches"));
  directory_view emptied;
  emptied.asked.cursor = "c";
  EXPECT_THAT(render_directory_page(frame_of_test, emptied), HasSubstr("This page is empty now"));
}

TEST(pages, a_person_without_a_photo_has_initials) {
  auto who = someone();
  EXPECT_THAT(render_record_page(frame_of_test, record_of(who)), HasSubstr(">AB</span>"));
  who = with_files(who, {some_file(4, "a.txt", "text/plain"), some_file(5, "b.png", "image/png")});
  const auto html = render_record_page(frame_of_test, record_of(who));
  EXPECT_THAT(html, Not(HasSubstr(">AB</span>")));
  EXPECT_THAT(html, HasSubstr(R"(<img src="/api/v1/files/5/content" alt="Photo of Anna Berg">)"));
}

TEST(pages, only_files_that_are_safe_to_show_have_a_preview) {
  const auto who = with_files(someone(), {some_file(1, "a.html", "application/octet-stream"),
                                          some_file(2, "b.pdf", "application/pdf")});
  const auto html = render_record_page(frame_of_test, record_of(who));
  EXPECT_THAT(html, HasSubstr(R"(href="/api/v1/files/2/content" data-preview="document")"));
  EXPECT_THAT(html, Not(HasSubstr(R"(href="/api/v1/files/1/content" data-preview)")));
  EXPECT_THAT(html, HasSubstr(R"(href="/api/v1/files/1/content?download" download="a.html")"));
}

TEST(pages, deleting_says_what_goes) {
  auto who = someone();
  EXPECT_THAT(render_delete_page(frame_of_test, who, false), HasSubstr("Delete <bdi>Anna Berg</bdi>?"));
  who = with_files(who, std::vector(3, some_file(1, "a.png", "image/png")));
  const auto html = render_delete_page(frame_of_test, who, false);
  EXPECT_THAT(html, HasSubstr("Delete <bdi>Anna Berg</bdi> and 3 files (6.0 MB)?"));
  EXPECT_THAT(html, HasSubstr(R"(name="version" value="3")"));
}

TEST(pages, of_many_files_a_page_is_shown_with_the_way_to_the_others) {
  const auto who = with_files(someone(), std::vector(312, some_file(1, "a.txt", "text/plain")));
  auto record = record_of(who);
  record.files.next = {{50}};
  const auto first = render_record_page(frame_of_test, record);
  EXPECT_THAT(first, HasSubstr("312 files, oldest first."));
  EXPECT_THAT(first, HasSubstr(R"(href="/people/7?files=newest#files-title">Show the newest first)"));
  EXPECT_THAT(first, HasSubstr(R"(href="/people/7?after=50#files-title" rel="next">More files)"));
  EXPECT_THAT(first, Not(HasSubstr("Back to the first files")));

  record.asked = {.newest_first = true, .after = {{262}}};
  record.files.next.reset();
  const auto last = render_record_page(frame_of_test, record);
  EXPECT_THAT(last, HasSubstr("312 files, newest first."));
  EXPECT_THAT(last, HasSubstr(R"(href="/people/7#files-title">Show the oldest first)"));
  EXPECT_THAT(last, HasSubstr(R"(href="/people/7?files=newest#files-title">Back to the first files)"));
  EXPECT_THAT(last, Not(HasSubstr("More files")));
  EXPECT_THAT(last, HasSubstr(R"(href="/files/1/remove?files=newest&amp;after=262")"));

  record.files.items.clear();  // others removed them meanwhile
  const auto emptied = render_record_page(frame_of_test, record);
  EXPECT_THAT(emptied, HasSubstr("There are no more files."));
  EXPECT_THAT(emptied, Not(HasSubstr("No files yet.")));
  EXPECT_THAT(emptied, HasSubstr("Back to the first files"));

  const auto asking = render_remove_file_page(frame_of_test, who.files[0], who, record.asked);
  EXPECT_THAT(asking, HasSubstr(R"(action="/files/1/remove?files=newest&amp;after=262")"));
  EXPECT_THAT(asking, HasSubstr(R"(href="/people/7?files=newest&amp;after=262">Keep the file)"));

  record.editing = edit_form{};
  const auto editing = render_record_page(frame_of_test, record);
  EXPECT_THAT(editing, HasSubstr(R"(<a href="/people/7#files-title">All 312 files</a>)"));
  EXPECT_THAT(render_employee_page(frame_of_test, {.typed = "1042", .found = who}),
              HasSubstr("All 312 files"));
  EXPECT_THAT(render_delete_page(frame_of_test, who, false), HasSubstr("and 312 files?"));
  EXPECT_THAT(render_directory_page(frame_of_test, directory_of({who})), HasSubstr("312 files"));
}

TEST(pages, a_stale_edit_shows_what_was_typed_and_what_is_stored) {
  record_view record{.who = someone("Anna Berg")};
  record.editing = edit_form{.typed = fakes::typed{.name = "Anna B.", .location = "Oslo"}, .stale = true};
  record.problem = base::error{base::error_code::stale, "It changed meanwhile.", {}, {}};
  const auto html = render_record_page(frame_of_test, record);
  EXPECT_THAT(html, HasSubstr(R"(value="Anna B.")"));
  EXPECT_THAT(html, HasSubstr("Stored now: <strong><bdi>Anna Berg</bdi></strong>"));
  EXPECT_THAT(html, Not(HasSubstr("Stored now: <strong>Oslo</strong>")));  // that field does not differ
  EXPECT_THAT(html, HasSubstr(R"(name="version" value="3")"));             // the version that is shown
}

TEST(pages, every_error_says_what_to_do_next_and_its_id_in_plain_words) {
  for (unsigned status = 400; status < 600; ++status) {
    const auto html = render_error_page(status, "What happened.", "req-42");
    EXPECT_THAT(html, HasSubstr("What happened.")) << status;
    EXPECT_THAT(html, HasSubstr("<code>req-42</code>")) << status;
    EXPECT_THAT(html, Not(HasSubstr("<h1></h1>"))) << status;
    EXPECT_THAT(html, Not(HasSubstr(" " + std::to_string(status) + " "))) << status;
  }
}

TEST(pages, have_no_inline_script_or_style) {
  const auto who = with_files(someone(), {some_file(1, "a.png", "image/png")});
  for (const auto& html :
       {render_submit_page(frame_of_test, {}), render_record_page(frame_of_test, record_of(who)),
        render_directory_page(frame_of_test, directory_of({who})), render_submitted_page(frame_of_test, who),
        render_error_page(500, "x", "y")}) {
    EXPECT_THAT(html, Not(HasSubstr("<style")));
    EXPECT_THAT(html, Not(HasSubstr(" style=")));
    EXPECT_THAT(html, Not(HasSubstr("<script>")));
    EXPECT_THAT(html, Not(HasSubstr(" onclick=")));
    EXPECT_THAT(html, Not(HasSubstr("javascript:")));
  }
}

}  // namespace
}  // namespace dossier::web

// All that was sent is kept, or refused with an error: files without a name, fields that nobody knows.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fakes/details.h"
#include "site_under_test.h"
#include "web/receive_submission.h"

namespace dossier::web {
namespace {

// A part as it is sent: its header lines without the last line end, and its bytes.
struct raw_part {
  std::string headers;
  std::string bytes;
};

std::string form_of(const std::vector<raw_part>& parts, bool details = true) {
  std::string body;
  const auto add = [&](const std::string& headers, const std::string& bytes) {
    body += "--b\r\nContent-Disposition: form-data; " + headers + "\r\n\r\n" + bytes + "\r\n";
  };
  if (details) {
    add("name=name", "Anna");
    add("name=location", "Oslo");
    add("name=age", "41");
    add("name=technology", "C++");
  }
  for (const auto& [headers, bytes] : parts) add(headers, bytes);
  return body + "--b--\r\n";
}

// What was stored, as "stored [a.txt]"; otherwise the fields that are wrong, as "name age".
std::string outcome_of(const received_submission& received) {
  std::string all;
  if (received.outcome) {
    for (const auto& each : received.outcome->person.files) all += "[" + each.name + "]";
    return "stored " + all;
  }
  for (const auto& each : received.outcome.error().fields) all += (all.empty() ? "" : " ") + each.field;
  return all.empty() ? received.outcome.error().message : all;
}

std::string receive(site_under_test& site, const std::string& body, sender from,
                    std::optional<person_id> person = std::nullopt,
                    fake_request::header_list headers = {multipart_type}) {
  fake_request req("POST", "/", std::move(headers), body);
  auto received = fakes::run_sync(receive_submission(req, site.ctx, person, from, {}));
  if (!received.outcome) EXPECT_EQ(received.outcome.error().code, error_code::invalid);
  return outcome_of(received);
}

const raw_part real_file{"name=file_name; filename=real.txt", "bytes"};

// From a page and a program, for a new and a known person; alone, before and after a real file. Files are
// optional.
void expect_refused(const raw_part& part, const std::string& field) {
  site_under_test site({.file_required = false});
  const auto anna = receive(site, form_of({real_file}), sender::page, {});
  ASSERT_EQ(anna, "stored [real.txt]");
  for (const auto from : {sender::page, sender::program}) {
    for (const bool adding : {false, true}) {
      const auto person = adding ? std::optional(person_id{1}) : std::nullopt;
      for (const auto& parts :
           std::vector<std::vector<raw_part>>{{part}, {real_file, part}, {part, real_file}}) {
        EXPECT_EQ(receive(site, form_of(parts, !adding), from, person), field)
            << part.headers << (adding ? ", adding" : "") << (from == sender::page ? ", page" : ", program");
      }
    }
  }
  EXPECT_EQ(site.rows.people.size(), 1u);
  EXPECT_EQ(site.rows.people.at(1).files.size(), 1u);
  EXPECT_TRUE(site.rows.uploading.empty());
}

TEST(nothing_lost, a_part_for_files_without_a_file_name_is_refused) {
  for (const std::string field : {"file_name", "photo"}) {
    for (const std::string bytes : {"notes.txt", "the bytes of a file", "", "\r\n"}) {
      expect_refused({"name=\"" + field + "\"", bytes}, field);
    }
    expect_refused({"name=\"" + field + "\"\r\nContent-Type: text/plain", "text"}, field);
    expect_refused({"name=\"" + field + "\"\r\nContent-Type: text/plain; name=\"notes.txt\"", "text"}, field);
    expect_refused({"name=\"" + field + "\"\r\nContent-Type: application/octet-stream", "bytes"}, field);
    expect_refused({"name=\"" + field + "\"; file-name=\"a.txt\"", "bytes"}, field);
    expect_refused({"name=\"" + field + "\"\r\nContent-Type: multipart/mixed; boundary=c",
                    "--c\r\nContent-Disposition: file; filename=a.txt\r\n\r\nbytes\r\n--c--"},
                   field);
  }
}

TEST(nothing_lost, a_file_name_that_is_not_decoded_is_refused) {
  for (const std::string name :
       {"filename*=windows-1251''%e4.txt", "filename*=UTF-8''%ff", "filename*=notes.txt",
        "filename*0=no; filename*1=tes.txt", "filename*0*=UTF-8''n; filename*1*=otes.txt"}) {
    expect_refused({"name=file_name; " + name, "bytes"}, "file_name");
    expect_refused({"name=attachment; " + name, "bytes"}, "attachment");
    expect_refused({"name=name; " + name, "bytes"}, "name");
  }
}

TEST(nothing_lost, a_file_in_a_field_that_is_not_for_files_is_refused) {
  for (const std::string field :
       {"attachment", "name", "idempotency_key", "file_name[]", "File_Name", "file_name "}) {
    expect_refused({"name=\"" + field + "\"; filename=a.txt", "bytes"}, field);
    expect_refused({"name=\"" + field + "\"; filename=a.txt", ""}, field);
  }
  expect_refused({"name=\"\"; filename=a.txt", "bytes"}, "(no name)");
  expect_refused({"name=attachment\r\nContent-Type: image/png", "bytes"}, "attachment");
}

TEST(nothing_lost, a_field_that_is_nearly_one_for_files_is_refused) {
  for (const std::string field :
       {"files", "file", "File_Name", "file-name", "filename", "file_name[]", "photo[0]", "Photo"}) {
    expect_refused({"name=\"" + field + "\"", "notes.txt"}, field);
  }
}

TEST(nothing_lost, a_file_whose_name_stands_in_any_form_that_is_decoded_is_kept) {
  site_under_test site;
  for (const auto& [name, kept] : std::vector<std::pair<std::string, std::string>>{
           {"filename=\"a.txt\"", "a.txt"},
           {"filename*=UTF-8''%c3%a9.txt", "\xc3\xa9.txt"},
           {"filename*=ISO-8859-1''%e9.txt", "\xc3\xa9.txt"},
           {"filename=plain.txt; filename*=KOI8-R''%e9.txt", "plain.txt"},
           {"filename=\"\"", "file"},
       }) {
    EXPECT_EQ(receive(site, form_of({{"name=photo; " + name, "bytes"}}), sender::program, {}),
              "stored [" + kept + "]");
  }
}

TEST(nothing_lost, an_input_in_which_nothing_was_chosen_is_none) {
  site_under_test site;
  const raw_part nothing{"name=photo; filename=\"\"\r\nContent-Type: application/octet-stream", ""};
  for (const auto from : {sender::page, sender::program}) {
    EXPECT_EQ(receive(site, form_of({nothing, real_file}), from), "stored [real.txt]");
    EXPECT_EQ(receive(site, form_of({nothing}), from), "file_name");
  }
  const raw_part elsewhere{"name=avatar; filename=\"\"", ""};
  EXPECT_EQ(receive(site, form_of({elsewhere, real_file}), sender::page, {}), "stored [real.txt]");
  EXPECT_EQ(receive(site, form_of({elsewhere, real_file}), sender::program, {}), "avatar");
}

TEST(nothing_lost, a_plain_form_that_names_a_file_is_refused) {
  site_under_test site({.file_required = false});
  const fake_request::header_list type{{"content-type", "application/x-www-form-urlencoded"}};
  const std::string details = "name=Anna&location=Oslo&age=41&technology=C";
  for (const std::string field : {"file_name", "photo", "File_Name", "files"}) {
    const auto after = fmt::format("{}&{}=notes.txt", details, field);
    EXPECT_EQ(receive(site, after, sender::page, std::nullopt, type), field);
    const auto before = fmt::format("{}=notes.txt&{}", field, details);
    EXPECT_EQ(receive(site, before, sender::page, std::nullopt, type), field);
  }
  EXPECT_EQ(receive(site, details + "&file_name=&photo=", sender::page, std::nullopt, type), "stored ");
}

TEST(nothing_lost, a_program_is_told_of_every_field_that_is_unknown_or_comes_twice) {
  site_under_test site;
  EXPECT_EQ(
      receive(site, form_of({{"name=nickname", "Ann"}, {"name=email", ""}, real_file}), sender::program, {}),
      "nickname email");
  EXPECT_EQ(receive(site, form_of({{"name=name", "Other"}, real_file}), sender::program, {}), "name");
  EXPECT_EQ(receive(site, form_of({real_file, {"name=nickname", "Ann"}}), sender::program, {}), "nickname");
  EXPECT_EQ(receive(site, form_of({{"name=email", "x"}, {"name=age", "x"}}, false), sender::program, {}),
            "email name location age technology");
  EXPECT_TRUE(site.rows.people.empty());
  EXPECT_EQ(
      receive(site, form_of({{"name=submit", "Submit"}, {"name=x", "3"}, {"name=name", "B"}, real_file}),
              sender::page, {}),
      "stored [real.txt]");
  EXPECT_EQ(site.rows.people.at(1).details.name(), "Anna");
}

TEST(nothing_lost, details_beside_added_files_are_refused_from_a_program) {
  site_under_test site;
  ASSERT_EQ(receive(site, form_of({real_file}), sender::program, {}), "stored [real.txt]");
  EXPECT_EQ(receive(site, form_of({{"name=name", "Other"}, real_file}, false), sender::program, person_id{1}),
            "name");
  EXPECT_EQ(site.rows.people.at(1).files.size(), 1u);
}

TEST(nothing_lost, what_is_said_of_fields_is_bounded) {
  site_under_test site;
  std::vector<raw_part> many;
  for (int i = 0; i < 150; ++i)
    many.push_back({"name=\"" + std::string(500, 'n') + std::to_string(i) + "\"", ""});
  for (int i = 0; i < 40; ++i) many.push_back({"name=n" + std::to_string(i), ""});
  fake_request req("POST", "/", {multipart_type}, form_of(many));
  const auto received = fakes::run_sync(receive_submission(req, site.ctx, std::nullopt, sender::program, {}));
  ASSERT_FALSE(received.outcome);
  EXPECT_EQ(received.outcome.error().fields.size(), 41u);
  EXPECT_EQ(received.outcome.error().fields[0].field.size(), 64u);
}

}  // namespace
}  // namespace dossier::web

#include "web/receive_submission.h"
#include "fakes/details.h"

#include <gtest/gtest.h>

#include "site_under_test.h"

namespace dossier::web {
namespace {

const std::vector<form_part> fields{
    {"name", "Anna"}, {"location", "Oslo"}, {"age", "41"}, {"technology", "C++"}};

std::vector<form_part> with(std::vector<form_part> more, bool files_first = false) {
  auto parts = fields;
  parts.insert(files_first ? parts.begin() : parts.end(), more.begin(), more.end());
  return parts;
}

received_submission receive(site_under_test& site, fake_request& req, sender from = sender::page) {
  return fakes::run_sync(receive_submission(req, site.ctx, std::nullopt, from, {}));
}

received_submission receive(site_under_test& site, const std::vector<form_part>& parts,
                            sender from = sender::page) {
  fake_request req("POST", "/", {multipart_type}, multipart(parts));
  return receive(site, req, from);
}

// The error's fields, as "name age".
std::string wrong_fields(const received_submission& received) {
  std::string all;
  if (received.outcome) return "(accepted)";
  for (const auto& each : received.outcome.error().fields) all += (all.empty() ? "" : " ") + each.field;
  return all;
}

void expect_nothing_kept(const site_under_test& site) {
  EXPECT_TRUE(site.rows.people.empty());
  EXPECT_TRUE(site.rows.uploading.empty());
}

TEST(receive_submission, takes_parts_in_any_order_and_split_anywhere) {
  const auto body =
      multipart(with({{"file_name", "first file", "a.txt"}, {"photo", "second", "b.txt"}}, true));
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{100'000}}) {
    site_under_test site;
    fake_request req("POST", "/", {multipart_type});
    req.set_body(body, size);
    const auto received = receive(site, req);
    ASSERT_TRUE(received.outcome) << received.outcome.error().message;
    const auto& who = received.outcome->person;
    EXPECT_EQ(who.details.name(), "Anna");
    ASSERT_EQ(who.files.size(), 2u);
    EXPECT_EQ(site.objects.objects.at(who.files[0].key.value), "first file");
    EXPECT_EQ(site.objects.objects.at(who.files[1].key.value), "second");
  }
}

TEST(receive_submission, counts_an_empty_file_input_as_none) {
  site_under_test site;
  EXPECT_EQ(wrong_fields(receive(site, with({{"file_name", "", ""}}))), "file_name");
  const auto both = receive(site, with({{"photo", "", ""}, {"file_name", "x", "x.txt"}}));
  ASSERT_TRUE(both.outcome);
  EXPECT_EQ(both.outcome->person.files.size(), 1u);
}

TEST(receive_submission, keeps_a_file_without_bytes_or_without_a_name) {
  site_under_test site;
  const auto received = receive(site, with({{"file_name", "", "empty.txt"}, {"file_name", "bytes", ""}}));
  ASSERT_TRUE(received.outcome) << received.outcome.error().message;
  ASSERT_EQ(received.outcome->person.files.size(), 2u);
  EXPECT_EQ(received.outcome->person.files[0].size, 0u);
  EXPECT_EQ(received.outcome->person.files[1].name, "file");
  EXPECT_EQ(received.outcome->person.files[1].size, 5u);
}

TEST(receive_submission, names_every_wrong_field_and_keeps_nothing) {
  site_under_test site;
  const auto received =
      receive(site, {{"file_name", "x", "x.txt"}, {"age", "x"}, {"name", "\xff"}, {"location", "a\nb"}});
  EXPECT_EQ(wrong_fields(received), "name location age technology");
  EXPECT_EQ(received.typed[fakes::age_at], "x");
  EXPECT_EQ(received.typed[fakes::name_at], "\xef\xbf\xbd");
  EXPECT_FALSE(received.typed[fakes::technology_at]);
  expect_nothing_kept(site);
}

TEST(receive_submission, ignores_unknown_fields_and_takes_the_first_of_two) {
  site_under_test site;
  const auto received = receive(site, with({{"name", "Other"}, {"submit", "1"}, {"file_name", "x", "x"}}));
  ASSERT_TRUE(received.outcome);
  EXPECT_EQ(received.outcome->person.details.name(), "Anna");
}

TEST(receive_submission, refuses_files_in_unknown_fields) {
  site_under_test site;
  EXPECT_EQ(wrong_fields(receive(site, with({{"file_name", "x", "x"}, {"avatar", "x", "a.png"}}))), "avatar");
  expect_nothing_kept(site);
}

TEST(receive_submission, bounds_all_fields_together) {
  site_under_test site({}, {.field_bytes = 1000});
  const auto received = receive(site, with({{"a", std::string(600, 'x')}, {"b", std::string(600, 'x')}}));
  ASSERT_FALSE(received.outcome);
  EXPECT_EQ(received.outcome.error().code, error_code::too_large);
  EXPECT_TRUE(receive(site, with({{"a", std::string(600, 'x')}, {"file_name", std::string(5000, 'x'), "f"}}))
                  .outcome);
}

TEST(receive_submission, refuses_what_is_too_long_unread) {
  site_under_test site({.file_bytes = 1000, .files = 2});
  fake_request req("POST", "/", {multipart_type}, multipart(fields));
  req.content_length = 2000 + 64 * 1024 + 1024 * 1024 + 1;
  const auto received = receive(site, req);
  ASSERT_FALSE(received.outcome);
  EXPECT_EQ(received.outcome.error().code, error_code::too_large);
  EXPECT_FALSE(req.body_was_read);
}

TEST(receive_submission, does_not_overflow_with_unlimited_files) {
  site_under_test site({.file_bytes = ~0ULL, .files = 20});
  EXPECT_TRUE(receive(site, with({{"file_name", "x", "x"}})).outcome);
}

TEST(receive_submission, gives_up_a_file_or_count_over_the_limit) {
  site_under_test site({.file_bytes = 4, .files = 2});
  const auto large = receive(site, with({{"file_name", "12345", "x"}}));
  ASSERT_FALSE(large.outcome);
  EXPECT_EQ(large.outcome.error().code, error_code::too_large);
  expect_nothing_kept(site);
  const auto many =
      receive(site, with({{"file_name", "1", "x"}, {"file_name", "2", "y"}, {"file_name", "3", "z"}}));
  ASSERT_FALSE(many.outcome);
  EXPECT_EQ(many.outcome.error().code, error_code::too_large);
  expect_nothing_kept(site);
}

TEST(receive_submission, gives_up_when_the_client_stops) {
  const auto body = multipart(with({{"file_name", std::string(1000, 'x'), "x"}}));
  for (std::size_t at = 0; at < body.size(); at += 97) {
    site_under_test site;
    fake_request req("POST", "/", {multipart_type}, body);
    req.source().fail_after(at, {error_code::timed_out, "The body stopped."});
    const auto received = receive(site, req);
    ASSERT_FALSE(received.outcome) << at;
    EXPECT_EQ(received.outcome.error().code, error_code::timed_out) << at;
    expect_nothing_kept(site);
  }
}

TEST(receive_submission, refuses_a_form_that_ends_early) {
  const auto body = multipart(with({{"file_name", "xyz", "x"}}));
  for (const std::size_t cut : {std::size_t{4}, std::size_t{20}, body.size() / 2}) {
    site_under_test site;
    fake_request req("POST", "/", {multipart_type}, body.substr(0, body.size() - cut));
    const auto received = receive(site, req);
    ASSERT_FALSE(received.outcome) << cut;
    EXPECT_EQ(received.outcome.error().code, error_code::malformed) << cut;
    expect_nothing_kept(site);
  }
}

TEST(receive_submission, uses_the_key_field_unless_a_header_is_there) {
  site_under_test site;
  const auto parts = with({{"idempotency_key", "field-key"}, {"file_name", "x", "x"}});
  const auto first = receive(site, parts);
  ASSERT_TRUE(first.outcome);
  EXPECT_EQ(first.idempotency_key, "field-key");
  const auto again = receive(site, parts);
  ASSERT_TRUE(again.outcome);
  EXPECT_TRUE(again.outcome->repeated);
  fake_request req("POST", "/", {multipart_type, {"idempotency-key", "header-key"}}, multipart(parts));
  const auto other = receive(site, req);
  ASSERT_TRUE(other.outcome);
  EXPECT_FALSE(other.outcome->repeated);
  EXPECT_EQ(other.idempotency_key, "header-key");
  EXPECT_EQ(site.rows.people.size(), 2u);
}

TEST(receive_submission, refuses_a_key_field_that_comes_too_late) {
  site_under_test site;
  EXPECT_EQ(wrong_fields(receive(site, with({{"file_name", "x", "x"}, {"idempotency_key", "late"}}))),
            "idempotency_key");
  expect_nothing_kept(site);
}

TEST(receive_submission, takes_an_empty_key_field_for_none) {
  site_under_test site;
  EXPECT_TRUE(receive(site, with({{"idempotency_key", ""}, {"file_name", "x", "x"}})).outcome);
  EXPECT_EQ(wrong_fields(receive(site, with({{"idempotency_key", "a b"}, {"file_name", "x", "x"}}))),
            "idempotency_key");
}

TEST(receive_submission, takes_a_plain_form_for_one_without_files) {
  site_under_test site;
  const std::string form = "name=Anna+Berg&location=Oslo&age=41&technology=C%2B%2B";
  fake_request req("POST", "/", {{"content-type", "application/x-www-form-urlencoded"}}, form);
  const auto received = receive(site, req);
  EXPECT_EQ(wrong_fields(received), "file_name");
  EXPECT_EQ(received.typed[fakes::technology_at], "C++");
  site_under_test relaxed({.file_required = false});
  fake_request again("POST", "/", {{"content-type", "application/x-www-form-urlencoded"}}, form);
  EXPECT_TRUE(receive(relaxed, again).outcome);
}

TEST(receive_submission, refuses_bodies_it_cannot_read) {
  site_under_test site;
  const auto code_for = [&](const char* type, sender from) {
    fake_request req("POST", "/", {{"content-type", type}}, "{}");
    const auto received = receive(site, req, from);
    return received.outcome ? error_code::internal : received.outcome.error().code;
  };
  EXPECT_EQ(code_for("multipart/form-data", sender::program), error_code::malformed);
  EXPECT_EQ(code_for("text/plain", sender::program), error_code::malformed);
  EXPECT_EQ(code_for("application/json", sender::page), error_code::malformed);
  EXPECT_EQ(code_for("application/json", sender::program), error_code::invalid);
}

}  // namespace
}  // namespace dossier::web

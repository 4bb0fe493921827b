#include "domain/sign_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/passwords.h"
#include "domain/password_rules.h"

namespace dossier::domain {
namespace {

using namespace std::chrono_literals;
using time = wrong_passwords::time;

TEST(wrong_passwords, slow_the_pair_down_more_and_more) {
  wrong_passwords wrong;
  auto now = time() + 1h;
  for (int i = 0; i < 4; ++i) wrong.add("anna\n1", now);
  EXPECT_EQ(wrong.wait("anna\n1", now), 0s);
  wrong.add("anna\n1", now);
  EXPECT_EQ(wrong.wait("anna\n1", now), 1s);
  wrong.add("anna\n1", now);
  EXPECT_EQ(wrong.wait("anna\n1", now), 2s);
  EXPECT_EQ(wrong.wait("anna\n1", now + 2s), 0s);
  for (int i = 0; i < 50; ++i) wrong.add("anna\n1", now);
  EXPECT_EQ(wrong.wait("anna\n1", now), 900s) << "never for good";
}

TEST(wrong_passwords, hold_up_nobody_else) {
  wrong_passwords wrong;
  const auto now = time() + 1h;
  for (int i = 0; i < 50; ++i) wrong.add("anna\n192.0.2.1", now);
  EXPECT_EQ(wrong.wait("anna\n192.0.2.2", now), 0s);
  EXPECT_EQ(wrong.wait("bo\n192.0.2.1", now), 0s);
}

TEST(wrong_passwords, are_forgotten_after_the_right_one_and_after_an_hour) {
  wrong_passwords wrong;
  const auto now = time() + 1h;
  for (int i = 0; i < 8; ++i) wrong.add("anna", now);
  wrong.forget("anna");
  EXPECT_EQ(wrong.wait("anna", now), 0s);
  for (int i = 0; i < 8; ++i) wrong.add("bo", now);
  wrong.add("bo", now + 61min);
  EXPECT_EQ(wrong.wait("bo", now + 61min), 0s);
}

TEST(wrong_passwords, take_limited_memory) {
  wrong_passwords wrong;
  auto now = time() + 1h;
  for (int i = 0; i < 8; ++i) wrong.add("anna", now);
  for (int i = 0; i < 10'050; ++i) wrong.add(std::to_string(i), now += 1ms);
  EXPECT_EQ(wrong.size(), 10'000u);
}

std::string problem_of(std::string_view password, std::string_view name = "anna") {
  const auto checked = check_new_password(password, name);
  return checked ? std::string() : checked.error().fields.at(0).message;
}

TEST(new_password, may_be_any_long_text_that_is_hard_to_guess) {
  for (const char* good :
       {"violet kettle under seven rivers", "x7Gq!mZp0Lk-2vR9", "mein Onkel fährt rückwärts",
        "ελληνικά με πολλά γράμματα", "我们昨天在河边看见了七只白色的大鸟", "   spaces are fine   too"}) {
    EXPECT_EQ(problem_of(good), "") << good;
  }
}

TEST(new_password, is_long_enough) {
  EXPECT_THAT(problem_of("x7Gq!mZp0Lk-2v"), testing::HasSubstr("at least 15"));
  EXPECT_THAT(problem_of(""), testing::HasSubstr("at least 15"));
  EXPECT_THAT(problem_of("我们昨天在河边看见了"), testing::HasSubstr("at least 15"));
  EXPECT_THAT(problem_of(std::string(1'025, 'x')), testing::HasSubstr("1024 bytes"));
  EXPECT_THAT(problem_of("not UTF-8 \xff\xfe and so on"), testing::HasSubstr("as text"));
}

TEST(new_password, is_not_one_that_everybody_tries_first) {
  for (const char* weak :
       {"aaaaaaaaaaaaaaaa", "123456789012345", "qwertyuiopasdfgh", "abcdefghijklmnopq", "passwordpassword",
        "Password12345678", "P@ssw0rd12345678", "correct horse battery staple",
        "correct-horse-battery-staple", "dossier dossier dossier", "iloveyouiloveyou",
        "hunter2hunter2hunter2", "annaannaannaanna", "Anna-anna-password-1", "letmeinletmein!!",
        "zxcvbnmasdfghjkl", "000000000000000000"}) {
    EXPECT_THAT(problem_of(weak), testing::HasSubstr("harder to guess")) << weak;
  }
}

TEST(new_password, is_not_the_name) {
  EXPECT_THAT(problem_of("anna.berg@example.org", "anna.berg@example.org"),
              testing::HasSubstr("harder to guess"));
  EXPECT_THAT(problem_of("Mary-Ann O. Smith", "Mary-Ann O. Smith"), testing::HasSubstr("harder to guess"));
  EXPECT_THAT(problem_of("Anna Berg Anna Berg 2026", "Anna Berg"), testing::HasSubstr("harder to guess"));
}

TEST(password_hash, belongs_to_one_password) {
  const auto hash = base::hash_password("violet kettle");
  EXPECT_THAT(hash, testing::StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_TRUE(base::is_password_of(hash, "violet kettle"));
  EXPECT_FALSE(base::is_password_of(hash, "violet kettl"));
  EXPECT_NE(hash, base::hash_password("violet kettle")) << "its salt is random";
  EXPECT_FALSE(base::is_outdated_hash(hash));
  EXPECT_TRUE(
      base::is_outdated_hash("$argon2id$v=19$m=8192,t=1,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA"));
  for (const char* none : {"", "hash", "$argon2id$", "$2b$12$abc"})
    EXPECT_FALSE(base::is_password_of(none, ""));
  EXPECT_FALSE(base::is_password_of(std::string(100'000, '$'), "x"));
}

TEST(role, has_a_name) {
  for (const auto one : {role::intake, role::viewer, role::editor, role::admin})
    EXPECT_EQ(parse_role(to_string(one)), one);
  for (const char* none : {"", "Admin", "root", "admin "}) EXPECT_FALSE(parse_role(none));
}

}  // namespace
}  // namespace dossier::domain

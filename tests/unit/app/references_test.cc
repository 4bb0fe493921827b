#include "app/references.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace dossier::app {
namespace {

TEST(reference, names_a_parameter) {
  EXPECT_EQ(parse_reference("ssm:rds_host"), (reference{reference::place::parameter, "rds_host", ""}));
  EXPECT_EQ(parse_reference("ssm:/dossier/prod/host"),
            (reference{reference::place::parameter, "/dossier/prod/host", ""}));
}

TEST(reference, names_a_secret_or_one_member_of_it) {
  EXPECT_EQ(parse_reference("secretsmanager:dossier/db"),
            (reference{reference::place::secret, "dossier/db", ""}));
  EXPECT_EQ(parse_reference("secretsmanager:rds!db-1234#password"),
            (reference{reference::place::secret, "rds!db-1234", "password"}));
  EXPECT_EQ(parse_reference("secretsmanager:arn:aws:secretsmanager:eu-central-1:123456789012:secret:x#a b"),
            (reference{reference::place::secret, "arn:aws:secretsmanager:eu-central-1:123456789012:secret:x",
                       "a b"}));
}

TEST(reference, is_told_from_a_value_by_its_beginning) {
  EXPECT_TRUE(is_reference("ssm:x"));
  EXPECT_TRUE(is_reference("secretsmanager:x"));
  EXPECT_FALSE(is_reference("xssm:x"));
  EXPECT_FALSE(is_reference("SSM:x"));
  EXPECT_FALSE(is_reference(""));
}

TEST(reference, without_a_proper_name_is_refused) {
  for (const auto* text : {"ssm:", "ssm:a b", "ssm:a\nb", "secretsmanager:", "secretsmanager:#password",
                           "secretsmanager:x#", "x"}) {
    EXPECT_FALSE(parse_reference(text)) << text;
  }
}

class always final : public reference_reader {
 public:
  explicit always(std::string value) : value_(std::move(value)) {}
  base::result<std::string> read(const reference&) override { return value_; }

 private:
  std::string value_;
};

TEST(reference, is_read_without_line_ends_and_with_its_spaces) {
  for (const auto& [kept, value] : std::vector<std::pair<std::string, std::string>>{
           {"secret\n", "secret"}, {"secret\r\n\n", "secret"}, {" se cret ", " se cret "}, {"\n", ""}}) {
    always reader(kept);
    EXPECT_EQ(read_reference("ssm:password", reader).value(), value);
  }
  always reader("secret");
  EXPECT_FALSE(read_reference("ssm:", reader));
}

}  // namespace
}  // namespace dossier::app

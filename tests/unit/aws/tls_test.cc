// Which certificates the transport accepts.
#include <gtest/gtest.h>

#include "aws/transport/curl_transport.h"
#include "fakes/certificates.h"
#include "fakes/raw_server.h"
#include "fakes/run.h"
#include "fakes/temporary_folder.h"

namespace dossier::aws {
namespace {

void answer_all(fakes::raw_connection& client) {
  while (!client.read().head.empty()) client.answer(200, "fine");
}

class aws_tls : public testing::Test {
 protected:
  sent<response> get(const fakes::certificate_files& shown, const std::string& trusted) {
    fakes::raw_server server(answer_all, shown.certificate.string(), shown.key.string());
    curl_transport transport({.ca_bundle = trusted});
    return fakes::run_sync(transport.send({.url = server.url()}));
  }

  fakes::temporary_folder folder_;
  fakes::certificate_authority ours_{folder_.path(), "ours"};
  fakes::certificate_authority theirs_{folder_.path(), "theirs"};
};

TEST_F(aws_tls, believes_the_authority_it_was_given) {
  const auto answer = get(ours_.issue("server", "localhost"), ours_.certificate().string());
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->body, "fine");
}

TEST_F(aws_tls, refuses_another_authority) {
  const auto answer = get(ours_.issue("server", "localhost"), theirs_.certificate().string());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().problem, transport_problem::tls);
}

TEST_F(aws_tls, refuses_the_authority_that_nobody_named) {
  const auto answer = get(ours_.issue("server", "localhost"), "");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().problem, transport_problem::tls);
}

TEST_F(aws_tls, refuses_another_host_name) {
  const auto answer = get(ours_.issue("server", "elsewhere.example"), ours_.certificate().string());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().problem, transport_problem::tls);
}

TEST_F(aws_tls, refuses_an_expired_certificate) {
  const auto answer = get(ours_.issue("server", "localhost", -60), ours_.certificate().string());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().problem, transport_problem::tls);
}

TEST_F(aws_tls, refuses_without_the_file_it_was_given) {
  const auto answer = get(ours_.issue("server", "localhost"), "/nowhere/bundle.pem");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().problem, transport_problem::tls);
}

TEST_F(aws_tls, speaks_no_plain_http_to_a_tls_address) {
  fakes::raw_server server(answer_all);
  curl_transport transport;
  const auto answer =
      fakes::run_sync(transport.send({.url = "https://localhost:" + std::to_string(server.port()) + "/",
                                      .limits = {.connect = std::chrono::milliseconds(200)}}));
  EXPECT_FALSE(answer);
}

}  // namespace
}  // namespace dossier::aws

// Our signatures against botocore's, on random requests.
#include <gtest/gtest.h>

#include <cstdlib>

#include "fakes/moto_server.h"

namespace dossier::contract {
namespace {

TEST(aws_signing_against_botocore, agrees_on_random_requests) {
  const std::string command = "'" + fakes::test_python() +
                              "' -B '" DOSSIER_SOURCE_DIR
                              "/tests/contract/signing_against_botocore.py' '" SIGN_REQUESTS "' 2000 1>&2";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace dossier::contract

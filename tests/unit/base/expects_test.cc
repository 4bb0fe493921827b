#include "base/expects.h"

#include <gtest/gtest.h>

namespace dossier::base {
namespace {

TEST(expects, nothing_happens_while_a_contract_holds) {
  expects(true, "all is well");
}

TEST(expects_death_test, a_broken_contract_is_told_with_its_place_and_ends_the_process) {
  EXPECT_DEATH(expects(1 + 1 == 3, "sums are right"),
               "a contract is broken.*contract=\"sums are right\".*file=.*expects_test.cc.*line=[0-9]+");
}

TEST(expects_death_test, a_value_without_a_case_ends_the_process) {
  EXPECT_DEATH(not_reached(), "every value has a case");
}

}  // namespace
}  // namespace dossier::base

#include "base/shared_library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dossier::base {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(shared_library, finds_functions_that_can_be_called) {
  auto library = shared_library::load("libm.so.6", "libc6");
  ASSERT_TRUE(library) << library.error().message;
  double (*absolute)(double) = nullptr;
  library->find("fabs", absolute);
  ASSERT_TRUE(library->found_all());
  EXPECT_EQ(absolute(-27.0), 27.0);
}

TEST(shared_library, says_which_package_brings_one_that_is_not_there) {
  const auto library = shared_library::load("libdossier-nobody-has-this.so.7", "libnobody7");
  ASSERT_FALSE(library);
  EXPECT_EQ(library.error().code, error_code::invalid);
  EXPECT_THAT(library.error().message,
              AllOf(HasSubstr("libdossier-nobody-has-this.so.7 cannot be loaded"), HasSubstr("No such file"),
                    HasSubstr("Install Debian's package libnobody7.")));
}

TEST(shared_library, names_the_first_function_that_it_lacks) {
  auto library = shared_library::load("libm.so.6", "libc6");
  ASSERT_TRUE(library);
  double (*there)(double) = nullptr;
  double (*missing)(double) = there;
  double (*missing_too)(double) = there;
  library->find("cbrt", there);
  library->find("dossier_root", missing);
  library->find("dossier_square", missing_too);
  EXPECT_EQ(missing, nullptr);
  const auto all = library->found_all();
  ASSERT_FALSE(all);
  EXPECT_THAT(all.error().message, AllOf(HasSubstr("libm.so.6 has no dossier_root"), HasSubstr("libc6")));
}

}  // namespace
}  // namespace dossier::base

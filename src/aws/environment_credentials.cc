#include "aws/environment_credentials.h"

#include <utility>

namespace dossier::aws {

awaitable<outcome<credentials>> environment_credentials::get() {
  auto key = variables_("AWS_ACCESS_KEY_ID");
  auto secret = variables_("AWS_SECRET_ACCESS_KEY");
  if (!key && !secret) co_return pass_error(no_credentials("no keys in the environment"));
  if (!key || !secret) {
    co_return pass_error({base::error_code::unauthorized,
                          "PartialCredentials",
                          "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together",
                          {},
                          0,
                          {}});
  }
  co_return credentials{std::move(*key), std::move(*secret), variables_("AWS_SESSION_TOKEN").value_or("")};
}

}  // namespace dossier::aws

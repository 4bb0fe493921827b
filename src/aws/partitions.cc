#include "aws/partitions.h"

#include <algorithm>
#include <array>

namespace dossier::aws {
namespace {

// As botocore's partitions.json has them.
constexpr partition most{.regions = "", .suffix = "amazonaws.com", .dual_stack = "api.aws"};
constexpr std::array<partition, 7> others{{
    {"us-gov-", "amazonaws.com", "api.aws"},
    {"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn", false},
    {"eusc-", "amazonaws.eu", "api.amazonwebservices.eu"},
    {"us-iso-", "c2s.ic.gov", "api.aws.ic.gov"},
    {"us-isob-", "sc2s.sgov.gov", "api.aws.scloud"},
    {"us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    {"eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
}};

}  // namespace

const partition& partition_of(std::string_view region) {
  const auto found = std::ranges::find_if(
      others, [region](const partition& each) { return region.starts_with(each.regions); });
  return found == others.end() ? most : *found;
}

}  // namespace dossier::aws

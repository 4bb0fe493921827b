// Answers of AWS, and of whatever stands in between: any bytes are parsed or refused, within bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "aws/answer.h"
#include "aws/credentials/credentials.h"
#include "aws/services/dynamodb.h"
#include "aws/services/s3.h"
#include "aws/services/secrets.h"
#include "aws/signing/dates.h"

namespace {

using namespace dossier::aws;

void require(bool holds) {
  if (!holds) std::abort();
}

void read_as_s3(const response& answer) {
  (void)s3::parse_upload_id(answer);
  (void)s3::parse_completed(answer);
  (void)s3::parse_uploads(answer);
  const auto objects = s3::parse_objects(answer);
  require(!objects || !objects->more || !objects->objects.empty());
  (void)s3::parse_versions(answer);
  (void)s3::parse_location(answer);
  (void)s3::parse_versioning(answer);
  (void)s3::parse_encryption(answer);
  (void)s3::parse_public_access_block(answer);
  (void)s3::parse_lifecycle(answer);
}

void read_as_json(const response& answer) {
  if (const auto found = dynamodb::parse_item(answer); found && *found) {
    // A value that was read, then written and read again, is the same.
    require(dynamodb::item_from_json(dynamodb::to_json(**found)) == **found);
  }
  (void)dynamodb::parse_page(answer);
  (void)dynamodb::parse_unprocessed(answer);
  (void)dynamodb::parse_table(answer);
  (void)ssm::parse_parameter(answer);
  (void)secrets_manager::parse_secret(answer, "password");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const response answer{
      200 + data[0] % 400, {{"Retry-After", text}, {"Content-Range", text}, {"Date", text}}, text};
  for (const std::string_view service : {"s3", "dynamodb"}) {
    const auto failed = parse_error(service, answer);
    require(!failed.code.empty());
    require(!to_base(failed).message.empty());
  }
  read_as_s3(answer);
  read_as_json(answer);
  (void)s3::parse_object_size(answer.headers);
  if (const auto range = s3::parse_content_range(answer.headers)) {
    require(range->first <= range->last && range->last < range->size);
  }
  (void)parse_http_date(text);
  (void)parse_iso_date(text);
  (void)parse_json_credentials(text);
  (void)parse_sts_credentials(text);
  (void)parse_sso_credentials(text);
  return 0;
}

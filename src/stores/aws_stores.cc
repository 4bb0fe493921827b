#include "stores/aws_stores.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "aws/endpoints.h"
#include "base/sizes.h"
#include "stores/catalog/dynamodb_catalog.h"
#include "stores/objects/s3_objects.h"
#include "stores/objects/staging.h"

namespace dossier::stores {
namespace {

using base::result;

// AWS's limits for the size of a part, in bytes. The last part of an object may be smaller.
constexpr std::uint64_t smallest_part = std::uint64_t{5} << 20;
constexpr std::uint64_t largest_part = std::uint64_t{5} << 30;

std::unexpected<base::error> wrong(std::string what) {
  return base::fail(base::error_code::invalid, std::move(what));
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
bool is_bucket_name(std::string_view name) {
  return name.size() >= 3 && name.size() <= 63 && std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
bool is_table_name(std::string_view name) {
  return name.size() >= 3 && name.size() <= 255 && std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '.' || c == '_';
         });
}

result<void> check_sizes(const upload_sizes& sizes, bool custom_endpoint) {
  if (!custom_endpoint && sizes.part < smallest_part) {
    return wrong(fmt::format("S3 takes no parts smaller than {}; this one is {}.",
                             base::human_size(smallest_part), base::human_size(sizes.part)));
  }
  if (sizes.part == 0 || sizes.part > largest_part) {
    return wrong(fmt::format("A part has between 1 byte and {}.", base::human_size(largest_part)));
  }
  if (sizes.disk < sizes.part) {
    return wrong(fmt::format("The room for staged uploads ({}) is smaller than one part ({}).",
                             base::human_size(sizes.disk), base::human_size(sizes.part)));
  }
  if (sizes.piece == 0 || sizes.memory < sizes.piece || sizes.parts_at_once < 1 || sizes.sends_at_once < 1) {
    return wrong("There must be memory for one upload at least, and at least one part is sent at a time.");
  }
  return {};
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
result<link_options> check_links(std::chrono::milliseconds valid) {
  if (valid == std::chrono::milliseconds(0)) return link_options{};
  if (valid < std::chrono::seconds(1) || valid > std::chrono::days(7)) {
    return wrong("A link to S3 is valid for between one second and seven days.");
  }
  return link_options{.valid = std::chrono::floor<std::chrono::seconds>(valid)};
}

result<std::filesystem::path> staging_folder(std::filesystem::path chosen) {
  std::error_code problem;
  if (chosen.empty()) chosen = std::filesystem::temp_directory_path(problem);
  if (problem) return wrong("There is no folder for temporary files. Name one for the uploads.");
  if (auto usable = check_staging(chosen); !usable) return base::pass(usable);
  return chosen;
}

}  // namespace

result<s3_place> place_in_s3(aws::session& session, s3_location where, const s3_objects_options& options) {
  if (!is_bucket_name(where.bucket)) return wrong(fmt::format("\"{}\" is no bucket's name.", where.bucket));
  auto endpoint = aws::endpoint_of(session.settings(), aws::service::s3);
  if (!endpoint) return base::pass(endpoint);
  if (!where.prefix.empty() && !where.prefix.ends_with('/')) where.prefix += '/';
  return s3_place{.bucket = aws::s3::make_bucket(std::move(*endpoint), std::move(where.bucket)),
                  .prefix = std::move(where.prefix),
                  .traits = {.encryption = options.encryption},
                  .checksums = options.checksums};
}

result<aws::dynamodb::table> table_in_dynamodb(aws::session& session, const dynamodb_location& where) {
  if (!is_table_name(where.table)) return wrong(fmt::format("\"{}\" is no table's name.", where.table));
  if (!is_table_name(where.author_index)) {
    return wrong(fmt::format("\"{}\" is no index's name.", where.author_index));
  }
  auto endpoint = aws::endpoint_of(session.settings(), aws::service::dynamodb);
  if (!endpoint) return base::pass(endpoint);
  return aws::dynamodb::table{.where = std::move(*endpoint), .name = where.table};
}

result<opened_store<domain::object_store>> open_s3_objects(aws::session& session, s3_location where,
                                                           s3_objects_options options,
                                                           base::blocking_pool& pool,
                                                           base::call_observer observer) {
  auto place = place_in_s3(session, std::move(where), options);
  if (!place) return base::pass(place);
  if (auto fit = check_sizes(options.sizes, place->bucket.where.custom); !fit) return base::pass(fit);
  auto links = check_links(options.link_time);
  if (!links) return base::pass(links);
  auto staging = staging_folder(std::move(options.staging));
  if (!staging) return base::pass(staging);
  upload_options uploads{.staging = std::move(*staging), .sizes = options.sizes, .wait = options.wait};
  auto made = std::make_unique<s3_objects>(session.calls(), std::move(*place), std::move(uploads), pool,
                                           *links, std::move(observer));
  auto staging_of = [objects = made.get()] {
    return staging_use{objects->staged(), objects->staging_limit(), objects->waiting_to_stage()};
  };
  return opened_store<domain::object_store>{.store = std::move(made), .staging = std::move(staging_of)};
}

result<opened_store<domain::catalog>> open_dynamodb_catalog(aws::session& session, dynamodb_location where,
                                                            base::call_observer observer) {
  auto table = table_in_dynamodb(session, where);
  if (!table) return base::pass(table);
  return opened_store<domain::catalog>{
      .store = std::make_unique<dynamodb_catalog>(session.calls(), std::move(*table),
                                                  std::move(where.author_index), std::move(observer))};
}

}  // namespace dossier::stores

#include "app/settings.h"

#include <algorithm>
#include <array>

#include "app/access_settings.h"
#include "app/address_settings.h"
#include "app/references.h"
#include "app/setting_kinds.h"

namespace dossier::app {
namespace {

using namespace std::chrono_literals;
using kinds::choice, kinds::count, kinds::duration, kinds::list, kinds::size, kinds::text, kinds::yes_no;

constexpr std::array log_styles = {
    std::pair<std::string_view, log_style>{"auto", log_style::automatic},
    std::pair<std::string_view, log_style>{"text", log_style::text},
    std::pair<std::string_view, log_style>{"json", log_style::json},
};

constexpr std::array log_levels = {
    std::pair<std::string_view, base::log_level>{"debug", base::log_level::debug},
    std::pair<std::string_view, base::log_level>{"info", base::log_level::info},
    std::pair<std::string_view, base::log_level>{"warning", base::log_level::warning},
    std::pair<std::string_view, base::log_level>{"error", base::log_level::error},
    std::pair<std::string_view, base::log_level>{"off", base::log_level::off},
};

using stores::sql::mysql_settings;

constexpr std::array tls_modes = {
    std::pair<std::string_view, mysql_settings::tls_mode>{"required", mysql_settings::tls_mode::required},
    std::pair<std::string_view, mysql_settings::tls_mode>{"off", mysql_settings::tls_mode::off},
};

constexpr std::array sign_ins = {
    std::pair<std::string_view, database_sign_in>{"password", database_sign_in::password},
    std::pair<std::string_view, database_sign_in>{"iam", database_sign_in::iam},
};

constexpr std::array encryptions = {
    std::pair<std::string_view, aws::s3::encryption_kind>{"bucket", aws::s3::encryption_kind::bucket_default},
    std::pair<std::string_view, aws::s3::encryption_kind>{"AES256", aws::s3::encryption_kind::aes256},
    std::pair<std::string_view, aws::s3::encryption_kind>{"aws:kms", aws::s3::encryption_kind::kms},
};

// The URL is kept as it was written, and parsed again when the store is opened. Empty: in the data folder.
template <class Parse, class Place>
setting url(setting described, Parse parse, Place place) {
  setting row = text(std::move(described), place);
  row.used_by = audience::every_command;
  row.assign = [parse, place](settings& to, std::string_view given) -> base::result<void> {
    if (!given.empty()) {
      auto where = parse(given);
      if (!where) return base::pass(where);
    }
    place(to) = std::string(given);
    return {};
  };
  return row;
}

// A reference must be well formed; anything else is the value itself.
template <class Place>
setting late(setting described, Place place) {
  setting row = text(std::move(described), place);
  row.used_by = audience::every_command;
  row.read_late = true;
  row.assign = [place](settings& to, std::string_view given) -> base::result<void> {
    if (is_reference(given)) {
      auto which = parse_reference(given);
      if (!which) return base::pass(which);
    }
    place(to) = std::string(given);
    return {};
  };
  return row;
}

// The error does not repeat a value that is not a host: it may be a URL with a password.
template <class Place>
setting host(std::string_view name, Place place) {
  setting row = late({name, "HOST:PORT", "MySQL's host, where the URL names none"}, place);
  row.assign = [keep = row.assign](settings& to, std::string_view given) -> base::result<void> {
    if (!is_reference(given)) {
      if (auto found = parse_host(given, 0); !found) return base::pass(found);
    }
    return keep(to, given);
  };
  return row;
}

template <class Place>
setting password(std::string_view name, Place place) {
  setting row = late({name, "PASSWORD",
                      "MySQL's password: ssm:NAME or secretsmanager:ID#KEY; the password itself only in a "
                      "file or the environment"},
                     place);
  row.secret = true;
  return row;
}

setting of_import(setting row) {
  row.used_by = audience::import_origin;
  return row;
}

setting file_required_setting() {
  setting row = yes_no({"intake.file_required", "", "A submission must bring a file"},
                       [](auto& s) -> auto& { return s.intake.file_required; });
  row.short_flag = "--file-optional";
  row.short_value = "false";
  return row;
}

void add_general(std::vector<setting>& rows) {
  rows.push_back(listen_setting());
  rows.push_back(text({"data", "DIR", "The folder with the databases and the files", audience::every_command},
                      [](auto& s) -> auto& { return s.data; }));
  rows.push_back(count({"threads", "", "Event loops; 0 is one per processor, at most 4"}, 0, 64,
                       [](auto& s) -> auto& { return s.server.threads; }));
  rows.push_back(allowed_hosts_setting());
  rows.push_back(public_url_setting());
  rows.push_back(proxies_setting());
  rows.push_back(operations_listen_setting());
  rows.push_back(
      yes_no({"https", "", "People reach Dossier over HTTPS: a proxy in front of it has a certificate"},
             [](auto& s) -> auto& { return s.web.https; }));
  rows.push_back(duration({"drain_time", "", "How long running requests may take to finish after SIGTERM"},
                          0ms, [](auto& s) -> auto& { return s.drain_time; }));
  rows.push_back(
      text({"tls.certificate_file", "FILE", "Certificate chain (PEM); with tls.key_file, serve HTTPS"},
           [](auto& s) -> auto& { return s.server.certificate_file; }));
  rows.push_back(text({"tls.key_file", "FILE", "The certificate's private key (PEM)"},
                      [](auto& s) -> auto& { return s.server.key_file; }));
}

void add_locations(std::vector<setting>& rows) {
  rows.push_back(url({"records", "URL", "Details: sqlite:FILE or mysql://USER@HOST:PORT/DATABASE"},
                     parse_records_url, [](auto& s) -> auto& { return s.records; }));
  rows.push_back(url({"objects", "URL", "The files' bytes: folder:DIR or s3://BUCKET/PREFIX"},
                     parse_objects_url, [](auto& s) -> auto& { return s.objects; }));
  rows.push_back(url({"catalog", "URL", "The files' descriptions: sqlite:FILE or dynamodb://TABLE"},
                     parse_catalog_url, [](auto& s) -> auto& { return s.catalog; }));
  rows.push_back(host("records_host", [](auto& s) -> auto& { return s.records_host; }));
  rows.push_back(password("records_password", [](auto& s) -> auto& { return s.records_password; }));
}

void add_origin(std::vector<setting>& rows) {
  const auto add = [&](setting row) {
    rows.push_back(of_import(std::move(row)));
  };
  add(url({"from.records", "URL", "The origin's table users: mysql://USER@HOST:PORT/DATABASE"},
          parse_records_url, [](auto& s) -> auto& { return s.from.records; }));
  add(url({"from.objects", "URL", "The origin's files: s3://BUCKET"}, parse_objects_url,
          [](auto& s) -> auto& { return s.from.objects; }));
  add(url({"from.catalog", "URL", "Who wrote each of the origin's files: dynamodb://TABLE"},
          parse_catalog_url, [](auto& s) -> auto& { return s.from.catalog; }));
  add(host("from.records_host", [](auto& s) -> auto& { return s.from.records_host; }));
  add(password("from.records_password", [](auto& s) -> auto& { return s.from.records_password; }));
}

void add_log(std::vector<setting>& rows) {
  rows.push_back(choice({"log.format", "FORMAT", "auto (text on a terminal, JSON otherwise), text or json",
                         audience::every_command},
                        log_styles, [](auto& s) -> auto& { return s.log_format; }));
  rows.push_back(choice({"log.level", "LEVEL", "debug, info, warning, error or off", audience::every_command},
                        log_levels, [](auto& s) -> auto& { return s.log_level; }));
  rows.push_back(yes_no({"log.requests", "", "Log a line for each request"},
                        [](auto& s) -> auto& { return s.log_requests; }));
}

void add_intake(std::vector<setting>& rows) {
  rows.push_back(file_required_setting());
  rows.push_back(size({"intake.file_size", "", "The largest file"}, 1,
                      [](auto& s) -> auto& { return s.intake.file_bytes; }));
  rows.push_back(size({"intake.memory", "", "Memory for the bytes of all uploads on their way, together"},
                      1 << 20, [](auto& s) -> auto& { return s.upload_memory; }));
  rows.push_back(count({"intake.files", "", "Files in one submission, at most"}, 1, 1000,
                       [](auto& s) -> auto& { return s.intake.files; }));
  rows.push_back(count({"intake.files_of_person", "", "Files of one person, at most"}, 1, 1'000'000,
                       [](auto& s) -> auto& { return s.intake.files_of_person; }));
  rows.push_back(size({"intake.field_size", "", "All fields of a form, or a JSON body, together"}, 1024,
                      [](auto& s) -> auto& { return s.web.field_bytes; }));
  rows.push_back(
      duration({"intake.lease", "", "What an upload that was cut off leaves is erased after this long"}, 1s,
               [](auto& s) -> auto& { return s.intake.lease; }));
}

void add_http(std::vector<setting>& rows) {
  rows.push_back(duration({"http.header_time", "", "From a request's first byte to its last header"}, 100ms,
                          [](auto& s) -> auto& { return s.server.limits.header_time; }));
  rows.push_back(duration({"http.idle_time", "", "How long a connection may wait between requests"}, 100ms,
                          [](auto& s) -> auto& { return s.server.limits.idle_time; }));
  rows.push_back(duration({"http.stall_time", "", "How long a body or an answer may stand still"}, 100ms,
                          [](auto& s) -> auto& { return s.server.limits.stall_time; }));
  rows.push_back(
      size({"http.minimum_rate", "", "Bytes a second that a body must average after the first stall_time"}, 0,
           [](auto& s) -> auto& { return s.server.limits.minimum_rate; }));
  rows.push_back(size({"http.header_size", "", "All headers of a request"}, 1024,
                      [](auto& s) -> auto& { return s.server.limits.header_bytes; }));
  rows.push_back(count({"http.header_count", "", "Headers of a request"}, 10, 10'000,
                       [](auto& s) -> auto& { return s.server.limits.header_count; }));
  rows.push_back(size({"http.target_size", "", "The path and query of a request"}, 256,
                      [](auto& s) -> auto& { return s.server.limits.target_bytes; }));
  rows.push_back(
      count({"http.connections", "",
             "Connections at a time; more are told to come back. 0: 4096, or as many as the limit of open "
             "files allows"},
            0, 1'000'000, [](auto& s) -> auto& { return s.connections; }));
  rows.push_back(
      size({"http.drain_size", "", "How much of an unread body is thrown away to keep the connection"}, 0,
           [](auto& s) -> auto& { return s.server.limits.drain_bytes; }));
}

void add_stores(std::vector<setting>& rows) {
  rows.push_back(count({"stores.disk_threads", "", "Threads that may wait for the disk at the same time",
                        audience::every_command},
                       1, 256, [](auto& s) -> auto& { return s.stores.embedded.disk_threads; }));
  rows.push_back(
      duration({"stores.slow_read", "", "A search that takes more processor time than this is given up",
                audience::every_command},
               10ms, [](auto& s) -> auto& { return s.stores.embedded.slow_read; }));
  rows.push_back(count({"stores.page_cache_kib", "", "KiB of memory for each database connection's pages",
                        audience::every_command},
                       64, 1 << 20, [](auto& s) -> auto& { return s.stores.embedded.page_cache_kib; }));
  rows.push_back(size(
      {"stores.reserve", "", "Disk that uploads leave free, besides a reserve of the same size for deleting",
       audience::every_command},
      0, [](auto& s) -> auto& { return s.stores.embedded.reserve; }));
}

void add_reads(std::vector<setting>& rows) {
  rows.push_back(
      count({"reads.at_once", "",
             "Long reads at a time; 0: one per processor, 2 to 4; on MySQL a quarter of the connections"},
            0, 64, [](auto& s) -> auto& { return s.stores.reads.places; }));
  rows.push_back(count({"reads.waiting", "", "Long reads that wait for their turn, at most"}, 1, 10'000,
                       [](auto& s) -> auto& { return s.stores.reads.line.waiting; }));
  rows.push_back(count({"reads.waiting_each", "", "Long reads of one client's address that wait, at most"}, 1,
                       10'000, [](auto& s) -> auto& { return s.stores.reads.line.waiting_each; }));
  rows.push_back(duration({"reads.wait_limit", "", "How long a long read waits for its turn, at most"}, 10ms,
                          [](auto& s) -> auto& { return s.stores.reads.wait; }));
}

void add_mysql(std::vector<setting>& rows) {
  const auto everywhere = audience::every_command;
  rows.push_back(
      choice({"mysql.tls", "MODE", "required (certificate and host name are verified) or off", everywhere},
             tls_modes, [](auto& s) -> auto& { return s.stores.mysql.tls; }));
  rows.push_back(
      text({"mysql.ca_file", "FILE",
            "Who must have signed the server's certificate (PEM), such as RDS's bundle", everywhere},
           [](auto& s) -> auto& { return s.stores.mysql.ca_file; }));
  rows.push_back(choice(
      {"mysql.sign_in", "HOW", "password, or iam: a token of RDS instead of records_password", everywhere},
      sign_ins, [](auto& s) -> auto& { return s.mysql_sign_in; }));
  rows.push_back(count({"mysql.connections", "", "Connections, each with a thread", everywhere}, 1, 256,
                       [](auto& s) -> auto& { return s.stores.mysql.connections; }));
  const auto add = [&](std::string_view name, std::string_view description, milliseconds least, auto place) {
    rows.push_back(duration({name, "", description, everywhere}, least, place));
  };
  add("mysql.wait_limit", "How long a transaction may wait for a connection", 1ms,
      [](auto& s) -> auto& { return s.stores.mysql.wait_limit; });
  add("mysql.connect_limit", "How long connecting may take; whole seconds count", 1s,
      [](auto& s) -> auto& { return s.stores.mysql.connect_limit; });
  add("mysql.statement_limit", "How long one statement may take", 100ms,
      [](auto& s) -> auto& { return s.stores.mysql.statement_limit; });
  add("mysql.lock_limit", "How long a statement may wait for a lock; whole seconds count", 1s,
      [](auto& s) -> auto& { return s.stores.mysql.lock_limit; });
  add("mysql.network_limit", "How long to wait for an answer of the server; whole seconds count", 1s,
      [](auto& s) -> auto& { return s.stores.mysql.network_limit; });
  add("mysql.life_limit", "Age at which a connection is closed and made again", 1s,
      [](auto& s) -> auto& { return s.stores.mysql.life_limit; });
}

void add_aws_stores(std::vector<setting>& rows) {
  const auto everywhere = audience::every_command;
  rows.push_back(size({"s3.part_size", "", "Longer files go to S3 in parts of this size", everywhere},
                      5 << 20, [](auto& s) -> auto& { return s.stores.s3.sizes.part; }));
  rows.push_back(
      text({"s3.staging", "DIR", "A folder for parts on their way; empty: the system's for temporary files",
            everywhere},
           [](auto& s) -> auto& { return s.s3_staging; }));
  rows.push_back(
      size({"s3.staging_size", "", "Disk that all parts on their way may take together", everywhere},
           16 << 20, [](auto& s) -> auto& { return s.stores.s3.sizes.disk; }));
  rows.push_back(
      choice({"s3.encryption", "KIND", "bucket (as the bucket has it), AES256 or aws:kms", everywhere},
             encryptions, [](auto& s) -> auto& { return s.stores.s3.encryption.kind; }));
  rows.push_back(text({"s3.kms_key", "ARN", "The key for aws:kms; empty: AWS's own", everywhere},
                      [](auto& s) -> auto& { return s.stores.s3.encryption.kms_key; }));
  rows.push_back(yes_no({"s3.checksums", "",
                         "S3 verifies and keeps each part's SHA-256; off for clones that cannot", everywhere},
                        [](auto& s) -> auto& { return s.stores.s3.checksums; }));
  rows.push_back(
      duration({"s3.link_time", "",
                "How long a download's link to S3 is valid; 0s: no links, downloads go through Dossier"},
               0ms, [](auto& s) -> auto& { return s.stores.s3.link_time; }));
  rows.push_back(text({"dynamodb.index", "NAME", "The table's index by Author and filename", everywhere},
                      [](auto& s) -> auto& { return s.dynamodb_index; }));
}

void add_worker(std::vector<setting>& rows) {
  const auto add = [&](std::string_view name, std::string_view description, milliseconds least, auto place) {
    rows.push_back(duration({name, "", description, audience::every_command}, least, place));
  };
  rows.push_back(count({"worker.batch", "", "Tasks at once", audience::every_command}, 1, 1000,
                       [](auto& s) -> auto& { return s.worker.batch; }));
  add("worker.lease", "A task whose worker died is taken up again after this long", 1s,
      [](auto& s) -> auto& { return s.worker.lease; });
  add("worker.erase_again_after",
      "A second erase after an upload that was cut off, for a write that came late", 0ms,
      [](auto& s) -> auto& { return s.worker.erase_again_after; });
  add("worker.gather", "Wait before a batch, so that it serves many submissions", 0ms,
      [](auto& s) -> auto& { return s.worker.gather; });
  add("worker.longest_sleep", "Look for tasks at least this often", 10ms,
      [](auto& s) -> auto& { return s.worker.longest_sleep; });
  add("worker.first_retry", "Wait after a first failure; doubled at each attempt", 1ms,
      [](auto& s) -> auto& { return s.worker.first_retry; });
  add("worker.longest_retry", "Wait between attempts, at most", 1ms,
      [](auto& s) -> auto& { return s.worker.longest_retry; });
  add("worker.forget_keys_after", "How long an Idempotency-Key is remembered", 1s,
      [](auto& s) -> auto& { return s.worker.forget_keys_after; });
}

}  // namespace

std::string variable_of(const setting& which) {
  std::string name = "DOSSIER_";
  for (const char c : which.name)
    name += c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return name;
}

std::string flag_of(const setting& which) {
  std::string name = "--";
  for (const char c : which.name) name += c == '.' || c == '_' ? '-' : c;
  return name;
}

std::vector<setting> all_settings() {
  std::vector<setting> rows;
  add_general(rows);
  add_locations(rows);
  add_log(rows);
  add_intake(rows);
  add_access(rows);
  add_http(rows);
  add_stores(rows);
  add_reads(rows);
  add_mysql(rows);
  add_aws_stores(rows);
  add_worker(rows);
  add_origin(rows);
  return rows;
}

}  // namespace dossier::app

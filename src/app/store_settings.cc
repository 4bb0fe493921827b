#include "app/store_settings.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>

#include "app/address_settings.h"
#include "app/run_to_end.h"
#include "base/expects.h"
#include "base/text.h"

namespace dossier::app {
namespace {

std::string holder_of(int descriptor) {
  std::array<char, 32> text{};
  const auto length = pread(descriptor, text.data(), text.size(), 0);
  std::string pid(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  while (!pid.empty() && (pid.back() < '0' || pid.back() > '9')) pid.pop_back();
  return pid.empty() ? "Another process" : fmt::format("The process {}", pid);
}

// Overwrites the old pid in the same block: a full disk may have no room for another. The pid is only for
// people. If it cannot be written, the lock is still held, and the file is emptied so that nobody reads a
// wrong pid.
void write_holder(int descriptor) {
  const auto pid = fmt::format("{:<15}\n", getpid());
  const auto length = static_cast<ssize_t>(pid.size());
  const bool written = pwrite(descriptor, pid.data(), pid.size(), 0) == length;
  [[maybe_unused]] const int cut = ftruncate(descriptor, written ? length : 0);
}

base::result<void> make_folder(const std::filesystem::path& data) {
  std::error_code problem;
  if (data.has_parent_path()) std::filesystem::create_directories(data.parent_path(), problem);
  if (mkdir(data.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return base::fail(base::error_code::unavailable,
                    fmt::format("The data folder {} cannot be made: {}. Name another one with --data.",
                                data.string(), std::strerror(errno)));
}

using base::result;

// The configured value, or what it refers to.
result<std::string> read_late(const std::string& configured, reference_reader& references) {
  return is_reference(configured) ? read_reference(configured, references) : configured;
}

result<void> find_host(stores::mysql_location& where, const settings& chosen, reference_reader& references) {
  auto text = read_late(chosen.records_host, references);
  auto host =
      text ? parse_host(base::trim(*text), where.port) : base::result<host_and_port>(base::pass(text));
  if (!host) {
    host.error().message =
        fmt::format("The database's host, records_host = {}: {}", chosen.records_host, host.error().message);
    return base::pass(host);
  }
  where.host = std::move(host->host);
  where.port = host->port;
  base::expects(!where.host.empty() && where.port != 0, "a database that was found has a host and a port");
  return {};
}

// The password is read again only if the database refused the last value: not every connect should call AWS.
// When a password is changed, all connections ask at the same time: those that ask while one reads share its
// answer.
class kept_password {
 public:
  kept_password(std::string configured, reference_reader& references)
      : configured_(std::move(configured)), references_(references) {}

  result<std::string> get(bool refresh) {
    const auto before = times_read_.load();
    const std::lock_guard hold(reading_);
    if (!known_ || (refresh && times_read_ == before)) {
      auto value = read_late(configured_, references_);
      if (!value) return value;
      known_ = std::move(*value);
      ++times_read_;
    }
    return *known_;
  }

 private:
  const std::string configured_;
  reference_reader& references_;
  std::mutex reading_;
  std::optional<std::string> known_;
  std::atomic<int> times_read_ = 0;
};

stores::sql::password_provider password_of(const settings& chosen, aws_session& aws) {
  auto kept = std::make_shared<kept_password>(chosen.records_password, aws);
  return [kept](bool refresh) {
    return kept->get(refresh);
  };
}

// A token of RDS lives for a quarter of an hour and costs no call: each connect has its own.
stores::sql::password_provider token_of(const stores::mysql_location& where, aws_session& aws) {
  return [where, &aws](bool) {
    return aws.database_token(where.host, where.port, where.user);
  };
}

template <class Location, class Parse>
result<Location> chosen_or(const std::string& url, Location usual, Parse parse) {
  return url.empty() ? result<Location>(std::move(usual)) : parse(url);
}

std::string show_one(const stores::sqlite_location& where) {
  return fmt::format("sqlite:{}", where.file.string());
}
std::string show_one(const stores::folder_location& where) {
  return fmt::format("folder:{}", where.folder.string());
}
std::string show_one(const stores::mysql_location& where) {
  const bool v6 = where.host.contains(':');
  return fmt::format("mysql://{}@{}{}{}:{}/{}", where.user, v6 ? "[" : "", where.host, v6 ? "]" : "",
                     where.port, where.database);
}
std::string show_one(const stores::s3_location& where) {
  return fmt::format("s3://{}{}{}", where.bucket, where.prefix.empty() ? "" : "/", where.prefix);
}
std::string show_one(const stores::dynamodb_location& where) {
  return fmt::format("dynamodb://{}", where.table);
}

}  // namespace

base::result<data_lock> data_lock::acquire(const std::filesystem::path& data) {
  base::expects(!data.empty(), "the folder to lock has a name");
  if (auto made = make_folder(data); !made) return base::pass(made);
  const auto path = data / "lock";
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0 && errno == ELOOP) {
    return base::fail(
        base::error_code::invalid,
        fmt::format("{} is a link, and the file that it points to would be overwritten. Remove the "
                    "link, and find out who made it.",
                    path.string()));
  }
  if (descriptor < 0) {
    return base::fail(base::error_code::unavailable,
                      fmt::format("{} cannot be opened: {}. Let this user write to it, or name another "
                                  "folder with --data.",
                                  path.string(), std::strerror(errno)));
  }
  data_lock lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return base::fail(
        base::error_code::conflict,
        fmt::format("{} already serves the data in {}. Stop it first, or name another folder with "
                    "--data.",
                    holder_of(descriptor), data.string()));
  }
  write_holder(descriptor);
  return lock;
}

data_lock::data_lock(data_lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

data_lock::~data_lock() {
  if (descriptor_ >= 0) close(descriptor_);
}

result<stores::locations> named_locations(const settings& chosen) {
  const auto usual = stores::embedded_in(chosen.data);
  auto records = chosen_or(chosen.records, usual.records, parse_records_url);
  if (!records) return base::pass(records);
  auto objects = chosen_or(chosen.objects, usual.objects, parse_objects_url);
  if (!objects) return base::pass(objects);
  auto catalog = chosen_or(chosen.catalog, usual.catalog, parse_catalog_url);
  if (!catalog) return base::pass(catalog);

  if (auto* table = std::get_if<stores::dynamodb_location>(&*catalog)) {
    table->author_index = chosen.dynamodb_index;
  }
  return stores::locations{std::move(*records), std::move(*objects), std::move(*catalog)};
}

result<stores::locations> locations_of(const settings& chosen, reference_reader& references) {
  auto where = named_locations(chosen);
  if (!where) return where;
  if (auto* mysql = std::get_if<stores::mysql_location>(&where->records); mysql && mysql->host.empty()) {
    if (auto found = find_host(*mysql, chosen, references); !found) return base::pass(found);
  }
  return where;
}

stores::store_options options_of(const settings& chosen, const stores::locations& where, aws_session& aws) {
  auto options = chosen.stores;
  options.s3.staging = chosen.s3_staging;
  if (const auto* mysql = std::get_if<stores::mysql_location>(&where.records)) {
    const bool token = chosen.mysql_sign_in == database_sign_in::iam;
    options.mysql.clear_password = token;
    options.mysql.password = token ? token_of(*mysql, aws) : password_of(chosen, aws);
  }
  return options;
}

result<std::optional<data_lock>> lock_for(const stores::locations& where) {
  const auto* database = std::get_if<stores::sqlite_location>(&where.records);
  if (!database) database = std::get_if<stores::sqlite_location>(&where.catalog);
  if (!database) return std::optional<data_lock>();
  auto lock = data_lock::acquire(database->file.has_parent_path() ? database->file.parent_path() : ".");
  if (!lock) return base::pass(lock);
  return std::optional<data_lock>(std::move(*lock));
}

result<stores::opened_stores> open_stores(const settings& chosen, const stores::locations& where,
                                          const base::clock& clock, base::call_observer observer,
                                          aws_session& aws) {
  auto opened = stores::open_stores(where, options_of(chosen, where, aws),
                                    {.clock = clock, .observer = std::move(observer), .aws = [&aws] {
                                       return aws.open();
                                     }});
  base::expects(!opened || (opened->records && opened->objects && opened->catalog),
                "all three stores are open");
  return opened;
}

std::string show(const stores::locations& where) {
  const auto text = [](const auto& location) {
    return std::visit([](const auto& one) { return show_one(one); }, location);
  };
  return fmt::format("{}, {}, {}", text(where.records), text(where.objects), text(where.catalog));
}

}  // namespace dossier::app

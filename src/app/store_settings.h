// From settings to stores: where they are, how they are reached, and with which password.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "app/aws_session.h"
#include "app/settings.h"
#include "base/result.h"
#include "stores/open.h"

namespace dossier::app {

// Makes sure that only one process serves a data folder: an exclusive lock on DATA/lock, held as long as this
// object lives. The lock also ends with the process, however it ends. The file holds the pid, for the error
// message of a second process.

class data_lock {
 public:
  // Makes the folder if it is missing, for its owner only. conflict: another process serves it; the message
  // says which. invalid: the lock is a link. unavailable: the folder or the lock cannot be made.
  static base::result<data_lock> acquire(const std::filesystem::path& data);

  data_lock(data_lock&& other) noexcept;
  data_lock& operator=(data_lock&&) = delete;
  ~data_lock();

 private:
  explicit data_lock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// The locations of the stores as the settings name them; MySQL's host may still be missing. invalid: a
// setting is wrong.
base::result<stores::locations> named_locations(const settings& chosen);
// The same, with MySQL's host, which may be a reference that is read now (this blocks). The error says what
// to do.
base::result<stores::locations> locations_of(const settings& chosen, reference_reader& elsewhere);

// At each connect, the stores ask the options for MySQL's password or a token of RDS. `aws` must outlive the
// options and the stores.
stores::store_options options_of(const settings& chosen, const stores::locations& where, aws_session& aws);

// Takes the lock of an SQLite database, which only one process may serve; empty for stores that nodes share.
base::result<std::optional<data_lock>> lock_for(const stores::locations& where);

// Opens the stores, with options_of(). `aws` must outlive them.
base::result<stores::opened_stores> open_stores(const settings& chosen, const stores::locations& where,
                                                const base::clock& clock, base::call_observer observer,
                                                aws_session& aws);

// Where they are, for people: "mysql://dossier@db:3306/dossier, s3://files, dynamodb://catalog".
std::string show(const stores::locations& where);

}  // namespace dossier::app

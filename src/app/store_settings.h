// From settings to stores: where they are, how they are reached, and with which password.
#pragma once

#include <optional>
#include <string>

#include "app/aws_session.h"
#include "app/data_lock.h"
#include "app/settings.h"
#include "stores/open.h"

namespace dossier::app {

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

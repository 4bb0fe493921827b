// From settings to stores: where they are, how they are reached, and with which password.
#pragma once

#include <optional>
#include <string>

#include "app/aws_session.h"
#include "app/data_lock.h"
#include "app/settings.h"
#include "stores/open.h"

namespace dossier::app {

// Where the settings say that the stores are; MySQL's host may still be missing. invalid: a setting is wrong.
base::result<stores::locations> named_locations(const settings& chosen);
// The same, with MySQL's host. When that cannot be found out, the error says what to do.
base::result<stores::locations> locations_of(const settings& chosen, reference_reader& elsewhere);

// MySQL's password, or a token of RDS, is asked for at each connect. `aws` outlives options and stores.
stores::store_options options_of(const settings& chosen, const stores::locations& where, aws_session& aws);

// A lock if there is an SQLite database, which has one serving process; nothing for stores that nodes share.
base::result<std::optional<data_lock>> lock_for(const stores::locations& where);

// Opens the stores, with options_of(). `aws` outlives them.
base::result<stores::opened_stores> open_stores(const settings& chosen, const stores::locations& where,
                                                const base::clock& clock, base::call_observer observer,
                                                aws_session& aws);

// Where they are, for people: "mysql://dossier@db:3306/dossier, s3://files, dynamodb://catalog".
std::string show(const stores::locations& where);

}  // namespace dossier::app

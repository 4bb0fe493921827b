// From settings to stores: where they are, how they are reached, and with which password.
#pragma once

#include <optional>
#include <string>

#include "app/aws_session.h"
#include "app/data_lock.h"
#include "app/settings.h"
#include "stores/open.h"

namespace dossier::app {

// As they are named: the host of MySQL may be missing still. invalid.
base::result<stores::locations> named_locations(const settings& chosen);
// invalid: the host of MySQL cannot be found out; the message says what to do.
base::result<stores::locations> locations_of(const settings& chosen, reference_reader& elsewhere);

// The password of MySQL, or a token of RDS, is asked for at each connect. The AWS session outlives what it
// opens.
stores::store_options options_of(const settings& chosen, const stores::locations& where, aws_session& aws);

// An SQLite database has one serving process; stores that nodes share need no lock, and get none.
base::result<std::optional<data_lock>> lock_for(const stores::locations& where);

// All of the above, and the stores. `aws` outlives them.
base::result<stores::opened_stores> open_stores(const settings& chosen, const stores::locations& where,
                                                const base::clock& clock, base::call_observer observer,
                                                aws_session& aws);

// Where they are, for people: "mysql://dossier@db:3306/dossier, s3://files, dynamodb://catalog".
std::string show(const stores::locations& where);

}  // namespace dossier::app

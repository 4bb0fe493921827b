// How many files and sockets this process may have open at a time, and how many connections that allows.
#pragma once

#include <cstdint>

#include "app/settings.h"
#include "base/result.h"
#include "stores/locations.h"

namespace dossier::app {

// Raises the soft limit to the hard one, and returns it.
std::uint64_t raise_descriptor_limit();

// How many descriptors the stores, the loops and the process itself may need, without connections.
std::uint64_t descriptors_of_stores(const settings& chosen, const stores::locations& where);

struct connection_share {
  unsigned connections = 0;  // each with a file that is written or read
  unsigned turned_away = 0;  // further connections at a time, each open only until it is refused
};
// How many of `asked` connections (0: 4096) fit into `limit` descriptors, of which the stores need
// `of_stores`. invalid: fewer than 8 fit; the message says what to do.
base::result<connection_share> share_of_connections(unsigned asked, std::uint64_t limit,
                                                    std::uint64_t of_stores);

// For serving: raises the limit, works out the share, and logs when fewer can be held than were asked for.
base::result<connection_share> make_room_for_connections(const settings& chosen,
                                                         const stores::locations& where);

}  // namespace dossier::app

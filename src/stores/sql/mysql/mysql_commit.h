// Finds out whether a transaction was committed whose COMMIT was sent and not answered. It is looked up,
// never guessed: docs/adr/0006-lost-commits.md.
//
// Each transaction that writes ends with "INSERT its token; COMMIT" in one message. To find out, the same
// token is inserted again, which waits while the transaction is still being committed. If the token is there
// already, the transaction was committed. If not, it is there now, and the transaction never can be.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "stores/sql/mysql/mysql_connection.h"

namespace dossier::stores::sql {

struct commit_token {
  std::int64_t made_at_ms = 0;  // on the server's clock
  std::string hex;              // 48 bits of that time, 80 random ones
};
commit_token make_commit_token(std::int64_t now_ms);

enum class commit_fate { committed, not_committed, unknown };

struct lost_commit {
  commit_token token;
  std::uint64_t session = 0;  // the server's id of the connection that broke
};

// One look. Throws failure when the database does not answer or another lock is in the way: look again.
commit_fate look_for_commit(mysql_connection& on, const lost_commit& which);

// Ends a session of this user that may only seem lost: the server keeps its locks until it notices the loss.
// Best effort. After a fail-over the number may belong to another session of ours, which recovers likewise.
void end_session(mysql_connection& on, std::uint64_t session);

// Deletes tokens that are too old for anyone to look for, some thousand at most. True: there may be more.
bool forget_commit_tokens(mysql_connection& on);

}  // namespace dossier::stores::sql

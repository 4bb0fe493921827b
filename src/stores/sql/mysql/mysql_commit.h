// Finds out whether a transaction was committed when the answer to its COMMIT was lost. This is looked up,
// never guessed: docs/adr/0006-lost-commits.md.
//
// Each transaction that writes ends with "INSERT its token; COMMIT" in one message. To find out, the same
// token is inserted again, which waits while the transaction is still being committed. If the token exists
// already, its row says whether the transaction or an earlier look inserted it. If it does not, it exists
// now, and the transaction can never be committed.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "stores/sql/mysql/mysql_connection.h"

namespace dossier::stores::sql {

struct commit_token {
  std::int64_t made_at_ms = 0;  // on the server's clock
  std::string hex;              // 48 bits of that time, then 80 random bits
};
commit_token make_commit_token(std::int64_t now_ms);

enum class commit_fate { committed, not_committed, unknown };

struct lost_commit {
  commit_token token;
  std::uint64_t session = 0;  // the server's id of the connection that broke
};

// Looks once. Throws `failure` when the database does not answer or another lock is in the way; then call it
// again.
commit_fate look_for_commit(mysql_connection& on, const lost_commit& which);

// Ends a session of this user whose connection was lost, because the server keeps its locks until it notices
// the loss. Errors are ignored. After a fail-over the number may belong to another session of Dossier, which
// recovers in the same way.
void end_session(mysql_connection& on, std::uint64_t session);

// Deletes up to some thousand tokens that are too old to be looked for. True: there may be more.
bool forget_commit_tokens(mysql_connection& on);

}  // namespace dossier::stores::sql

// What is done with connections that there is no room for: they are told so at once and closed, without a
// session, and even when the process has no descriptor left to accept them with.
#pragma once

namespace dossier::http {

// Sends a 503 with Retry-After, as far as the socket takes it without waiting, and ends our side of it.
void turn_away_at_once(int socket);

// One descriptor that is kept for the moment when there is none left: it is given up, the connection that
// waits is accepted in its place, turned away, and the place taken back. Without it such a connection would
// hang until somebody else ends.
class spare_descriptor {
 public:
  spare_descriptor();
  ~spare_descriptor();
  spare_descriptor(const spare_descriptor&) = delete;
  spare_descriptor& operator=(const spare_descriptor&) = delete;

  // The connections that wait at this listening socket, as many as `most`. `plain`: they can be told in plain
  // text; over TLS they are closed without a word. How many there were.
  int turn_away_waiting(int listening, bool plain, int most);

 private:
  int file_;
};

}  // namespace dossier::http

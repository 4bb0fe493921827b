#include "aws/transfer.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <utility>

#include "aws/ascii.h"

namespace dossier::aws {
namespace {

constexpr std::size_t moving = 1024;  // fewer bytes than this are a stall
constexpr std::chrono::seconds look_at_kernel{1};

transport_problem problem_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:  // the handshake broke off; certificates have codes of their own
      return transport_problem::connect;
    case CURLE_OPERATION_TIMEDOUT:
      return transport_problem::timed_out;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return transport_problem::tls;
    default:
      return transport_problem::cut;
  }
}

}  // namespace

transfer::transfer(http_request what, std::shared_ptr<receiver> to, bool download)
    : what_(std::move(what)), to_(std::move(to)), download_(download) {}

// Progress, for the limit on stalls.
void transfer::moved(std::size_t bytes) {
  moved_since_ += bytes;
  if (moved_since_ < moving) return;
  moved_since_ = 0;
  last_moved_ = clock::now();
}

std::size_t transfer::send_some(std::span<std::byte> into) {
  const auto count = what_.body ? what_.body->read(sent_, into) : 0;
  const bool short_of_bytes = count && *count == 0 && what_.body && sent_ < what_.body->size();
  if (!count || short_of_bytes) {
    own_problem_ = {transport_problem::body, "the request's body cannot be read"};
    return CURL_READFUNC_ABORT;
  }
  sent_ += *count;
  moved(*count);
  // The wait for the first byte of the answer begins.
  if (!what_.body || sent_ >= what_.body->size()) last_moved_ = clock::now();
  return *count;
}

std::size_t transfer::take_header(std::string_view line) {
  moved(line.size());
  if (head_.complete()) return line.size();  // trailers
  const auto after = head_.take(line);
  if (after == answer_head::progress::too_large) {
    own_problem_ = {transport_problem::too_large, "the head of the answer is too large"};
    return 0;
  }
  if (!answering_) last_moved_ = clock::now();
  answering_ = true;
  if (after == answer_head::progress::complete) to_->head(head_.status(), head_.take_headers());
  return line.size();
}

std::size_t transfer::take_body(std::string_view some) {
  switch (to_->bytes(some)) {
    case taken::all:
      moved(some.size());
      return some.size();
    case taken::nothing_yet:
      paused_ = true;
      return CURL_WRITEFUNC_PAUSE;
    case taken::too_much:
      own_problem_ = {transport_problem::too_large, "the answer is larger than expected"};
      break;
  }
  return 0;
}

void transfer::resume() {
  if (!std::exchange(paused_, false)) return;
  last_moved_ = clock::now();
  libcurl().curl_easy_pause(handle_.get(), CURLPAUSE_CONT);
}

// How much of the request the other side has not acknowledged; nothing when it cannot be told.
std::optional<int> transfer::unsent_bytes() const {
  curl_socket_t socket = CURL_SOCKET_BAD;
  int bytes = 0;
  if (libcurl().curl_easy_getinfo(handle_.get(), CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK)
    return std::nullopt;
  if (socket == CURL_SOCKET_BAD || ::ioctl(socket, SIOCOUTQ, &bytes) != 0) return std::nullopt;
  return bytes;
}

transfer::verdict transfer::check_limits(clock::time_point now) {
  verdict found;
  const auto limit = [&](clock::time_point since, std::chrono::milliseconds time, const char* what) {
    if (time == std::chrono::milliseconds::zero() || found.over) return;
    if (since + time <= now) found.over = {transport_problem::timed_out, what};
    found.look_again = std::min<clock::time_point>(found.look_again, since + time);
  };
  limit(submitted_, what_.limits.whole, "it took too long");
  if (!connected_ || paused_) return found;  // connecting is limited by libcurl; who pulls takes his time
  const bool all_sent = !what_.body || sent_ >= what_.body->size();
  if (all_sent && !answering_) {
    if (what_.body && what_.body->size() != 0) {
      // What was handed to the kernel may be on its way for long.
      const auto unsent = unsent_bytes();
      if (unsent_ && unsent != unsent_) last_moved_ = now;
      unsent_ = unsent;
      found.look_again = now + look_at_kernel;
    }
    limit(last_moved_, what_.limits.first_byte, "no answer came");
  } else {
    limit(last_moved_, what_.limits.stall, "nothing moved any more");
  }
  return found;
}

void transfer::detach() {
  handle_.reset();
  lines_.reset();
}

void transfer::end(CURLcode code) {
  if (own_problem_) return end(*own_problem_);
  if (code == CURLE_OK && head_.complete()) return std::exchange(to_, nullptr)->end(std::nullopt);
  end({problem_of(code), complaint_[0] != '\0' ? complaint_.data() : libcurl().curl_easy_strerror(code)});
}

void transfer::end(transport_error problem) {
  // The receiver may hold on to the transfer.
  std::exchange(to_, nullptr)->end(std::move(problem));
}

std::size_t transfer::on_read(char* into, std::size_t size, std::size_t count, void* self) {
  return static_cast<transfer*>(self)->send_some(std::as_writable_bytes(std::span(into, size * count)));
}

int transfer::on_seek(void* self, curl_off_t offset, int origin) {
  if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<transfer*>(self)->sent_ = static_cast<std::uint64_t>(offset);
  return CURL_SEEKFUNC_OK;
}

std::size_t transfer::on_header(char* from, std::size_t size, std::size_t count, void* self) {
  return static_cast<transfer*>(self)->take_header({from, size * count});
}

std::size_t transfer::on_body(char* from, std::size_t size, std::size_t count, void* self) {
  return static_cast<transfer*>(self)->take_body({from, size * count});
}

int transfer::on_connected(void* self, char*, char*, int, int) {
  auto& mine = *static_cast<transfer*>(self);
  mine.connected_ = true;
  mine.last_moved_ = clock::now();
  return CURL_PREREQFUNC_OK;
}

}  // namespace dossier::aws

#include "aws/transport/transfer.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>
#include <utility>

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "aws/endpoints.h"
#include "base/ascii.h"
#include "base/expects.h"

namespace dossier::aws {
namespace {

constexpr std::size_t longest_head = std::size_t{64} << 10;

}  // namespace

answer_head::progress answer_head::take(std::string_view line) {
  bytes_ += line.size();
  if (bytes_ > longest_head) return progress::too_large;
  const auto text = base::ascii_trim(line);
  if (text.starts_with("HTTP/")) {
    headers_.clear();
    const auto digits = text.substr(std::min(text.find(' '), text.size() - 1) + 1, 3);
    status_ = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), status_);
  } else if (text.empty()) {
    complete_ = status_ >= 200;
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    const auto value = base::ascii_trim(text.substr(colon + 1));
    headers_.push_back({std::string(text.substr(0, colon)), std::string(value)});
  }
  return complete_ ? progress::complete : progress::goes_on;
}

namespace {

constexpr std::size_t moving = 1024;  // fewer bytes than this count as a stall
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
    : what_(std::move(what)), to_(std::move(to)), download_(download) {
  base::expects(to_ != nullptr, "a transfer has a receiver");
}

// Records progress, for the limit on stalls.
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
  // Now begins the wait for the first byte of the answer.
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
  base::expects(handle_ != nullptr, "the transfer is going");
  if (!std::exchange(paused_, false)) return;
  last_moved_ = clock::now();
  libcurl().curl_easy_pause(handle_.get(), CURLPAUSE_CONT);
}

// How many bytes of the request the server has not acknowledged; empty when the kernel does not tell.
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
  if (!connected_ || paused_) return found;  // libcurl limits connecting; a reader may be slow
  const bool all_sent = !what_.body || sent_ >= what_.body->size();
  if (all_sent && !answering_) {
    if (what_.body && what_.body->size() != 0) {
      // Bytes in the kernel's buffer may take long to reach the server.
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
  base::expects(to_ != nullptr, "a transfer ends once");
  if (code == CURLE_OK && head_.complete()) return std::exchange(to_, nullptr)->end(std::nullopt);
  end({problem_of(code), complaint_[0] != '\0' ? complaint_.data() : libcurl().curl_easy_strerror(code)});
}

void transfer::end(transport_error problem) {
  base::expects(to_ != nullptr, "a transfer ends once");
  // The receiver may keep this transfer alive, so release the receiver first.
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

// The options that libcurl gets for a request.

namespace {

constexpr long buffer_size = 64L << 10;
constexpr long upload_buffer_size = 128L << 10;
constexpr long idle_seconds = 50;  // of a kept connection; AWS's services close theirs after about a minute

// Hosts on this machine or on its local link are never reached through a proxy.
bool is_near(std::string_view url) {
  const auto host = host_of_url(url);
  const bool on_the_link = host.starts_with("169.254.") && is_ipv4_address(host);
  // libcurl resolves all names below localhost to this machine.
  return is_this_machine(host) || host.ends_with(".localhost") || on_the_link || host == "[fd00:ec2::254]" ||
         host == "[fd00:ec2::23]";
}

bool has_line_break(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

}  // namespace

std::optional<transport_error> transfer::prepare(const std::string& ca_bundle) {
  base::expects(handle_ == nullptr, "a transfer is prepared once");
  handle_.reset(libcurl().curl_easy_init());
  if (!handle_) return transport_error{transport_problem::connect, "libcurl has no more handles"};
  if (!set_headers()) return transport_error{transport_problem::cut, "a header holds a line break"};
  set_request();
  set_connection(ca_bundle);
  return std::nullopt;
}

void transfer::set_request() {
  set(CURLOPT_URL, what_.url.c_str());
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_HTTPHEADER, lines_.get());
  if (what_.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (what_.body || what_.method == "PUT" || what_.method == "POST") {
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(what_.body ? what_.body->size() : 0));
  }
  if (what_.method != "HEAD") set(CURLOPT_CUSTOMREQUEST, what_.method.c_str());
  set(CURLOPT_READFUNCTION, &transfer::on_read);
  set(CURLOPT_READDATA, this);
  set(CURLOPT_SEEKFUNCTION, &transfer::on_seek);
  set(CURLOPT_SEEKDATA, this);
  set(CURLOPT_HEADERFUNCTION, &transfer::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &transfer::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_PREREQFUNCTION, &transfer::on_connected);
  set(CURLOPT_PREREQDATA, this);
  set(CURLOPT_PRIVATE, this);
}

void transfer::set_connection(const std::string& ca_bundle) {
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  // A cancelled transfer must not wait until its host's name is resolved: all other transfers would wait too.
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!ca_bundle.empty()) set(CURLOPT_CAINFO, ca_bundle.c_str());
  if (is_near(what_.url)) set(CURLOPT_PROXY, "");
  const auto connect = what_.limits.connect.count();
  const long longest = std::numeric_limits<long>::max();
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::clamp<long>(connect, 0, longest)));
  set(CURLOPT_MAXAGE_CONN, idle_seconds);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  if (download_) set(CURLOPT_BUFFERSIZE, buffer_size);
  if (what_.body && what_.body->size() > buffer_size) {
    set(CURLOPT_UPLOAD_BUFFERSIZE, upload_buffer_size);
  }
  set(CURLOPT_USERAGENT, "dossier");
  set(CURLOPT_ERRORBUFFER, complaint_.data());
}

bool transfer::set_headers() {
  const auto add = [this](const std::string& line) {
    auto* longer = libcurl().curl_slist_append(lines_.get(), line.c_str());
    if (longer == nullptr) return;
    [[maybe_unused]] const auto* shorter = lines_.release();  // it is the start of the longer one
    lines_.reset(longer);
  };
  // An empty value prevents libcurl from adding these headers itself.
  add("Expect:");
  add("Accept:");
  for (const auto& each : what_.headers) {
    if (has_line_break(each.name) || has_line_break(each.value)) return false;
    add(each.value.empty() ? each.name + ';' : each.name + ": " + each.value);
  }
  return true;
}

}  // namespace dossier::aws

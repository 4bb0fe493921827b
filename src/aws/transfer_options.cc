// What libcurl is told about a request.
#include <algorithm>
#include <limits>

#include "aws/ascii.h"
#include "aws/hosts.h"
#include "aws/transfer.h"

namespace dossier::aws {
namespace {

constexpr long buffer_size = 64L << 10;
constexpr long upload_buffer_size = 128L << 10;
constexpr long idle_seconds = 50;  // of a kept connection; AWS's services close theirs after about a minute

// What is on this machine or on its link is never reached through a proxy.
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
  // Who gives up on a name that does not resolve must not wait for it all the same, and all others with him.
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
  // Not of libcurl's own accord.
  add("Expect:");
  add("Accept:");
  for (const auto& each : what_.headers) {
    if (has_line_break(each.name) || has_line_break(each.value)) return false;
    add(each.value.empty() ? each.name + ';' : each.name + ": " + each.value);
  }
  return true;
}

}  // namespace dossier::aws

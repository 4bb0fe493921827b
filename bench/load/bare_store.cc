// The floor of a durable submission: what any program must do, and nothing else. For each frame
// (bare_frame.h) that arrives: hash and write the file's bytes, sync the file and its folder, commit one row
// together with all others that wait, answer. A thread and one buffer per connection; no HTTP, no checks,
// no recovery.
//
//   bare_store --folder DIR [--batch N]        prints its port, serves until it is killed
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/sha256.h"
#include "load/arguments.h"
#include "load/bare_frame.h"
#include "load/bare_records.h"

namespace dossier::bench {
namespace {

constexpr std::size_t buffer_size = 256 * 1024;
constexpr std::size_t folder_count = 256;

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

// Objects spread over folders, as any store of files does.
class object_folders {
 public:
  explicit object_folders(const std::string& root) {
    for (std::size_t i = 0; i < folder_count; ++i) {
      std::array<char, 8> name{};
      std::snprintf(name.data(), name.size(), "/%02zx", i);
      const auto path = root + name.data();
      if (mkdir(path.c_str(), 0700) != 0) fail("mkdir");
      folders_[i] = open(path.c_str(), O_RDONLY | O_DIRECTORY);
      if (folders_[i] < 0) fail("open folder");
    }
  }

  int of(std::uint64_t number) const { return folders_[number % folder_count]; }

 private:
  std::array<int, folder_count> folders_{};
};

struct store {
  bare_records& records;
  const object_folders& folders;
  std::atomic<std::uint64_t> next_object = 0;
};

bool receive_all(int socket, std::span<std::byte> into) {
  while (!into.empty()) {
    const auto got = recv(socket, into.data(), into.size(), 0);
    if (got <= 0) return false;
    into = into.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

void write_all(int file, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto put = write(file, bytes.data(), bytes.size());
    if (put < 0) fail("write");
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}

// The digest of the file, once it and its folder are on disk; empty when the client went away.
std::optional<base::sha256_digest> receive_file(int socket, std::uint64_t size, int folder, const char* name,
                                                std::span<std::byte> buffer) {
  const int file = openat(folder, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) fail("open");
  base::sha256 hash;
  while (size > 0) {
    const auto got = recv(socket, buffer.data(), std::min<std::uint64_t>(buffer.size(), size), 0);
    if (got <= 0) break;
    const auto bytes = buffer.first(static_cast<std::size_t>(got));
    hash.update(bytes);
    write_all(file, bytes);
    size -= bytes.size();
  }
  if (size == 0 && (fsync(file) != 0 || fsync(folder) != 0)) fail("fsync");
  close(file);
  if (size > 0) return std::nullopt;
  return hash.finish();
}

void serve(int socket, store& into) {
  std::vector<std::byte> buffer(buffer_size);
  bare_frame frame;
  while (receive_all(socket, std::as_writable_bytes(std::span(&frame, 1)))) {
    std::string fields(frame.fields_size, '\0');
    if (!receive_all(socket, std::as_writable_bytes(std::span(fields)))) break;
    const auto object = into.next_object++;
    const auto key = std::to_string(object);
    const auto digest = receive_file(socket, frame.file_size, into.folders.of(object), key.c_str(), buffer);
    if (!digest) break;
    const auto number = into.records.insert({fields, key, frame.file_size, base::to_hex(*digest)});
    if (send(socket, &number, sizeof number, MSG_NOSIGNAL) != sizeof number) break;
  }
  close(socket);
}

int listen_on_loopback() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener, 512) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    fail("listen");
  }
  std::printf("%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return listener;
}

int run(const arguments& options) {
  const auto folder = options.text("folder", ".");
  bare_records records(folder + "/records.db", options.number("batch", 1000));
  const object_folders folders(folder);
  store into{.records = records, .folders = folders};
  const int listener = listen_on_loopback();
  for (;;) {
    const int socket = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) fail("accept");
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    std::thread([socket, &into] { serve(socket, into); }).detach();
  }
}

}  // namespace
}  // namespace dossier::bench

int main(int count, char** words) {
  return dossier::bench::run({count, words});
}

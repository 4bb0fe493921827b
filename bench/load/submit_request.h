// One submission as bytes on the wire: four fields and a file, unlike every other submission.
//
// The file begins with bytes of its own; then a shared block of noise is repeated until the size is reached.
// So sending needs no copy and no memory, however large the file is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dossier::bench {

enum class wire_protocol { http, bare };

struct submit_settings {
  wire_protocol protocol = wire_protocol::http;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::uint64_t connections = 1;
  std::uint64_t requests = 1;
  std::uint64_t file_size = 100'000;  // bytes
};

struct submit_request {
  std::string head;  // all that goes before the noise: HTTP header, fields, the file's first bytes
  std::uint64_t noise_size = 0;
  std::string tail;
};

submit_request make_request(const submit_settings& settings, std::uint64_t number);

// Bytes that neither repeat nor compress, the same in every run.
std::vector<char> make_noise(std::size_t size);

}  // namespace dossier::bench

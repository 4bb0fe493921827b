#include "load/submit_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "load/bare_frame.h"

namespace dossier::bench {
namespace {

constexpr std::string_view boundary = "----------------------dossier-load-5f0a";

// The first bytes of a PNG, then bytes that make this file unlike all others.
std::string stamp(std::uint64_t number, std::uint64_t file_size) {
  auto bytes = std::string("\x89PNG\r\n\x1a\n", 8) + fmt::format("{:032}", number);
  bytes.resize(std::min<std::uint64_t>(bytes.size(), file_size));
  return bytes;
}

void append_field(std::string& form, std::string_view name, std::string_view value) {
  form +=
      fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n", boundary, name, value);
}

struct field_values {
  std::string name;
  std::string_view location;
  std::uint64_t age;
  std::string_view technology;
};

field_values fields_of(std::uint64_t number) {
  static constexpr std::string_view places[] = {"Lisbon", "Nairobi", "Kyoto", "Graz", "Recife"};
  static constexpr std::string_view skills[] = {"C++", "Rust", "Terraform", "PostgreSQL"};
  return {fmt::format("Ada Load {}", number), places[number % 5], 18 + number % 60, skills[number % 4]};
}

submit_request make_http(const submit_settings& settings, std::uint64_t number) {
  const auto fields = fields_of(number);
  std::string form;
  append_field(form, "name", fields.name);
  append_field(form, "location", fields.location);
  append_field(form, "age", std::to_string(fields.age));
  append_field(form, "technology", fields.technology);
  form += fmt::format(
      "--{}\r\nContent-Disposition: form-data; name=\"file_name\"; filename=\"photo-{}.png\"\r\n"
      "Content-Type: image/png\r\n\r\n",
      boundary, number);
  const auto first = stamp(number, settings.file_size);
  form += first;
  submit_request request;
  request.noise_size = settings.file_size - first.size();
  request.tail = fmt::format("\r\n--{}--\r\n", boundary);
  request.head = fmt::format(
      "POST /api/v1/people HTTP/1.1\r\nHost: {}:{}\r\nAccept: application/json\r\n"
      "Content-Type: multipart/form-data; boundary={}\r\nContent-Length: {}\r\n\r\n{}",
      settings.host, settings.port, boundary, form.size() + request.noise_size + request.tail.size(), form);
  return request;
}

submit_request make_bare(const submit_settings& settings, std::uint64_t number) {
  const auto fields = fields_of(number);
  const auto text =
      fmt::format("{}\n{}\n{}\n{}\n", fields.name, fields.location, fields.age, fields.technology);
  const bare_frame frame{.fields_size = text.size(), .file_size = settings.file_size};
  const auto first = stamp(number, settings.file_size);
  submit_request request;
  request.head.assign(reinterpret_cast<const char*>(&frame), sizeof frame);
  request.head += text + first;
  request.noise_size = settings.file_size - first.size();
  return request;
}

}  // namespace

submit_request make_request(const submit_settings& settings, std::uint64_t number) {
  return settings.protocol == wire_protocol::http ? make_http(settings, number) : make_bare(settings, number);
}

std::vector<char> make_noise(std::size_t size) {
  std::vector<char> noise(size);
  std::mt19937_64 random(1);
  for (std::size_t at = 0; at + sizeof(std::uint64_t) <= size; at += sizeof(std::uint64_t)) {
    const std::uint64_t word = random();
    std::memcpy(noise.data() + at, &word, sizeof word);
  }
  return noise;
}

}  // namespace dossier::bench

// What submit_load sends to bare_store instead of HTTP: this header, the four fields, the file's bytes. The
// answer is the record's number, eight bytes. Both ends are on one machine: native byte order.
#pragma once

#include <cstdint>

namespace dossier::bench {

struct bare_frame {
  std::uint64_t fields_size = 0;  // name, location, age, technology, each ended by a newline
  std::uint64_t file_size = 0;
};

}  // namespace dossier::bench

// The words that go with a status. Nobody reads them but people who look at the bytes.
#pragma once

#include <string_view>

namespace dossier::http {

// "Not Found" for 404; "Status" for one that is not known.
std::string_view reason_phrase(unsigned status);

}  // namespace dossier::http

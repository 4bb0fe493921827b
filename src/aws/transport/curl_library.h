// libcurl, loaded at the first call to AWS: a process whose stores are all on this machine never loads it,
// nor the two dozen libraries that come with it (docs/adr/0007-libraries-on-demand.md).
#pragma once

#include <curl/curl.h>

#include "base/result.h"

// The functions that we call. Their types come from libcurl's header.
#define DOSSIER_CURL_FUNCTIONS(each)                                                                       \
  each(curl_global_init) each(curl_easy_init) each(curl_easy_cleanup) each(curl_easy_setopt)               \
      each(curl_easy_getinfo) each(curl_easy_pause) each(curl_easy_strerror) each(curl_slist_append)       \
          each(curl_slist_free_all) each(curl_multi_init) each(curl_multi_cleanup) each(curl_multi_setopt) \
              each(curl_multi_add_handle) each(curl_multi_remove_handle) each(curl_multi_info_read)        \
                  each(curl_multi_socket_action)

namespace dossier::aws {

struct curl_library {
#define DOSSIER_DECLARE(name) decltype(&::name) name = nullptr;  // NOLINT(bugprone-macro-parentheses)
  DOSSIER_CURL_FUNCTIONS(DOSSIER_DECLARE)
#undef DOSSIER_DECLARE
};

// Loads libcurl, once. Error: invalid, when that fails.
const base::result<curl_library>& load_libcurl();

// The loaded functions. Throws when loading failed, so code that makes a transport calls load_libcurl()
// first.
const curl_library& libcurl();

}  // namespace dossier::aws

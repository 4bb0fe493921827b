# One place for the language, the warnings and the sanitizers.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR "GCC ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines (temporaries in a "
                      "co_await expression are destroyed twice). Use clang 19, or GCC 13 and later.")
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # Hash paths relative to the clone, so that every clone and every preset shares the cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
      CCACHE_NOHASHDIR=1 ${CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wimplicit-fallthrough)
option(DOSSIER_WERROR "Warnings are errors" OFF)
if(DOSSIER_WERROR)
  add_compile_options(-Werror)
endif()

# What ./run serves: small, without what nobody calls.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG -ffunction-sections -fdata-sections")
option(DOSSIER_STRIP "Leave the symbols out of a release binary" ON)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_link_options(-Wl,--gc-sections -Wl,--as-needed)
  if(DOSSIER_STRIP)
    add_link_options(-Wl,--strip-all)
  endif()
endif()

set(DOSSIER_SANITIZE "" CACHE STRING "Sanitizers, as in address,undefined")
if(DOSSIER_SANITIZE)
  add_compile_options(-fsanitize=${DOSSIER_SANITIZE} -fno-omit-frame-pointer -gline-tables-only)
  add_link_options(-fsanitize=${DOSSIER_SANITIZE})
  if(DOSSIER_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()
if(DOSSIER_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

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
      CCACHE_NOHASHDIR=1 CCACHE_PCH_EXTSUM=1 CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

# Bounds and preconditions of the standard library, in every build.
add_compile_definitions(_GLIBCXX_ASSERTIONS)

add_compile_options(-Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wimplicit-fallthrough)
option(DOSSIER_WERROR "Warnings are errors" OFF)
if(DOSSIER_WERROR)
  add_compile_options(-Werror)
endif()

# The binary that ./run serves: small, without unused functions, and hard to exploit if it has a bug. A write past a
# buffer or over a return address ends the process; an indirect call can only land where a function begins; a variable
# that was not set holds zeros.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG -ffunction-sections -fdata-sections")
string(APPEND CMAKE_CXX_FLAGS_RELEASE
  " -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection"
  " -ftrivial-auto-var-init=zero")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  string(APPEND CMAKE_CXX_FLAGS_RELEASE " -fcf-protection=full")
endif()
option(DOSSIER_STRIP "Leave the symbols out of a release binary" ON)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_link_options(-Wl,--gc-sections -Wl,--as-needed -Wl,-z,relro,-z,now)
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
# The instrumentation that a fuzzer watches, for the code under test only: in the tests themselves it is useless and slow.
set(DOSSIER_WATCHED "")
if(DOSSIER_FUZZ)
  set(DOSSIER_WATCHED -fsanitize=fuzzer-no-link)
endif()
